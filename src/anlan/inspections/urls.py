from django.urls import path
from django.urls.resolvers import URLPattern

from anlan.inspections.pages import draws

app_name = "inspections"
urlpatterns: list[URLPattern] = [
    path("draws/", draws.listing, name="draws"),
    path("draws/export/", draws.listing, name="draws-export"),
    path("draws/new/", draws.hold, name="hold-draw"),
    path("draws/<uuid:draw_id>/", draws.draw, name="draw"),
    path("draws/<uuid:draw_id>/visits/", draws.plan, name="plan-draw"),
    path("draws/<uuid:draw_id>/record/", draws.record, name="draw-record"),
]
