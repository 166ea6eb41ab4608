"""Learning: from a territory's own settled reports, as they were handled in the end and not as they were first guessed."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.utils.translation import gettext_lazy as _

from anlan.identity import roles
from anlan.identity.models import Region
from anlan.kernel import clock, scope
from anlan.kernel.actor import SYSTEM, Actor
from anlan.kernel.codes import subtree
from anlan.kernel.errors import Forbidden, NotNow
from anlan.kernel.ids import new_id
from anlan.kernel.ledger.write import write_note
from anlan.kernel.turns import one_at_a_time
from anlan.reports.models import Learnt, Report
from anlan.reports.sorting import rulings
from anlan.reports.sorting.learning.grams import Told, told_lines
from anlan.reports.sorting.learning.measuring import measure
from anlan.reports.sorting.learning.model import fit

SETTLED = ("handled", "reviewed", "answered")
SPEAK = ("verified", "unfounded")
"""Outcomes of reports that somebody went to look at: what was a duplicate or no matter of safety teaches no unit."""
MOST = 20_000
"""The newest; what the city did years ago is not what it does."""
LEARNT_FROM, TUNED_ON = 0.7, 0.1
"""Oldest first: it learns from these, settles its confidence on the next, and is measured on the rest."""
FEWEST = 6
"""Examples of one label; rarer ones are not learnt, and count as errors where they are answered."""
KEPT = 6


@dataclass(frozen=True, kw_only=True)
class Example:
    told: Told
    label: str


def may_learn(actor: Actor, region: int) -> bool:
    if actor.is_system:
        return True
    return actor.role in (roles.DISPATCHER, roles.OFFICE, roles.SYSTEM_ADMIN) and actor.covers(region)


def examples(region: int, target: str) -> list[Example]:
    """What a territory settled, oldest first. Call it where the reports can be seen."""
    low, high = subtree(region)
    rows = Report.objects.filter(region__gte=low, region__lt=high, state__in=SETTLED, outcome__in=SPEAK)
    rows = rows.exclude(words="").filter(**{f"{target}__isnull": False}).order_by("-reported_at", "-id")
    facts = rows.values_list("words", "address", "region", "category_id", "unit_id")[:MOST]
    found = []
    for words, address, place, category, unit in facts:
        if target == "category":
            found.append(Example(told=Told(words=words, address=address, region=place), label=category))
        else:
            told = Told(words=words, address=address, region=place, category=category or "")
            found.append(Example(told=told, label=str(unit)))
    return found[::-1]


def learn(*, actor: Actor, region: int, target: str) -> Learnt:
    """
    Learn one target anew and keep what it reached. Raises NotNow when there is too little to learn from.

    It is measured as it will be used: with the weights as they are kept, on the newest reports, which it has not seen.
    """
    if not may_learn(actor, region):
        raise Forbidden
    one_at_a_time(f"learn {region} {target}")
    with scope.elevated("learning counts how reports were settled; it shows none of them"):
        given = examples(region, target)
    least = rulings.least(region)
    if len(given) < least:
        raise NotNow(
            _("There are %(n)s settled reports; from %(least)s on there is something to learn."),
            n=len(given),
            least=least,
            code="learnt.too_few",
        )
    made = _made(given)
    row = Learnt(id=new_id(), region=region, target=target, at=clock.now(), **made)
    row.save()
    forget_old(region, target)
    write_note(
        actor=actor,
        subject_type="learnt",
        subject_id=row.pk,
        step="learn",
        data={
            "target": target,
            "trained_on": row.trained_on,
            "held_out": row.held_out,
            "right": str(row.figures["right"]),
        },
        region=region,
    )
    return row


def _made(given: list[Example]) -> dict[str, Any]:
    first, second = round(len(given) * LEARNT_FROM), round(len(given) * (LEARNT_FROM + TUNED_ON))
    taught, tune, held = given[:first], given[first:second], given[second:]
    counts: dict[str, int] = {}
    for one in taught:
        counts[one.label] = counts.get(one.label, 0) + 1
    taught = [one for one in taught if counts[one.label] >= FEWEST]
    if len({one.label for one in taught}) < 2:
        raise NotNow(_("All settled reports are of one kind: there is nothing to tell apart."), code="learnt.one_kind")
    model = fit(
        told_lines([one.told for one in taught]),
        [one.label for one in taught],
        told_lines([one.told for one in tune]),
        [one.label for one in tune],
    )
    return {
        "weights": model.pack(),
        "labels": list(model.labels),
        "trained_on": len(taught) + len(tune),
        "held_out": len(held),
        "figures": measure(model, told_lines([one.told for one in held]), [one.label for one in held]),
    }


def forget_old(region: int, target: str) -> None:
    """Some are kept, so that one sees whether it grew better."""
    with scope.elevated("old lessons of the same territory"):
        rows = Learnt.objects.filter(region=region, target=target).order_by("-at").values_list("pk", flat=True)
        Learnt.objects.filter(pk__in=list(rows[KEPT:])).delete()


def learn_all(*, actor: Actor, region: int) -> dict[str, Learnt | NotNow]:
    """Both targets, each by itself: too few units learnt is no reason to learn no categories."""
    found: dict[str, Learnt | NotNow] = {}
    for target, _label in Learnt.TARGETS:
        try:
            found[target] = learn(actor=actor, region=region, target=target)
        except NotNow as problem:
            found[target] = problem
    return found


def due() -> list[int]:
    """The cities and counties whose lesson is older than their setting, or who have none yet and enough to learn from."""
    now = clock.now()
    found = []
    with scope.acting(SYSTEM):
        places = Region.objects.filter(level__in=("city", "county"), valid_to=None).values_list("code", flat=True)
        last = dict(Learnt.objects.order_by("at").values_list("region", "at"))  # the newest comes last
        for region in places:
            since = last.get(region)
            if since is not None and now - since < timedelta(days=rulings.days(region)):
                continue
            low, high = subtree(region)
            settled = Report.objects.filter(
                region__gte=low, region__lt=high, state__in=SETTLED, outcome__in=SPEAK, category__isnull=False
            )
            if since is not None:
                settled = settled.filter(state_since__gt=since)  # nothing new, nothing to learn
                enough = 1
            else:
                enough = rulings.least(region)
            if settled.values("pk").order_by()[:enough].count() >= enough:
                found.append(region)
    return found
