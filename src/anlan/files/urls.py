from django.urls import path

from anlan.files import pages

app_name = "files"
urlpatterns = [
    path("", pages.upload, name="upload"),
    path("lent/<str:token>.jpg", pages.lent, name="lent"),
    path("<uuid:file_id>/picture/", pages.stand_in, name="picture"),
    path("<uuid:file_id>/<slug:kind>/", pages.show, name="show"),
]
