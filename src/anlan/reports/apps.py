from django.apps import AppConfig


class ReportsConfig(AppConfig):
    name = "anlan.reports"
    label = "reports"

    def ready(self) -> None:
        from anlan.registry.panels import register_panel
        from anlan.reports import flow, keeping, receivers  # noqa: F401 -- the table, the duty and the ears register themselves
        from anlan.reports.panels import reports_panel
        from anlan.reports.sorting import jobs, rulings  # noqa: F401 -- so do what is learnt, looked at outside, and its settings

        register_panel("reports", 40, reports_panel)

        self._open_the_plaza()

    @staticmethod
    def _open_the_plaza() -> None:
        from anlan.kernel.duties import duty
        from anlan.kernel.guards import room_guards
        from anlan.reports import search
        from anlan.reports.plaza import figures
        from anlan.reports.plaza import keeping as plaza

        room_guards.extend([plaza.guards, search.guards])
        duty("plaza", every=30)(plaza.fold_changes)
        duty("figures", every=600)(figures.keep_figures)
