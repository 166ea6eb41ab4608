from django.apps import AppConfig


class IdentityConfig(AppConfig):
    name = "anlan.identity"
    label = "identity"
