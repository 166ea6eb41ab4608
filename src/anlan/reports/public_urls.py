"""Addresses that everybody may open: plaza, knowledge, Open311."""

from django.urls import include, path

from anlan.reports.knowledge import pages as knowledge
from anlan.reports.plaza import pages

app_name = "plaza"
urlpatterns = [
    path("plaza/", pages.listing, name="list"),
    path("plaza/map/", pages.on_the_map, name="map"),
    path("plaza/points.json", pages.points, name="points"),
    path("plaza/figures/", pages.figures, name="figures"),
    path("plaza/reading/", pages.reading, name="reading"),
    path("plaza/photos/<uuid:photo_id>/thumb/", pages.picture, {"kind": "thumb"}, name="thumb"),
    path("plaza/photos/<uuid:photo_id>/display/", pages.picture, {"kind": "display"}, name="picture"),
    path("plaza/<slug:number>/", pages.one, name="report"),
    path("knowledge/", knowledge.home, name="knowledge"),
    path("knowledge/help/<slug:code>/", knowledge.topic, name="topic"),
    path("knowledge/criteria/<slug:code>/", knowledge.criteria, name="criteria"),
    path("knowledge/laws/<slug:code>/", knowledge.law, name="law"),
    path("open311/", include("anlan.reports.open311.urls")),
]
