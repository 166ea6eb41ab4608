from django.apps import AppConfig


class DirectivesConfig(AppConfig):
    name = "anlan.directives"
    label = "directives"

    def ready(self) -> None:
        from anlan.directives import flow  # noqa: F401 -- the table registers itself
        from anlan.directives.actions import open_recurring
        from anlan.kernel.duties import duty
        from anlan.kernel.ledger.guard import subjects

        subjects["directive"] = "directives_directive"
        subjects["directive_intake"] = "directives_intake"
        subjects["digest"] = "directives_digest"
        duty("recurring_tasks", every=600)(open_recurring)
