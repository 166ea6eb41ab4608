from django.apps import AppConfig


class HazardsConfig(AppConfig):
    name = "anlan.hazards"
    label = "hazards"

    def ready(self) -> None:
        from anlan.experts.queries import standing_by
        from anlan.hazards import categories, citizens, commands, flow, plaza, receivers, search, tallying  # noqa: F401 -- the table and the ears register themselves
        from anlan.hazards.panels import risk_point_panel
        from anlan.hazards.queries.standing import standings
        from anlan.kernel.duties import duty
        from anlan.kernel.guards import room_guards
        from anlan.risks.panels import register_panel
        from anlan.standards.categories import name_categories_by

        room_guards.extend([tallying.guards, search.guards, plaza.guards])
        duty("tallies", every=60)(tallying.fold_all)
        register_panel("hazards", 10, risk_point_panel)
        standing_by(standings)
        name_categories_by(categories.categories)
