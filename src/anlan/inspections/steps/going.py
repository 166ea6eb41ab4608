"""On the spot: arrive, answer, find, take a finding back, order a measure."""

import re
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from anlan.files.actions import link_files
from anlan.inspections import beside, needs, rulings
from anlan.inspections.arrival import CLOCKS_MAY_DIFFER, arrival
from anlan.inspections.items import item_of
from anlan.inspections.models import Answer, Finding, OnSite, Visit
from anlan.kernel import clock, geo, scope
from anlan.kernel.errors import Conflict, Invalid
from anlan.kernel.flow import Taking
from anlan.kernel.ids import new_id
from anlan.registry.models import Enterprise, Placed, Site
from anlan.risks.models import RiskPoint
from anlan.standards.models import Clause
from anlan.standards.queries.criteria import is_in_force

UUID_IN_TEXT = re.compile(r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}", re.IGNORECASE)


def arrive(taking: Taking) -> None:
    """From the arrival on the enterprise may know, whatever the style."""
    data: needs.Arrive = taking.data
    visit: Visit = taking.record
    visit.known_to_id = visit.enterprise_id
    visit.arrived_at = arrival(visit, taking.actor, taking.at, data.arrived_at)
    if data.lon is not None and data.lat is not None:
        visit.arrived_lon, visit.arrived_lat = _wgs84(data)
        visit.arrived_distance_m = _distance(visit)
        taking.notes["distance_m"] = visit.arrived_distance_m
    if data.code:
        visit.arrived_by_code = _is_of_here(visit, data.code)
        taking.notes["code_of_here"] = visit.arrived_by_code


def _when(taking: Taking, moment: datetime | None) -> datetime:
    """The time as the phone had it, never in the future."""
    if moment is None or moment > taking.at:
        return taking.at
    return moment


def _wgs84(data: needs.Arrive | needs.AddFinding) -> tuple[Decimal, Decimal]:
    lon, lat = geo.to_wgs84(float(data.lon or 0), float(data.lat or 0), data.system)
    return round(Decimal(str(lon)), 6), round(Decimal(str(lat)), 6)


def _distance(visit: Visit) -> int | None:
    """Metres from the registered place: the site's, else the enterprise's."""
    registered: Placed | None = None
    with scope.elevated("whoever sees a visit sees whom it visits"):
        if visit.site_id:
            registered = Site.objects.filter(pk=visit.site_id).first()
        if registered is None or registered.lon is None:
            registered = Enterprise.objects.get(pk=visit.enterprise_id)
    if registered.lon is None or registered.lat is None or visit.arrived_lon is None or visit.arrived_lat is None:
        return None
    here = float(visit.arrived_lon), float(visit.arrived_lat)
    return round(geo.haversine_m(here, (float(registered.lon), float(registered.lat))))


def _is_of_here(visit: Visit, code: str) -> bool:
    """Whether a code at the gate names this enterprise or one of its risk points. Another one is noted, not refused."""
    ids = [UUID(found) for found in UUID_IN_TEXT.findall(code)]
    if visit.enterprise_id in ids:
        return True
    with scope.elevated("whoever sees a visit sees the risk points of whom it visits"):
        return RiskPoint.objects.filter(pk__in=ids, enterprise_id=visit.enterprise_id).exists()


def answer(taking: Taking) -> None:
    """The last answer by the time on the phone counts; an earlier one that arrives late stays in the ledger alone."""
    data: needs.Answer = taking.data
    visit: Visit = taking.record
    item = item_of(visit, data.item)
    if item is None:
        raise Invalid(fields={"item": [_("This item is on no checklist of this visit: it may not be inspected.")]})
    files = _link(taking, data.photos)
    at = _when(taking, taking.actor.client_at)
    present = Answer.objects.filter(visit_id=visit.pk, item_id=item.pk).first()
    if present is not None and present.client_at is not None and present.client_at > at:
        taking.notes["older"] = True
        present.files = _with(present.files, files)
        present.save(update_fields=["files"])
        return
    taking.notes["was"] = {"value": present.value, "remark": present.remark} if present else None
    Answer.objects.update_or_create(
        visit_id=visit.pk,
        item_id=item.pk,
        defaults={
            "value": data.value,
            "remark": data.remark,
            "files": _with(present.files if present else [], files),
            "person_id": taking.actor.person,
            "client_at": at,
            "at": taking.at,
        },
    )


def _with(before: list[str], more: list[str]) -> list[str]:
    return list(dict.fromkeys([*before, *more]))


def _link(taking: Taking, ids: list[UUID], *, field: str = "photos") -> list[str]:
    """Tie the actor's uploads to the visit; whoever sees the visit sees them."""
    if not ids:
        return []
    files = link_files(actor=taking.actor, ids=ids, subject_type="visit", subject_id=taking.record.pk, field=field)
    taking.files.extend(file.sha256 for file in files)
    return [str(file.pk) for file in files]


