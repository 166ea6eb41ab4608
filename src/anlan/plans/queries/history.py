"""Who changed an item when, from what to what, with which evidence: its rows of progress beside its entries in the ledger."""

from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

from anlan.files.models import File
from anlan.kernel.ledger.read import Act, acts
from anlan.plans.models import PlanItem
from anlan.plans.queries.items import progress_of


@dataclass(frozen=True, kw_only=True)
class Change:
    """One move. `before` values are those of the row before it, None at the beginning."""

    at: datetime
    act: Act | None
    name: str
    state: str
    words: str
    share: int
    share_before: int | None
    achieved: Decimal | None
    achieved_before: Decimal | None
    due: date | None
    due_before: date | None
    corrects: bool = False
    files: list[File] = field(default_factory=list)

    @property
    def moved_figure(self) -> bool:
        return self.share_before is not None and (self.share, self.achieved) != (
            self.share_before,
            self.achieved_before,
        )

    @property
    def moved_day(self) -> bool:
        return self.share_before is not None and self.due != self.due_before


def changes_of(item: PlanItem) -> list[Change]:
    """Oldest first."""
    at = {one.at: one for one in acts(item.pk)}
    shown = {one.sha256: one for one in File.objects.filter(subject_type="plan_item", subject_id=item.pk)}
    found: list[Change] = []
    for row in progress_of(item):
        act = at.get(row.at)
        last = found[-1] if found else None
        found.append(
            Change(
                at=row.at,
                act=act,
                name=row.name,
                state=row.state,
                words=row.words,
                share=row.share,
                share_before=last.share if last else None,
                achieved=row.achieved,
                achieved_before=last.achieved if last else None,
                due=row.due,
                due_before=last.due if last else None,
                corrects=bool(act and act.data.get("corrects")),
                files=[shown[digest] for digest in act.files if digest in shown] if act else [],
            )
        )
    return found
