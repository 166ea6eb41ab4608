"""Where everything is found."""

from django.urls import include, path

from anlan.site import views

urlpatterns = [
    path("healthz", views.healthz),
    path("readyz", views.readyz),
    path("i18n/", include("django.conf.urls.i18n")),
]

handler400 = views.bad_request
handler403 = views.refused
handler404 = views.not_found
handler500 = views.broken
