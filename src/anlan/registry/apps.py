from django.apps import AppConfig


class RegistryConfig(AppConfig):
    name = "anlan.registry"
    label = "registry"
