from django.apps import AppConfig


class ChainConfig(AppConfig):
    name = "anlan.chain"
    label = "chain"

    def ready(self) -> None:
        from anlan.chain import guards, loading, panel, receivers, rulings  # noqa: F401 -- settings, import and ears register themselves
        from anlan.kernel.guards import room_guards
        from anlan.registry.panels import register_panel

        room_guards.append(guards.guards)
        register_panel("chain", 40, panel.render)
