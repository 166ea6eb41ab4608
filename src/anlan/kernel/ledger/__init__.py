"""The ledger: written in the transaction of every act, sealed by the sequencer, proved by anybody."""

from typing import Any


def __getattr__(name: str) -> Any:
    """The door for operators, opened when asked for: it needs Django's models, the package itself must not."""
    if name in ("after_restore", "verify_ledger"):
        from anlan.kernel.ledger import restore, verify

        return {"after_restore": restore.after_restore, "verify_ledger": verify.verify_ledger}[name]
    raise AttributeError(name)
