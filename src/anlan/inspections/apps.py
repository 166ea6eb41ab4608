from django.apps import AppConfig


class InspectionsConfig(AppConfig):
    name = "anlan.inspections"
    label = "inspections"

    def ready(self) -> None:
        from anlan.inspections import (  # noqa: F401 -- the table, the commands and the duty register themselves
            commands,
            flow,
            self_check_commands,
            self_check_duty,
        )
        from anlan.inspections.panels import visits_panel
        from anlan.kernel.ledger.guard import subjects
        from anlan.registry.panels import register_panel

        register_panel("visits", 30, visits_panel)
        subjects["self_check"] = "inspections_selfcheck"
