from django.urls import path
from django.urls.resolvers import URLPattern

from anlan.risks.pages import map as risk_map

app_name = "risks"
urlpatterns: list[URLPattern] = [
    path("risks/map/", risk_map.page, name="map"),
    path("risks/map/tiles/<int:zoom>/<int:x>/<int:y>.mvt", risk_map.tile, name="tile"),
    path("risks/map/boundaries.json", risk_map.shapes, name="boundaries"),
]
