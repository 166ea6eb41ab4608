"""Addresses of the room's pages, below /instruments/."""

from django.urls import path

from anlan.enforcement.pages import cases, documents, organs, record
from anlan.enforcement.pages.desk_urls import desk_urls

app_name = "enforcement"
urlpatterns = [
    *desk_urls,
    path("organs/", organs.organs, name="organs"),
    path("organs/<uuid:organisation_id>/", organs.organ, name="organ"),
    path("cases/", cases.listing, name="cases"),
    path("cases/<uuid:case_id>/", cases.case, name="case"),
    path("cases/<uuid:case_id>/steps/<slug:name>/", cases.step, name="case-step"),
    path("<uuid:instrument_id>/", record.record, name="record"),
    path("<uuid:instrument_id>/document.<slug:form>", documents.document, name="document"),
    path("<uuid:instrument_id>/steps/<slug:name>/", record.step, name="step"),
]
