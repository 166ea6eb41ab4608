from django.apps import AppConfig


class IdentityConfig(AppConfig):
    name = "anlan.identity"
    label = "identity"

    def ready(self) -> None:
        from anlan.identity import receivers

        receivers.connect()
