from django.apps import AppConfig


class SiteConfig(AppConfig):
    name = "anlan.site"
    label = "site"

    def ready(self) -> None:
        from anlan.site import idempotency  # noqa: F401 -- its duty registers itself
