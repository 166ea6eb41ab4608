from django.apps import AppConfig


class StandardsConfig(AppConfig):
    name = "anlan.standards"
    label = "standards"
