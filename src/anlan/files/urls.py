from django.urls import path

from anlan.files import pages

app_name = "files"
urlpatterns = [
    path("", pages.upload, name="upload"),
    path("<uuid:file_id>/<slug:kind>/", pages.show, name="show"),
]
