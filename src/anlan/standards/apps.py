from django.apps import AppConfig


class StandardsConfig(AppConfig):
    name = "anlan.standards"
    label = "standards"

    def ready(self) -> None:
        from anlan.kernel.guards import room_guards
        from anlan.standards import flow, guards  # noqa: F401 -- the flow registers itself with the kernel

        room_guards.append(guards.guards)
