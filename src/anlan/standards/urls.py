from django.urls import path

from anlan.standards import pages

app_name = "standards"
urlpatterns = [
    path("", pages.criteria, name="criteria"),
    path("<slug:code>/", pages.one, name="list"),
]
