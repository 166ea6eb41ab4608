from django.urls.resolvers import URLPattern

app_name = "chain"
urlpatterns: list[URLPattern] = []
