"""The records upstream that instruments rest on: a hazard, a visit, a citizen's report."""

from datetime import date
from uuid import UUID

from django.urls import reverse
from django.utils.translation import override

from anlan.enforcement.filling.grounds import Grounds, Officer, Problem, source_by
from anlan.enforcement.publishing import blanked
from anlan.hazards.models import Hazard, Photo, Recheck
from anlan.hazards.wording import state_words
from anlan.identity.models import Organisation, Post
from anlan.inspections.models import Finding, Member, OnSite, Visit
from anlan.inspections.wording import measure_words
from anlan.kernel import clock, scope
from anlan.kernel.calendar import working_days
from anlan.kernel.workdays import CalendarExhausted
from anlan.registry.models import Enterprise
from anlan.registry.queries import region_names
from anlan.reports.models import Report
from anlan.standards.models import Clause
from anlan.standards.rules import citation

PAPERS = "zh-hans"
"""Instruments are Chinese, whoever drafts them."""


@source_by("hazard")
def hazard(record: UUID) -> Grounds | None:
    rows = Hazard.objects.select_related("clause__criteria")
    row = rows.filter(pk=record).first()
    if row is None:
        return None
    enterprise = row.responsible_id or row.enterprise_id
    with override(PAPERS):
        state = str(state_words(row.state))
    owed = row.rectify_due or (clock.day_of(row.due_at) if row.due_at else None)
    return Grounds(
        source="hazard",
        id=row.pk,
        number=row.number,
        title=f"{row.place}：{row.description[:40]}",
        url=reverse("hazards:record", args=[row.pk]),
        region=row.region,
        industry_bit=row.industry_bit,
        enterprise=enterprise,
        organisation=supervised(row),
        place=_place(enterprise, row.place),
        day=clock.day_of(row.found_at),
        facts=_hazard_facts(row, state),
        problems=(_problem(row),),
        officers=_rechecked_by(row),
        measures=(row.stop_measure,) if row.use_stopped and row.stop_measure else (),
        due_on=owed,
        late_days=_late_days(row),
        responsible=row.regulator_name,
        major=row.major,
        state=state,
        evidence=_evidence(row),
    )


def supervised(row: Hazard) -> UUID | None:
    """The body held to it that the hazard is rectified: the regulator's own, else the county's office, else its government."""
    with scope.elevated("whoever sees a hazard sees who regulates it"):
        posts = Post.objects.select_related("organisation")
        post = posts.filter(pk=row.regulator_post_id).first() if row.regulator_post_id else None
        if post and post.organisation and post.organisation.active:
            return post.organisation.pk
        bodies = Organisation.objects.filter(region=row.county, kind__in=("committee", "government"), active=True)
        nearest = min(bodies, key=lambda one: (one.kind != "committee", one.name), default=None)
    return nearest.pk if nearest else None


def _problem(row: Hazard) -> Problem:
    return Problem(
        text=f"{row.place}：{row.description}",
        basis=row.basis or (citation(row.clause) if row.clause else ""),
        due_on=row.rectify_due,
        place=row.place,
        done=row.state in ("accepted", "closed"),
    )


def _hazard_facts(row: Hazard, state: str) -> str:
    kind = "重大事故隐患" if row.major else "事故隐患"
    lines = [f"{_day(clock.day_of(row.found_at))}，在{row.place}发现{kind}（{row.number}）：{row.description}"]
    if row.rectify_due:
        lines.append(f"整改期限为{_day(row.rectify_due)}")
    if row.failed_rounds:
        lines.append(f"复查未通过{row.failed_rounds}次")
    if row.recurrence:
        lines.append(f"同一部位再次发现{row.recurrence}次")
    lines.append(f"目前状态为“{state}”" + (f"，已超期{days}个工作日" if (days := _late_days(row)) else ""))
    return "；".join(one.rstrip("。；") for one in lines) + "。"


def _late_days(row: Hazard) -> int:
    if not row.late or row.due_at is None or row.due_at >= clock.now():
        return 0
    try:
        return max(-working_days().days_left(row.due_at, clock.now()), 0)
    except CalendarExhausted:
        return 0


def _rechecked_by(row: Hazard) -> tuple[Officer, ...]:
    last = Recheck.objects.filter(hazard=row).order_by("-number").first()
    return tuple(Officer(name=one.get("name", "")) for one in last.officers) if last else ()


def _evidence(row: Hazard) -> tuple[str, ...]:
    photos = Photo.objects.filter(hazard=row, phase="before").count()
    found = [f"隐患登记记录（{row.number}）"]
    # Anything may stand there, such as the number of a citizen's report; only a visit's is for the addressee to read.
    if row.source_record and Visit.objects.filter(number=row.source_record).exists():
        found.append(f"来源记录（{row.source_record}）")
    if photos:
        found.append(f"现场照片{photos}张")
    return tuple(found)


