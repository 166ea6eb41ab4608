from django.apps import AppConfig


class HazardsConfig(AppConfig):
    name = "anlan.hazards"
    label = "hazards"

    def ready(self) -> None:
        from anlan.hazards import commands, flow, search, tallying  # noqa: F401 -- they register themselves with the kernel
        from anlan.kernel.duties import duty
        from anlan.kernel.guards import room_guards

        room_guards.extend([tallying.guards, search.guards])
        duty("tallies", every=60)(tallying.fold_all)
