from django.apps import AppConfig


class RewardsConfig(AppConfig):
    name = "anlan.rewards"
    label = "rewards"

    def ready(self) -> None:
        from importlib import import_module
        from importlib.util import find_spec

        from anlan.kernel.duties import duty
        from anlan.rewards import flow, panels, receivers  # noqa: F401 -- table, card and ears register themselves
        from anlan.rewards.actions import look_after, reconcile_yesterday
        from anlan.rewards.queries import paid_by_day

        duty("bills", every=20)(look_after)
        duty("reconciliation", every=900)(reconcile_yesterday)
        if find_spec("anlan.reports.plaza"):
            import_module("anlan.reports.plaza.figures").rewards_by(paid_by_day)
