from django.apps import AppConfig


class ExpertsConfig(AppConfig):
    name = "anlan.experts"
    label = "experts"
