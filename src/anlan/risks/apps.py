from django.apps import AppConfig


class RisksConfig(AppConfig):
    name = "anlan.risks"
    label = "risks"

    def ready(self) -> None:
        from anlan.kernel.duties import duty
        from anlan.kernel.guards import room_guards
        from anlan.risks import cells

        room_guards.append(cells.guards)
        duty("risk map", every=30)(cells.keep_map)
