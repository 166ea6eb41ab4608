from django.urls import path

from anlan.standards.pages import criteria

app_name = "standards"
urlpatterns = [
    path("", criteria.criteria, name="criteria"),
    path("<slug:code>/", criteria.one, name="list"),
]
