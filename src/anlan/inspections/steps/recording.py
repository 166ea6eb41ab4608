"""The record and its signatures. Every “no” is a finding, every finding becomes a hazard, in the same transaction."""

from collections import Counter
from typing import Any

from django.utils.translation import gettext_lazy as _

from anlan.files.actions import link_files, take_drawing
from anlan.files.models import File
from anlan.identity import roles
from anlan.identity.acting import actor_for
from anlan.identity.models import Post
from anlan.inspections import needs, rulings
from anlan.inspections.arrival import CLOCKS_MAY_DIFFER
from anlan.inspections.events import FindingRecorded, Order
from anlan.inspections.models import Answer, Finding, OnSite, Visit, VisitSignature
from anlan.inspections.rules import WORKING, Going, as_visitor, is_visited, members_of
from anlan.inspections.sheet import keep, minute, sheet
from anlan.kernel import scope
from anlan.kernel.actor import Actor
from anlan.kernel.errors import Conflict, Forbidden, Invalid
from anlan.kernel.flow import Taking
from anlan.kernel.ids import new_id


def record(taking: Taking) -> None:
    data: needs.Record = taking.data
    visit: Visit = taking.record
    wrong: dict[str, list[Any]] = {}
    findings = list(Finding.objects.filter(visit_id=visit.pk, withdrawn="").order_by("found_at", "id"))
    if unfounded := _no_without_finding(visit, findings):
        wrong["findings"] = [
            _("Each item that does not conform needs a finding with a photo: %(items)s.")
            % {"items": "；".join(unfounded)}
        ]
    if any(not one.files for one in findings):
        wrong["findings"] = [_("Each finding needs a photo.")]
    if data.left_at > taking.at + CLOCKS_MAY_DIFFER:
        wrong["left_at"] = [_("The time of leaving lies in the future.")]
    elif minute(data.left_at) < minute(visit.arrived_at):
        wrong["left_at"] = [_("The time of leaving lies before the arrival.")]
    if wrong:
        raise Invalid(fields=wrong)
    visit.summary = data.summary
    visit.met_name, visit.met_title, visit.met_phone = data.met_name, data.met_title, data.met_phone
    visit.left_at, visit.recorded_at = data.left_at, taking.at
    shown = sheet(visit)
    if shown.digest != data.digest:
        raise Conflict(
            _("The record changed since you saw it. Read it again before it is closed."), code="visit.sheet_changed"
        )
    visit.record_digest = taking.digest = shown.digest
    visit.round += 1
    keep(visit, shown, taking.at)
    visit.findings_count = len(findings)
    taking.notes["sheet"] = shown.facts
    taking.later.append(lambda: _register(taking, [one for one in findings if one.hazard_id is None]))


def _no_without_finding(visit: Visit, findings: list[Finding]) -> list[str]:
    found = [one.item_id for one in findings if one.item_id]
    rows = Answer.objects.filter(visit_id=visit.pk, value="no").exclude(item_id__in=found).select_related("item")
    return [f"{row.item.code} {row.item.zh}"[:60] for row in rows.order_by("item__place")]


def _register(taking: Taking, findings: list[Finding]) -> None:
    """Each finding is told downstream; a refusal there undoes the record, with the field named."""
    visit: Visit = taking.record
    place: dict[str, Any] = {"region": visit.region, "industry_bit": visit.industry_bit}
    recorder = as_visitor(taking.actor, **place)
    told = []
    for finding in findings:
        finding.visit = visit
        event = FindingRecorded(
            finding=finding,
            actor=recorder,
            finder=_finder(finding, visit, recorder),
            order=_order(finding, visit, recorder),
        )
        try:
            with scope.acting(recorder):
                event.emit()
        except Invalid as refused:
            raise Invalid(
                _("“%(place)s” cannot be registered: %(why)s"),
                fields={f"findings.{finding.pk}.{field}": reasons for field, reasons in refused.fields.items()},
                place=finding.place,
                why=" ".join(str(reason) for reasons in refused.fields.values() for reason in reasons)
                or refused.detail,
            ) from None
        settled = event.settled
        finding.hazard_id, finding.hazard_number, finding.joined = settled.hazard_id, settled.number, settled.joined
        finding.save(update_fields=["hazard_id", "hazard_number", "joined"])
        told.append(
            {
                "finding": str(finding.pk),
                "hazard": str(settled.hazard_id) if settled.hazard_id else None,
                "number": settled.number,
                "joined": settled.joined,
            }
        )
    taking.notes["findings"] = told


def _finder(finding: Finding, visit: Visit, recorder: Actor) -> Actor | None:
    """Who found it, as the post they go as; None when it is the one who records."""
    if finding.finder_id == recorder.person:
        return None
    post_id = next((one.post for one in members_of(visit) if one.person == finding.finder_id), None)
    with scope.elevated("those who come along may belong to another region"):
        post = Post.objects.select_related("person", "organisation").filter(pk=post_id).first() if post_id else None
    return as_visitor(actor_for(post), region=visit.region, industry_bit=visit.industry_bit) if post else None


def _order(finding: Finding, visit: Visit, recorder: Actor) -> Order | None:
    """The measure that was ordered on the spot because of a finding."""
    row = (
        OnSite.objects.filter(visit_id=visit.pk, finding_id=finding.pk, kind__in=rulings.ORDERS).order_by("at").first()
    )
    if row is None:
        return None
    order = {row.person_id: 0, recorder.person: 1}
    there = [one for one in members_of(visit) if one.certificate and one.post]
    there.sort(key=lambda one: order.get(one.person, 2))
    return Order(words=row.words[:200], officers=tuple(one.post for one in there if one.post))


