from django.apps import AppConfig


class RegistryConfig(AppConfig):
    name = "anlan.registry"
    label = "registry"

    def ready(self) -> None:
        from anlan.kernel.guards import room_guards
        from anlan.registry import search

        room_guards.append(search.guards)
