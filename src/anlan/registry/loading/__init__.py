"""A workbook into the registry: read, judged, and loaded whole or not at all."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from django.utils.translation import gettext_lazy as _

from anlan.identity import roles
from anlan.kernel import scope
from anlan.kernel.actor import Actor
from anlan.kernel.exchange.report import Report
from anlan.registry import workbooks
from anlan.registry.kinds import ImportKind, kinds, register_import
from anlan.registry.loading.enterprises import EnterpriseLoading
from anlan.registry.loading.organisations import OrganisationLoading
from anlan.registry.loading.people import PeopleLoading

for _kind in (
    ImportKind(
        name="enterprises",
        label=_("Enterprises"),
        importers=frozenset({roles.OFFICE, roles.REGULATOR}),
        loading=EnterpriseLoading,
        spec=workbooks.enterprises_book,
        counted={"enterprises": _("Enterprises")},
    ),
    ImportKind(
        name="organisations",
        label=_("Organisations"),
        importers=frozenset({roles.SYSTEM_ADMIN}),
        loading=OrganisationLoading,
        spec=workbooks.organisations_book,
        counted={"organisations": _("Organisations"), "unchanged": _("There already")},
    ),
    ImportKind(
        name="people",
        label=_("People and posts"),
        importers=frozenset({roles.SECURITY_ADMIN}),
        loading=PeopleLoading,
        spec=workbooks.people_book,
        counted={"people": _("New accounts"), "posts": _("Posts given"), "unchanged": _("There already")},
    ),
):
    register_import(_kind)


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
    with kinds[kind].loading(actor) as loading:
        report = loading.read(path, progress)
        with scope.acting(actor):
            loading.check(report)
            report.faults.sort(key=lambda fault: (fault.row, fault.index))
            outcome = Outcome(report=report, counts=loading.write() if write and report.ok else {})
            settle(outcome)
    return outcome
