from django.apps import AppConfig


class ChainConfig(AppConfig):
    name = "anlan.chain"
    label = "chain"
