from django.apps import AppConfig


class InspectionsConfig(AppConfig):
    name = "anlan.inspections"
    label = "inspections"

    def ready(self) -> None:
        from anlan.inspections import (  # noqa: F401 -- the table and the commands register themselves
            commands,
            flow,
        )
        from anlan.inspections.panels import visits_panel
        from anlan.registry.panels import register_panel

        register_panel("visits", 30, visits_panel)
