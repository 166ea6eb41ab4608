from django.apps import AppConfig


class FilesConfig(AppConfig):
    name = "anlan.files"
    label = "files"

    def ready(self) -> None:
        from anlan.files import drawing, receivers, tus  # noqa: F401 -- hearers and duties register themselves
        from anlan.files.checking import what_is_wrong
        from anlan.kernel.ledger.verify import file_checks

        file_checks.append(what_is_wrong)
