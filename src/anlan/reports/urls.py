"""Addresses of the reports' pages for officials, below /reports/."""

from django.urls import path

from anlan.reports.pages import listing, record, sealed, steps
from anlan.reports.pages.sorting_urls import sorting_urls

app_name = "reports"
urlpatterns = [
    *sorting_urls,
    path("", listing.listing, name="list"),
    path("export/", listing.export, name="export"),
    path("pick/<slug:kind>/", listing.pick, name="pick"),
    path("<uuid:report_id>/", record.record, name="record"),
    path("<uuid:report_id>/seal/", sealed.seal, name="seal"),
    path("<uuid:report_id>/steps/<slug:name>/", steps.step, name="step"),
]
