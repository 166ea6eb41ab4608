from django.apps import AppConfig


class RisksConfig(AppConfig):
    name = "anlan.risks"
    label = "risks"
