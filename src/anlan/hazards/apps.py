from django.apps import AppConfig


class HazardsConfig(AppConfig):
    name = "anlan.hazards"
    label = "hazards"

    def ready(self) -> None:
        from anlan.hazards import flow, search, tallying  # noqa: F401 -- the table registers itself with the kernel
        from anlan.hazards.panels import risk_point_panel
        from anlan.kernel.duties import duty
        from anlan.kernel.guards import room_guards
        from anlan.risks.panels import register_panel

        room_guards.extend([tallying.guards, search.guards])
        register_panel("hazards", 10, risk_point_panel)
        duty("tallies", every=60)(tallying.fold_all)
