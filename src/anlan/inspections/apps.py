from django.apps import AppConfig


class InspectionsConfig(AppConfig):
    name = "anlan.inspections"
    label = "inspections"

    def ready(self) -> None:
        from anlan.inspections import self_check_commands, self_check_duty  # noqa: F401 -- they register themselves
        from anlan.kernel.ledger.guard import subject_tables

        subject_tables["self_check"] = "inspections_selfcheck"
