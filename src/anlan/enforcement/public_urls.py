"""Addresses that everybody may open, below /notices/."""

from django.urls import path

from anlan.enforcement.pages import notices

app_name = "notices"
urlpatterns = [
    path("", notices.listing, name="list"),
    path("<slug:code>/", notices.one, name="one"),
]
