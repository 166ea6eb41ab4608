from django.urls import path

from anlan.standards.pages import criteria

app_name = "standards"
urlpatterns = [
    path("", criteria.criteria, name="criteria"),
    path("find/", criteria.find, name="find"),
    path("<slug:code>/", criteria.one, name="list"),
]
