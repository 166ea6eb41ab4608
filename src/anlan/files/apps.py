from django.apps import AppConfig


class FilesConfig(AppConfig):
    name = "anlan.files"
    label = "files"

    def ready(self) -> None:
        from anlan.files import tus  # noqa: F401 -- its duty registers itself
        from anlan.files.checking import what_is_wrong
        from anlan.kernel.ledger.verify import file_checks

        file_checks.append(what_is_wrong)
