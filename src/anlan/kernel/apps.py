from django.apps import AppConfig


class KernelConfig(AppConfig):
    name = "anlan.kernel"
    label = "kernel"

    def ready(self) -> None:
        from anlan.kernel.duties import duty
        from anlan.kernel.flow.clockwork import tick
        from anlan.kernel.ledger.sequencer import seal, witness_quiet_log

        duty("sequencer", every=1.0)(seal)
        duty("witness", every=600.0)(witness_quiet_log)
        duty("clock", every=15.0)(tick)
