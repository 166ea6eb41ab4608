from django.apps import AppConfig


class NotifyConfig(AppConfig):
    name = "anlan.notify"
    label = "notify"
