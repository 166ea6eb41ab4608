from django.apps import AppConfig


class PlansConfig(AppConfig):
    name = "anlan.plans"
    label = "plans"

    def ready(self) -> None:
        from anlan.kernel.ledger.guard import subjects
        from anlan.plans import flow, loading  # noqa: F401 -- the table and the imports register themselves

        subjects["plan"] = "plans_plan"
        subjects["sub_plan"] = "plans_subplan"
