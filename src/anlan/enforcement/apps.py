from django.apps import AppConfig


class EnforcementConfig(AppConfig):
    name = "anlan.enforcement"
    label = "enforcement"

    def ready(self) -> None:
        from anlan.enforcement import (  # noqa: F401 -- tables of steps, ears, cards and templates register themselves
            case_flow,
            flow,
            guards,
            owned,
            panels,
            receivers,
        )
        from anlan.kernel.guards import room_guards
        from anlan.registry.panels import register_panel

        register_panel("instruments", 25, panels.enterprise_panel)
        room_guards.append(guards.guards)
