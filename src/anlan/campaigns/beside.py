"""What a return is checked against: its own last month, the units below it, the platform's records."""

from collections import Counter
from datetime import timedelta
from typing import Any

from anlan.campaigns.models import Return
from anlan.campaigns.returns.counting import Asked, counters, facts
from anlan.campaigns.returns.kept import Beside, figures_of
from anlan.campaigns.states import COUNTED
from anlan.campaigns.versions import checker_for
from anlan.identity.models import Organisation
from anlan.kernel import scope


def beside(record: Return) -> Beside:
    """Looked up with all rows in sight, for a count is of the city's records and not of what its clerk may see."""
    template = checker_for(record.template_id).template
    with scope.elevated("a return is checked against the figures that count into it"):
        return Beside(
            last=_last(record),
            below=_below(record),
            counted=_known({cell.name: cell.element.counted for cell in template.cells.values() if cell.element.counted and not cell.member}, counters, record),
            known=_known({one.code: one.code for one in template.facts}, facts, record),
        )  # fmt: skip


def _last(record: Return) -> dict[str, int]:
    before = (record.month - timedelta(days=1)).replace(day=1)
    rows = Return.objects.filter(campaign_id=record.campaign_id, unit_id=record.unit_id, month=before)
    row = rows.filter(state__in=COUNTED).first()
    return figures_of(checker_for(row.template_id).template, row.values) if row else {}


def _below(record: Return) -> dict[str, int]:
    rows = Return.objects.filter(campaign_id=record.campaign_id, reviewer_id=record.unit_id, month=record.month)
    total: Counter[str] = Counter()
    found = False
    for template, values in rows.filter(state__in=COUNTED).values_list("template_id", "values"):
        found = True
        for name, figure in figures_of(checker_for(template).template, values).items():
            total[name] += figure
    return dict(total) if found else {}


def _known(wanted: dict[str, str], registered: dict[str, Any], record: Return) -> dict[str, Any]:
    asked = asked_of(record)
    found = {name: registered[key](asked) for name, key in wanted.items() if key in registered}
    return {name: value for name, value in found.items() if value is not None}


def asked_of(record: Return) -> Asked:
    """A district answers for all fields of its territory, a department for its own."""
    mask = Organisation.objects.values_list("industries", flat=True).get(pk=record.unit_id)
    return Asked(
        campaign=record.campaign_id,
        unit=record.unit_id,
        region=record.region,
        industries=-1 if record.filler == "district" or not mask else mask,
        month=record.month,
    )