@source_by("visit")
def visit(record: UUID) -> Grounds | None:
    row = Visit.objects.filter(pk=record).first()
    if row is None:
        return None
    findings = list(
        Finding.objects.filter(visit=row, withdrawn="")
        .select_related("clause__criteria", "item")
        .order_by("found_at", "id")
    )
    hazards = Hazard.objects.select_related("clause__criteria").in_bulk(
        [one.hazard_id for one in findings if one.hazard_id]
    )
    day = clock.day_of(row.arrived_at) if row.arrived_at else row.planned_on
    found = tuple(_found(one, hazards.get(one.hazard_id)) for one in findings)
    facts = (
        f"{_day(day)}检查中发现下列问题："
        + "；".join(f"（{n}）{one.text.rstrip('。；')}" for n, one in enumerate(found, 1))
        + "。"
    )
    site = row.site.name if row.site_id and row.site else ""
    return Grounds(
        source="visit",
        id=row.pk,
        number=row.number,
        title=f"{_enterprise(row.enterprise_id)}现场检查",
        url=reverse("inspections:visit", args=[row.pk]),
        region=row.region,
        industry_bit=row.industry_bit,
        enterprise=row.enterprise_id,
        place=_place(row.enterprise_id, site),
        day=day,
        facts=facts if found else row.summary,
        problems=found,
        officers=_officers(row),
        measures=_measures(row),
        major=any(one.major for one in findings),
        state=row.state,
        evidence=_visit_evidence(row, findings),
    )


def _found(row: Finding, hazard: Hazard | None) -> Problem:
    if hazard is not None:
        made = _problem(hazard)
        return Problem(
            text=f"{row.place}：{row.description}",
            basis=made.basis or _clause(row.clause),
            due_on=made.due_on,
            place=row.place,
            done=made.done,
        )
    return Problem(text=f"{row.place}：{row.description}", basis=_clause(row.clause), place=row.place)


def _clause(clause: Clause | None) -> str:
    return citation(clause) if clause else ""


def _officers(row: Visit) -> tuple[Officer, ...]:
    """Those who hold a certificate first: they may order."""
    members = Member.objects.filter(visit=row, role__in=("leader", "officer"))
    rows = sorted(members, key=lambda one: (not one.certificate, one.role != "leader", one.name))
    return tuple(Officer(name=one.name, certificate=one.certificate, post=one.post_id) for one in rows)


def _measures(row: Visit) -> tuple[str, ...]:
    rows = OnSite.objects.filter(visit=row).exclude(kind="training").order_by("at", "id")
    with override(PAPERS):
        return tuple(
            f"{measure_words(one.kind)}：{one.words}" + (f"（至{_day(one.until)}）" if one.until else "")
            for one in rows
        )


def _visit_evidence(row: Visit, findings: list[Finding]) -> tuple[str, ...]:
    photos = sum(len(one.files) for one in findings)
    return (f"现场检查记录（{row.number}）", *((f"现场照片{photos}张",) if photos else ()))


@source_by("report")
def report(record: UUID) -> Grounds | None:
    """
    What a citizen reported and was found true, in the words of the official who looked, else as anybody may read them: the reporter's
    own words and the report's number would lead whoever is written to back to who reported.
    """
    row = Report.objects.filter(pk=record, outcome="verified").first()
    if row is None:
        return None
    found = Hazard.objects.filter(pk=row.hazard_id).first() if row.hazard_id else None
    words, place = (found.description, found.place) if found else (row.public_words, row.public_place)
    words, place = blanked(words), blanked(place)
    day = clock.day_of(row.verified_at or row.reported_at)
    return Grounds(
        source="report",
        id=row.pk,
        number=row.number,
        title=words[:40],
        url=reverse("reports:record", args=[row.pk]),
        region=row.region,
        industry_bit=row.industry_bit,
        enterprise=row.enterprise_id,
        organisation=row.unit_id,
        place=place,
        day=day,
        facts=f"{_day(day)}现场核查，发现下列问题：{words.rstrip('。')}。" if words else "",
        problems=(Problem(text=words, place=place),) if words else (),
        evidence=(f"现场核查记录（{_day(day)}）",),
    )


def _enterprise(enterprise: UUID | None) -> str:
    with scope.elevated("whoever sees a record sees whom it concerns"):
        row = Enterprise.objects.filter(pk=enterprise).first() if enterprise else None
    return row.name if row else ""


def _place(enterprise: UUID | None, place: str) -> str:
    """The enterprise's address and the place within it."""
    with scope.elevated("whoever sees a record sees whom it concerns"):
        row = Enterprise.objects.filter(pk=enterprise).first() if enterprise else None
    if row is None:
        return place
    address = row.address or region_names([row.region]).get(row.region, "")
    return " ".join(dict.fromkeys(filter(None, [address, place])))


def _day(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"
