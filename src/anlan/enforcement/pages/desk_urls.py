"""Addresses of the lists and of drafting, below /enforcement/."""

from django.urls import path

from anlan.enforcement.pages import alerts, drafting, listing, templates

desk_urls = [
    path("", listing.listing, name="list"),
    path("export/", listing.export, name="export"),
    path("alerts/", alerts.listing, name="alerts"),
    path("new/", drafting.new, name="new"),
    path("pick/<slug:kind>/", drafting.pick, name="pick"),
    path("templates/", templates.listing, name="templates"),
    path("templates/<slug:kind>/", templates.one, name="template"),
    path("templates/<slug:kind>/shipped/", templates.shipped, name="template-shipped"),
    path("templates/<slug:kind>/own/", templates.own, name="template-own"),
    path("templates/<slug:kind>/remove/", templates.remove, name="template-remove"),
]
