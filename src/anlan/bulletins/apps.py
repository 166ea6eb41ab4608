from django.apps import AppConfig


class BulletinsConfig(AppConfig):
    name = "anlan.bulletins"
    label = "bulletins"

    def ready(self) -> None:
        from anlan.bulletins import flow  # noqa: F401 -- the table registers itself