def parties(visit: Visit) -> dict[str, list[Going]]:
    """Who of the visitors signs as what: an expert who leads expert help signs as expert."""
    working = [one for one in members_of(visit) if one.role in WORKING]
    experts = [one for one in working if one.role == "expert" or (one.role == "leader" and visit.kind == "expert_help")]
    return {"officer": [one for one in working if one not in experts], "expert": experts}


def given(visit: Visit) -> list[VisitSignature]:
    """Signatures under the record as it stands; those of a record that was reopened do not count."""
    rows = VisitSignature.objects.filter(visit_id=visit.pk, digest=visit.record_digest, round=visit.round)
    return list(rows.order_by("at", "id"))


def counts(signature: VisitSignature, visit: Visit) -> bool:
    """Whether it was given under the record as it stands, and not under the same words of an earlier round."""
    return (signature.digest, signature.round) == (visit.record_digest, visit.round)


def wanted(visit: Visit) -> dict[str, int]:
    """How many of each party sign: no more than go."""
    able = {party: len(people) for party, people in parties(visit).items()} | {"enterprise": 1}
    return {party: min(count, able.get(party, 0)) for party, count in rulings.signers_for(visit).items()}


def missing(visit: Visit) -> Counter[str]:
    """How many signatures of each party are still to come."""
    return Counter(wanted(visit)) - Counter(one.party for one in given(visit))


def sign(taking: Taking) -> str:
    """With the last required signature, or the enterprise's noted refusal, the visit is signed."""
    data: needs.Sign = taking.data
    visit: Visit = taking.record
    if data.digest != visit.record_digest:
        raise Conflict(
            _("The record changed since you saw it. Read it again before you sign."), code="visit.sheet_changed"
        )
    name, person, member = _who(taking)
    taken_by = taking.actor.person if member and member.person != taking.actor.person else None
    if member is not None:
        taking.notes["for"] = str(member.person)
    if taken_by is not None:
        taking.notes["taken_by"] = {"person": str(taken_by), "name": taking.actor.name}
    drawing = None if data.refused else _drawing(taking)
    signature = VisitSignature(
        id=new_id(),
        visit=visit,
        party=data.party,
        person_id=person,
        for_id=member.person if member else None,
        taken_by_id=taken_by,
        round=visit.round,
        name=name,
        title=data.title,
        drawing=drawing,
        digest=data.digest,
        refused=data.refused,
        reason=data.reason if data.refused else "",
        witnesses=data.witnesses if data.refused else "",
        at=taking.at,
    )
    VisitSignature.objects.bulk_create([signature])
    taking.digest = data.digest
    if data.refused:
        visit.refused = True
    if missing(visit):
        return "recorded"
    visit.signed_at = taking.at
    return "signed"


def _who(taking: Taking) -> tuple[str, Any, Going | None]:
    """
    The signer's name, the account they signed with, and the member they are.

    Visitors sign as members: with their own account, or on another member's device, which is told as that and is no act of
    their account. The enterprise signs on a visitor's device or with its own account.
    """
    data: needs.Sign = taking.data
    visit: Visit = taking.record
    own = is_visited(taking.actor, visit) and taking.actor.role in roles.ENTERPRISE_POSTS
    signed = given(visit)
    if own and data.party != "enterprise":
        raise Forbidden(_("Your post signs for the enterprise only."))
    if data.refused and data.party != "enterprise":
        raise Invalid(
            fields={"refused": [_("Only the enterprise may refuse; an officer who disagrees reopens the record.")]}
        )
    if data.party == "enterprise":
        if any(one.party == "enterprise" for one in signed):
            raise Invalid(fields={"party": [_("The enterprise has signed or refused already.")]})
        if data.refused and not own and not data.witnesses:
            raise Invalid(fields={"witnesses": [_("Name who witnessed the refusal.")]})
        return (taking.actor.name, taking.actor.person, None) if own else (data.name, None, None)
    if data.party == "witness":
        return data.name, None, None
    done = {one.for_id or one.person_id for one in signed}
    member = _member(data, parties(visit)[data.party], taking.actor, done)
    if member.person in done:
        raise Invalid(fields={"name": [_("%(name)s has signed already.") % {"name": member.name}]})
    return member.name, member.person if member.person == taking.actor.person else None, member


def _member(data: needs.Sign, people: list[Going], actor: Actor, done: set[Any]) -> Going:
    """The member of that name: of two, the one whose id is given, or who signs with their own account."""
    named = [one for one in people if one.name == data.name]
    meant = [one for one in named if one.person == data.member]
    own = [one for one in named if one.person == actor.person and one.person not in done]
    named = meant or own or named
    if not named:
        raise Invalid(fields={"name": [_("Nobody of that name goes on this visit in that part.")]})
    if len(named) > 1:
        raise Invalid(
            fields={
                "name": [
                    _("Two who go on this visit are called %(name)s: each signs with their own account.")
                    % {"name": data.name}
                ]
            }
        )
    return named[0]


def _drawing(taking: Taking) -> File:
    data: needs.Sign = taking.data
    visit: Visit = taking.record
    if data.photos:
        file = link_files(
            actor=taking.actor, ids=data.photos, subject_type="visit", subject_id=visit.pk, field="photos"
        )[0]
    else:
        file = take_drawing(actor=taking.actor, drawing=data.drawing, subject=("visit", visit.pk))
    taking.files.append(file.sha256)
    return file


def reopen(taking: Taking) -> None:
    """Back to work; signatures given so far were under the former record and count no more."""
    visit: Visit = taking.record
    taking.notes["former_digest"] = visit.record_digest
    visit.record_digest, visit.recorded_at, visit.left_at = "", None, None


def file(taking: Taking) -> None:
    """By the clock, once all have signed."""
    taking.record.filed_at = taking.at
