from django.urls import path
from django.urls.resolvers import URLPattern

from anlan.inspections.pages import self_check, self_check_lists

app_name = "inspections"
urlpatterns: list[URLPattern] = [
    path("self-checks/", self_check_lists.listing, name="self-checks"),
    path("self-checks/of/<uuid:enterprise_id>/", self_check.of_enterprise, name="self-checks-of"),
    path("self-checks/of/<uuid:enterprise_id>/export/", self_check_lists.export, name="self-checks-export"),
    path("self-checks/of/<uuid:enterprise_id>/archive/", self_check_lists.archive, name="self-checks-archive"),
    path("self-checks/of/<uuid:enterprise_id>/begin/<slug:cycle>/", self_check.begin, name="self-check-begin"),
    path("self-checks/of/<uuid:enterprise_id>/<slug:cycle>/<slug:period>/", self_check.do, name="self-check-do"),
    path("self-checks/plans/<uuid:plan_id>/end/", self_check.end, name="self-check-end"),
    path("self-checks/<uuid:check_id>/", self_check.record, name="self-check"),
    path("self-checks/<uuid:check_id>/excuse/", self_check.excuse, name="self-check-excuse"),
]
