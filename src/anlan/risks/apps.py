from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class RisksConfig(AppConfig):
    name = "anlan.risks"
    label = "risks"

    def ready(self) -> None:
        from anlan.kernel.duties import duty
        from anlan.kernel.guards import room_guards
        from anlan.kernel.ledger.guard import subjects
        from anlan.registry.kinds import ImportKind, register_import
        from anlan.registry.panels import register_panel
        from anlan.registry.points import risk_points_by
        from anlan.risks import cells, receivers, reminding, rules, search, workbook  # noqa: F401 -- the ears register themselves
        from anlan.risks.loading import RiskPointLoading
        from anlan.risks.naming import PointKeeper
        from anlan.risks.pages.record import enterprise_panel

        subjects["risk_point"] = "risks_riskpoint"
        room_guards.extend([search.guards, cells.guards])
        register_panel("risks", 20, enterprise_panel)
        risk_points_by(PointKeeper())
        duty("risk map", every=30)(cells.keep_map)
        duty("risk-reminders", every=reminding.EVERY)(reminding.remind)
        register_import(
            ImportKind(
                name="risk_points",
                label=_("Risk points"),
                importers=rules.IMPORTERS,
                loading=RiskPointLoading,
                spec=workbook.book,
                choices=workbook.template_choices,
                reading=workbook.reading_choices,
                counted={"points": _("Risk points"), "sources": _("Hazard sources"), "controls": _("Controls")},
            )
        )
