from django.urls.resolvers import URLPattern

app_name = "experts"
urlpatterns: list[URLPattern] = []
