from django.apps import AppConfig
from django.conf import settings


class SiteConfig(AppConfig):
    name = "anlan.site"
    label = "site"

    def ready(self) -> None:
        from anlan.site import idempotency, logs, plaza  # noqa: F401 -- the duty of the first and the tie of the last register themselves

        if settings.ANLAN_MODE != "test":
            logs.configure()
