from django.apps import AppConfig


class IdentityConfig(AppConfig):
    name = "anlan.identity"
    label = "identity"

    def ready(self) -> None:
        from anlan.identity import citizens, holders, proofs, receivers  # noqa: F401 -- duties register themselves
        from anlan.kernel.guards import room_guards

        receivers.connect()
        room_guards.append(holders.guards)