def add_finding(taking: Taking) -> None:
    data: needs.AddFinding = taking.data
    visit: Visit = taking.record
    item = item_of(visit, data.item) if data.item else None
    wrong: dict[str, list[Any]] = {}
    if data.item and item is None:
        wrong["item"] = [_("This item is on no checklist of this visit: it may not be inspected.")]
    if beside.categories() and data.category not in beside.categories():
        wrong["category"] = [_("Choose one of the list.")]
    if data.risk_point and not _has_point(visit, data.risk_point):
        wrong["risk_point"] = [_("The enterprise has no such risk point.")]
    found_at = data.found_at or taking.actor.client_at or taking.at
    if found_at > taking.at + CLOCKS_MAY_DIFFER:
        wrong["found_at"] = [_("The time of finding lies in the future.")]
    found_at = min(found_at, taking.at)
    clause_id, major = data.clause, data.major
    if (
        clause_id is None
        and item is not None
        and item.major_clause_id
        and (major or "major" not in data.model_fields_set)
    ):
        clause_id, major = item.major_clause_id, True
    if clause_id is not None and (reason := _not_citable(clause_id, found_at)):
        wrong["clause"] = [reason]
    if major and clause_id is None:
        wrong["clause"] = [_("A major hazard needs a cited clause in force on the day of finding.")]
    if wrong:
        raise Invalid(fields=wrong)
    finding = Finding(
        id=data.id or new_id(),
        visit=visit,
        item=item,
        risk_point_id=data.risk_point,
        enterprise_id=visit.enterprise_id,
        known_to_id=visit.known_to_id,
        region=visit.region,
        industry_bit=visit.industry_bit,
        place=data.place,
        category=data.category,
        description=data.description,
        clause_id=clause_id,
        major=major,
        files=_link(taking, data.photos),
        found_at=found_at,
        finder_id=taking.actor.person,
        finder_name=taking.actor.name,
    )
    if data.lon is not None and data.lat is not None:
        finding.lon, finding.lat = _wgs84(data)
    _not_used(Finding, data.id)
    Finding.objects.bulk_create([finding])
    visit.findings_count += 1
    taking.notes["finding"] = str(finding.pk)


def _not_used(model: Any, id_: UUID | None) -> None:
    """An id made by a phone is new; a retry is answered before it comes here."""
    if id_ is None:
        return
    with scope.elevated("an id that another post used is taken too"):
        if model.objects.filter(pk=id_).exists():
            raise Conflict(_("This was recorded already."), code="visit.exists")


def _has_point(visit: Visit, point: UUID) -> bool:
    with scope.elevated("whoever sees a visit sees the risk points of whom it visits"):
        return RiskPoint.objects.filter(pk=point, enterprise_id=visit.enterprise_id).exists()


def _not_citable(clause_id: UUID, found_at: datetime) -> Any:
    clause = Clause.objects.select_related("criteria").filter(pk=clause_id).first()
    if clause is None or not is_in_force(clause, clock.day_of(found_at)):
        return _("This clause was not in force on the day of finding.")
    return None


def withdraw_finding(taking: Taking) -> None:
    """Only before the record: what became a hazard is ended there, by its own rules."""
    data: needs.WithdrawFinding = taking.data
    visit: Visit = taking.record
    finding = Finding.objects.select_for_update(of=("self",)).filter(visit_id=visit.pk, pk=data.finding).first()
    if finding is None or finding.withdrawn:
        raise Invalid(fields={"finding": [_("The visit has no such finding.")]})
    if finding.hazard_id:
        raise Invalid(fields={"finding": [_("This finding is registered as a hazard already.")]})
    finding.withdrawn = data.reason
    finding.save(update_fields=["withdrawn"])
    visit.findings_count -= 1


def on_site(taking: Taking) -> None:
    """A measure or a training on the spot. Only an administrative inspection orders."""
    data: needs.OnSite = taking.data
    visit: Visit = taking.record
    wrong: dict[str, list[Any]] = {}
    if data.kind in rulings.ORDERS and visit.kind != "administrative":
        wrong["kind"] = [_("Only an administrative inspection may order measures; this visit may only find.")]
    if data.finding and not Finding.objects.filter(visit_id=visit.pk, pk=data.finding, withdrawn="").exists():
        wrong["finding"] = [_("The visit has no such finding.")]
    if wrong:
        raise Invalid(fields=wrong)
    _not_used(OnSite, data.id)
    OnSite.objects.bulk_create(
        [
            OnSite(
                id=data.id or new_id(),
                visit=visit,
                kind=data.kind,
                finding_id=data.finding,
                words=data.words,
                people=data.people,
                until=data.until,
                person_id=taking.actor.person,
                person_name=taking.actor.name,
                at=taking.at,
            )
        ]
    )
