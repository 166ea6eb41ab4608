from django.apps import AppConfig


class HazardsConfig(AppConfig):
    name = "anlan.hazards"
    label = "hazards"

    def ready(self) -> None:
        from anlan.hazards import (  # noqa: F401 -- the table and the ears register themselves
            categories,
            flow,
            receivers,
            search,
            tallying,
        )
        from anlan.kernel.duties import duty
        from anlan.kernel.guards import room_guards
        from anlan.standards.categories import name_categories_by

        room_guards.extend([tallying.guards, search.guards])
        duty("tallies", every=60)(tallying.fold_all)
        name_categories_by(categories.categories)
