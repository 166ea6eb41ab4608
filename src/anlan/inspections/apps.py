from django.apps import AppConfig


class InspectionsConfig(AppConfig):
    name = "anlan.inspections"
    label = "inspections"
