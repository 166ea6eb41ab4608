from django.apps import AppConfig


class ChannelsConfig(AppConfig):
    name = "anlan.channels"
    label = "channels"

    def ready(self) -> None:
        from anlan.channels import outgoing  # noqa: F401 -- its duty registers itself
