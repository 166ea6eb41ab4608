from django.apps import AppConfig


class NotifyConfig(AppConfig):
    name = "anlan.notify"
    label = "notify"

    def ready(self) -> None:
        from anlan.kernel.duties import duty
        from anlan.notify.actions import purge_read

        duty("inbox", every=3600.0)(purge_read)
