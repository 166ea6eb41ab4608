from django.apps import AppConfig


class InspectionsConfig(AppConfig):
    name = "anlan.inspections"
    label = "inspections"

    def ready(self) -> None:
        from anlan.inspections import (  # noqa: F401 -- the table, the commands, the ears and the duty register themselves
            commands,
            flow,
            receivers,
            self_check_commands,
            self_check_duty,
            self_check_months,
        )
        from anlan.inspections.panels import visits_panel
        from anlan.kernel.guards import room_guards
        from anlan.kernel.ledger.guard import subjects
        from anlan.registry.panels import register_panel

        room_guards.append(self_check_months.guards)
        register_panel("visits", 30, visits_panel)
        subjects["self_check"] = "inspections_selfcheck"
