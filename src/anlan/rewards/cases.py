"""From a report and its seal to what the computation needs: looked up beyond any scope, handed on without a name."""

from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet, Sum

from anlan.hazards.models import Hazard
from anlan.identity.acting import in_office
from anlan.identity.models import Citizen, Post
from anlan.identity.roles import INTAKE, OFFICIALS
from anlan.kernel import clock, scope
from anlan.kernel.codes import ancestors
from anlan.kernel.turns import one_at_a_time
from anlan.reports.models import Report, Seal
from anlan.rewards import rulings
from anlan.rewards.computing import Case, Computation, Rule, compute
from anlan.rewards.models import Reward, RewardRule
from anlan.rewards.needs import Stated
from anlan.rewards.states import EARNED, TAKEN


def seal_for(report: Report) -> Seal | None:
    """Whose reward it is: of the first report, the first signatory."""
    with scope.elevated("a reward goes to the first reporter, whom nobody else may know"):
        return Seal.objects.filter(report=report, first=True).order_by("place", "at", "id").first()


def computed(report: Report, seal: UUID, stated: Stated, *, at: datetime, but: UUID | None = None) -> Computation:
    """
    The computation of a reward, caps counted with everything the same person earned, except the reward `but` itself, in the
    month and year of `at`: those in which it was proposed, whenever it is computed again.

    Two computations for one person wait for each other until their transactions end.
    """
    with scope.elevated(
        "caps and exclusions are looked at beyond what the post may see; what is handed on names nobody"
    ):
        sealed = Seal.objects.get(pk=seal)
        if sealed.person_id:
            one_at_a_time(f"rewards of {_identity(sealed.person_id)}")
        case = _case(report, sealed, stated, clock.day_of(at), but)
        rules = [_rule(row) for row in RewardRule.objects.filter(from_day__lte=case.day)]
    return compute(case, rules, rulings.limits(report.region))


def _case(report: Report, seal: Seal, stated: Stated, day: date, but: UUID | None) -> Case:
    hazard = Hazard.objects.filter(pk=report.hazard_id).first() if report.hazard_id else None
    known = hazard is not None and hazard.registered_at < report.reported_at
    mine = _of_person(seal, but)
    return Case(
        day=clock.day_of(report.reported_at),
        territories=(report.region, *ancestors(report.region)),
        category=report.category_id or "",
        grade=hazard.grade if hazard else "",
        fine_fen=stated.fine_fen,
        employee=seal.employee_of is not None and seal.employee_of == report.enterprise_id,
        real_name=seal.verified,
        anonymous=seal.person_id is None,
        joint=Seal.objects.filter(report=report, first=True).count(),
        on_duty=_on_duty(seal),
        known_before=hazard.number if hazard and known else "",
        reported_before=earlier_of(report),
        rewarded_before=rewarded_of(report),
        stated=tuple(stated.excludes),
        earned_month_fen=None if mine is None else _sum(_alike(mine, report), _month(day)),
        earned_year_fen=None if mine is None else _sum(mine, _year(day)),
    )


def _alike(mine: QuerySet[Reward], report: Report) -> QuerySet[Reward]:
    """What a month's cap counts: fixed amounts for reports of the same category."""
    return mine.filter(report__category=report.category_id, rule__formula="fixed")


def earlier_of(report: Report) -> str:
    """The number of an earlier report that the same hazard was made of: one hazard, one reward."""
    if report.hazard_id is None:
        return ""
    same = Report.objects.filter(hazard_id=report.hazard_id, outcome="verified", reported_at__lt=report.reported_at)
    return same.order_by("reported_at").values_list("number", flat=True).first() or ""


def rewarded_of(report: Report) -> str:
    """The number of another report of the same hazard whose reward was approved already. Call it elevated."""
    if report.hazard_id is None:
        return ""
    taken = Reward.objects.filter(report__hazard_id=report.hazard_id, state__in=TAKEN).exclude(report=report)
    return taken.order_by("created_at").values_list("report__number", flat=True).first() or ""


def _identity(person: UUID) -> str:
    """By the checked identity where one is known: two accounts of one person share their caps."""
    checked = Citizen.objects.filter(pk=person, verified_at__isnull=False).exclude(id_digest="")
    return checked.values_list("id_digest", flat=True).first() or str(person)


def _of_person(seal: Seal, but: UUID | None) -> QuerySet[Reward] | None:
    """What the same person earned; None when nobody knows who it is."""
    if seal.person_id is None:
        return None
    same = Citizen.objects.filter(id_digest=_identity(seal.person_id), verified_at__isnull=False).values("pk")
    seals = Seal.objects.filter(Q(person_id=seal.person_id) | Q(person_id__in=same)).values("pk")
    mine = Reward.objects.filter(seal_id__in=seals, state__in=EARNED)
    return mine.exclude(pk=but) if but else mine


def _first(day: date) -> Any:
    return datetime.combine(day.replace(day=1), time.min, clock.SHANGHAI)


def _month(day: date) -> dict[str, Any]:
    return {"created_at__gte": _first(day), "created_at__lt": _first(day.replace(day=1) + timedelta(days=31))}


def _year(day: date) -> dict[str, Any]:
    return {"created_at__gte": _first(date(day.year, 1, 1)), "created_at__lt": _first(date(day.year + 1, 1, 1))}


def _sum(rewards: QuerySet[Reward], since: dict[str, Any]) -> int:
    return rewards.filter(**since).aggregate(sum=Sum("amount_fen"))["sum"] or 0


def _on_duty(seal: Seal) -> bool:
    """Whether the phone is also that of somebody who holds an official's post: their citizen's account is another one."""
    if not (phone := seal.phone):
        return False
    held = Post.objects.filter(in_office(clock.today()), role__in=OFFICIALS | INTAKE, person__is_active=True)
    return held.filter(person__phone=phone).exists()


def _rule(row: RewardRule) -> Rule:
    return Rule(
        id=row.pk,
        code=row.code,
        region=row.region,
        categories=tuple(row.categories),
        grade=row.grade,
        formula=row.formula,
        amount_fen=row.amount_fen,
        share_permille=row.share_permille,
        least_fen=row.least_fen,
        most_fen=row.most_fen,
        employee_uplift_permille=row.employee_uplift_permille,
        from_day=row.from_day,
        to_day=row.to_day,
        basis=row.basis,
        evidence=row.evidence,
    )
