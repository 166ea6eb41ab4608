from django.apps import AppConfig


class StandardsConfig(AppConfig):
    name = "anlan.standards"
    label = "standards"

    def ready(self) -> None:
        from anlan.kernel.guards import room_guards
        from anlan.standards import flow, guards, loading  # noqa: F401 -- flow and workbook register themselves

        room_guards.append(guards.guards)
