from django.apps import AppConfig


class IdentityConfig(AppConfig):
    name = "anlan.identity"
    label = "identity"

    def ready(self) -> None:
        from anlan.identity import holders, receivers
        from anlan.kernel.guards import room_guards

        receivers.connect()
        room_guards.append(holders.guards)
