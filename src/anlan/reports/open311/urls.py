"""Addresses below /open311/, as the specification writes them."""

from django.urls import re_path

from anlan.reports.open311 import pages

KIND = r"\.(?P<kind>json|xml)$"
urlpatterns = [
    re_path(rf"^(?:v2/)?discovery{KIND}", pages.discovery, name="open311-discovery"),
    re_path(rf"^v2/services{KIND}", pages.service_list, name="open311-services"),
    re_path(rf"^v2/services/(?P<code>[A-Za-z0-9_.-]{{1,30}}){KIND}", pages.service_definition, name="open311-service"),
    re_path(rf"^v2/requests{KIND}", pages.service_requests, name="open311-requests"),
    re_path(rf"^v2/requests/(?P<number>[A-Za-z0-9-]{{1,40}}){KIND}", pages.service_request, name="open311-request"),
    re_path(rf"^v2/tokens/(?P<token>[A-Za-z0-9-]{{1,60}}){KIND}", pages.token, name="open311-token"),
]
