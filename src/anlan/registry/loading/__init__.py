"""A workbook into the registry: read, judged, and loaded whole or not at all."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from anlan.kernel import scope
from anlan.kernel.actor import Actor
from anlan.kernel.exchange.report import Report
from anlan.registry.loading.enterprises import EnterpriseLoading
from anlan.registry.loading.organisations import OrganisationLoading
from anlan.registry.loading.people import PeopleLoading
from anlan.registry.loading.small import SmallLoading

KINDS: dict[str, type[EnterpriseLoading | SmallLoading]] = {
    "enterprises": EnterpriseLoading,
    "organisations": OrganisationLoading,
    "people": PeopleLoading,
}


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """`counts` is empty unless everything was loaded."""

    report: Report
    counts: dict[str, int] = field(default_factory=dict)


def run(
    *,
    actor: Actor,
    kind: str,
    path: Path,
    write: bool,
    progress: Callable[[int], None] = lambda _done: None,
    settle: Callable[[Outcome], None] = lambda _outcome: None,
) -> Outcome:
    """
    Read the file, then judge and (when `write` and nothing is wrong) load it in one transaction of the actor, in
    which `settle` writes what is to be remembered of it. `progress` is called with the rows read so far.
    """
    with KINDS[kind](actor) as loading:
        report = loading.read(path, progress)
        with scope.acting(actor):
            loading.check(report)
            report.faults.sort(key=lambda fault: (fault.row, fault.index))
            outcome = Outcome(report=report, counts=loading.write() if write and report.ok else {})
            settle(outcome)
    return outcome
