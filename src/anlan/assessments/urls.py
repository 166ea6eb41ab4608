"""Addresses of the assessments' pages, below /assessments/."""

from django.urls import path

from anlan.assessments.pages import cards, listing, record, rounds

app_name = "assessments"
urlpatterns = [
    path("", listing.listing, name="list"),
    path("cards/", cards.listing, name="cards"),
    path("cards/new/", cards.new, name="new-card"),
    path("cards/examples/<slug:code>/", cards.example, name="example"),
    path("cards/<uuid:score_card_id>/", cards.one, name="card"),
    path("cards/<uuid:score_card_id>/file/", cards.fetch, name="card-file"),
    path("open/", rounds.open_year, name="open"),
    path("rounds/<uuid:assessment_round_id>/", rounds.one, name="round"),
    path("rounds/<uuid:assessment_round_id>/publish/", rounds.publish, name="publish"),
    path("rounds/<uuid:assessment_round_id>/export/", rounds.export, name="export"),
    path("rounds/<uuid:assessment_round_id>/paper.<slug:kind>", rounds.paper, name="paper"),
    path("<uuid:assessment_id>/", record.record, name="record"),
    path("<uuid:assessment_id>/items/<slug:name>/<slug:code>/", record.item, name="item"),
    path("<uuid:assessment_id>/rows/<slug:measure>/", record.rows, name="rows"),
    path("<uuid:assessment_id>/steps/<slug:name>/", record.step, name="step"),
]
