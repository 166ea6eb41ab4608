from django.apps import AppConfig


class FilesConfig(AppConfig):
    name = "anlan.files"
    label = "files"
