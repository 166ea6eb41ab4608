from django.urls import path

from anlan.notify import pages

app_name = "notify"
urlpatterns = [
    path("", pages.inbox, name="inbox"),
    path("read/", pages.read, name="read"),
    path("<uuid:message_id>/", pages.open_message, name="open"),
]
