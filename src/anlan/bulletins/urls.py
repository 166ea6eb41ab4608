"""Addresses of the bulletins' pages, below /bulletins/."""

from django.urls import path

from anlan.bulletins.pages import listing, parts, record

app_name = "bulletins"
urlpatterns = [
    path("", listing.listing, name="list"),
    path("new/", listing.new, name="new"),
    path("<uuid:bulletin_id>/", record.record, name="record"),
    path("<uuid:bulletin_id>/steps/<slug:name>/", record.step, name="step"),
    path("<uuid:bulletin_id>/write/", parts.write, name="write"),
    path("<uuid:bulletin_id>/sections/<slug:code>/", parts.section, name="section"),
    path("<uuid:bulletin_id>/figures/", parts.figures, name="figures"),
    path("<uuid:bulletin_id>/figures/<slug:code>/", parts.figure, name="figure"),
    path("<uuid:bulletin_id>/paper.<slug:kind>", parts.paper, name="paper"),
    path("<uuid:bulletin_id>/seal/", parts.check_seal, name="seal"),
]
