from django.apps import AppConfig


class HazardsConfig(AppConfig):
    name = "anlan.hazards"
    label = "hazards"

    def ready(self) -> None:
        from anlan.hazards import flow  # noqa: F401 -- the table registers itself with the kernel
