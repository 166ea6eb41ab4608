from django.apps import AppConfig


class RegistryConfig(AppConfig):
    name = "anlan.registry"
    label = "registry"

    def ready(self) -> None:
        from anlan.identity.industries import name_industries_by
        from anlan.kernel.duties import duty
        from anlan.kernel.guards import room_guards
        from anlan.registry import loading, search, tidying  # noqa: F401 -- the kinds of workbooks register themselves
        from anlan.registry.queries.places import industry_bits

        room_guards.append(search.guards)
        duty("workbooks", every=3600)(tidying.tidy)
        name_industries_by(industry_bits)
