from django.apps import AppConfig


class AssessmentsConfig(AppConfig):
    name = "anlan.assessments"
    label = "assessments"

    def ready(self) -> None:
        from anlan.assessments import flow, measures  # noqa: F401 -- the table and the measures register themselves
