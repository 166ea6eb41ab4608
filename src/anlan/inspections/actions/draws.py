"""Drawing enterprises and officers: announced, then drawn once by a number nobody could know or choose; recorded for good."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from anlan.experts.queries import avoided
from anlan.identity import roles
from anlan.identity.models import Organisation
from anlan.inspections import drawing
from anlan.inspections.actions.visit import plan_visit
from anlan.inspections.bodies import body_named, inspecting_fault, own
from anlan.inspections.models import Draw, DrawNotice, Visit
from anlan.inspections.needs_draw import DrawFacts, DrawnFacts
from anlan.inspections.queries.candidates import (
    Candidates,
    enterprise_candidates,
    last_visitors,
    officer_candidates,
)
from anlan.inspections.queries.draws import body_of
from anlan.kernel import clock, scope
from anlan.kernel.actor import Actor
from anlan.kernel.errors import Conflict, Forbidden, Invalid, NotFound, NotNow, Problem
from anlan.kernel.ids import new_id
from anlan.kernel.ledger.write import write_note
from anlan.kernel.models import Head, Leaf
from anlan.kernel.numbering import next_number
from anlan.kernel.turns import one_at_a_time
from anlan.kernel.wording import parsed
from anlan.registry.facilities import facilities
from anlan.registry.models import Industry

DRAWERS = frozenset({roles.OFFICE, roles.REGULATOR})
SUBJECT = "draw"


class NoHeadYet(NotNow):
    code = "draw.no_head"
    default_message = _("Wait a moment: no signed head of the ledger holds the announcement yet.")
    retry_after = 2


def announce_draw(*, actor: Actor, data: DrawFacts | dict[str, Any]) -> DrawNotice:
    """
    Fix and publish who may be drawn, before anybody can know the seed: candidates, those left out and why, pairs kept apart.

    It is never changed, and one that is not held stays in the list: who goes on asking until the result pleases is seen.
    """
    if actor.role not in DRAWERS:
        raise Forbidden
    facts = parsed(DrawFacts, data)
    body, industry = _checked(actor, facts)
    today = clock.today()
    firms = enterprise_candidates(actor, facts, industry, today)
    people = officer_candidates(actor, facts, industry, facts.planned_on)
    _enough(facts, firms, people)
    pairs = _kept_away(facts, firms, people)
    head = Head.objects.order_by("-size").first()
    number = next_number("CQ", "draw", region=facts.region, year=today.year)
    published = {
        "rule": drawing.RULE,
        "number": number,
        "title": facts.title,
        "at": clock.now().isoformat(timespec="seconds"),
        "head_size": head.size if head else 0,
        "asked": {
            "region": f"{facts.region:012d}",
            "industry": facts.industry,
            "grades": sorted(facts.grades),
            "facility": facts.facility,
            "not_visited_days": facts.not_visited_days,
            "last_visitor_days": facts.last_visitor_days,
            "enterprises": facts.enterprises,
            "officers_each": facts.officers_each,
            "most_each_officer": facts.most_each_officer,
            "other_region": facts.other_region,
            "planned_on": facts.planned_on.isoformat(),
            "body": {"id": str(body.pk), "name": body.name},
        },
        "enterprises": firms.inside,
        "officers": people.inside,
        "left_out": {"enterprises": firms.outside, "officers": people.outside},
        "avoidances": pairs,
    }
    notice, digest = new_id(), drawing.digest(published)
    entry = write_note(
        actor=actor,
        subject_type=SUBJECT,
        subject_id=notice,
        step="announce_draw",
        data={"number": number, "digest": digest, "enterprises": len(firms.inside), "officers": len(people.inside)},
        region=facts.region,
        industry_bit=industry.bit,
    )
    return DrawNotice.objects.create(
        id=notice,
        number=number,
        title=facts.title,
        region=facts.region,
        industry_bit=industry.bit,
        published=published,
        digest=digest,
        entry_id=entry.pk,
        announced_at=clock.now(),
        announcer_id=actor.person,
        announcer_name=actor.name,
        remark=facts.purpose,
    )


def hold_draw(*, actor: Actor, notice: UUID) -> Draw:
    """
    Draw what was announced, once. The seed is made of the first signed head that holds the announcement: whoever announced could
    not know it, and whoever holds the draw, or when, changes nothing. Raises NoHeadYet until there is one.
    """
    if actor.role not in DRAWERS:
        raise Forbidden
    one_at_a_time(f"draw {notice}")  # its row is never changed, so it cannot be locked
    found = DrawNotice.objects.filter(pk=notice).first()
    if found is None:
        raise NotFound
    if Draw.objects.filter(notice=found).exists():
        raise Conflict(_("This draw was held already."), code="draw.held")
    head = _first_head(found)
    if head is None:
        raise NoHeadYet
    published = drawing.held(found.published, head.document, at=clock.now().isoformat(timespec="seconds"))
    made = Draw.objects.create(
        id=found.pk,
        notice=found,
        number=found.number,
        title=found.title,
        region=found.region,
        industry_bit=found.industry_bit,
        seed=published["seed"],
        published=published,
        result=drawing.draw(published),
        digest=drawing.digest(published),
        drawn_at=clock.now(),
        drawer_id=actor.person,
        drawer_name=actor.name,
        remark=found.remark,
    )
    write_note(
        actor=actor,
        subject_type=SUBJECT,
        subject_id=made.pk,
        step="hold_draw",
        data={"number": made.number, "digest": made.digest, "seed": made.seed, "head": head.size},
        region=made.region,
        industry_bit=made.industry_bit,
    )
    return made


def _first_head(notice: DrawNotice) -> Head | None:
    """The first head larger than the announced one that holds the announcement's entry."""
    place = Leaf.objects.filter(entry_id=notice.entry_id).values_list("index", flat=True).first()
    if place is None:
        return None
    return Head.objects.filter(size__gt=max(place, notice.published["head_size"])).order_by("size").first()


def _checked(actor: Actor, facts: DrawFacts) -> tuple[Organisation, Industry]:
    """Whoever could not plan the visits is told before anything is drawn."""
    wrong: dict[str, list[Any]] = {}
    industry = Industry.objects.filter(code=facts.industry, active=True).first()
    if industry is None or not (actor.industries >> industry.bit) & 1:
        wrong["industry"] = [_("Your post does not supervise this industry.")]
    if not actor.covers(facts.region):
        wrong["region"] = [_("This region lies outside your territory.")]
    if facts.facility and facts.facility not in facilities():
        wrong["facility"] = [_("Choose one of the list.")]
    if facts.planned_on < clock.today():
        wrong["planned_on"] = [_("The date lies in the past.")]
    body = body_named(facts.organisation or actor.organisation)
    fault = inspecting_fault(body, actor, region=facts.region, abroad=facts.other_region)
    if fault and "region" not in wrong:  # of a region that is not the actor's, no body of theirs is to be told off
        wrong["organisation"] = [fault]
    if wrong or industry is None or body is None:
        raise Invalid(fields=wrong)
    return body, industry


def _enough(facts: DrawFacts, firms: Candidates, people: Candidates) -> None:
    wrong: dict[str, list[Any]] = {}
    if len(firms.inside) < facts.enterprises:
        wrong["enterprises"] = [
            _("Only %(count)s enterprises may be drawn; %(out)s are left out.")
            % {"count": len(firms.inside), "out": len(firms.outside)}
        ]
    if len(people.inside) < facts.officers_each:
        wrong["officers_each"] = [
            _("Only %(count)s officers may be drawn; %(out)s are left out, mostly for want of a valid certificate.")
            % {"count": len(people.inside), "out": len(people.outside)}
        ]
    if wrong:
        raise Invalid(fields=wrong)


def _kept_away(facts: DrawFacts, firms: Candidates, people: Candidates) -> list[dict[str, str]]:
    """Pairs that must not meet: declared avoidances, and whoever came the last times."""
    ids = [UUID(one["id"]) for one in firms.inside]
    officers = [UUID(one["id"]) for one in people.inside]
    with scope.elevated("avoidances and earlier visits of officers of other counties count too"):
        pairs = avoided(officers, ids, facts.planned_on)
        since = facts.planned_on - timedelta(days=facts.last_visitor_days)
        for pair in last_visitors(ids, officers, since) if facts.last_visitor_days else ():
            pairs.setdefault(pair, "last_visitor")
    found = [{"officer": str(one), "enterprise": str(firm), "reason": why} for (one, firm), why in pairs.items()]
    return sorted(found, key=lambda one: (one["enterprise"], one["officer"]))


def plan_drawn(*, actor: Actor, draw: UUID, data: DrawnFacts | dict[str, Any]) -> list[Visit]:
    """
    The visits of a draw, each with the officers drawn for it, all or none: Invalid names each enterprise that cannot be visited.

    Once a draw. An enterprise for which fewer than two officers were free is named as well: it needs a draw or a visit of its own.
    """
    if actor.role not in DRAWERS:
        raise Forbidden
    facts = parsed(DrawnFacts, data)
    one_at_a_time(f"visits of draw {draw}")  # its row is never changed, so it cannot be locked
    found = Draw.objects.filter(pk=draw).first()
    if found is None:
        raise NotFound
    if Visit.objects.filter(draw=found).exists():
        raise Conflict(_("The visits of this draw are planned already."), code="draw.planned")
    posts = {one["id"]: UUID(one["post"]) for one in found.published["officers"]}
    plan = facts.model_dump(exclude={"leave_out"}) | {
        "organisation": _visiting(actor, found, facts.organisation),
        "kind": "administrative",
        "reason": "draw",
        "reason_words": f"{found.title} {found.number}",
    }
    with transaction.atomic():  # a caller who goes on after a refusal keeps nothing of it
        return _plan_each(actor, found, plan, posts, leave_out=facts.leave_out)


def _visiting(actor: Actor, found: Draw, asked: UUID | None) -> UUID | None:
    """The body that was announced, and nobody else's people plan for it; older draws announced none."""
    body = body_of(found)
    if body is None:
        return asked
    if not own(body, actor):
        raise Forbidden(
            _("The visits of this draw are planned by “%(name)s”, for which it was held.") % {"name": body.name}
        )
    if asked not in (None, body.pk):
        raise Invalid(fields={"organisation": [_("The draw was announced for “%(name)s”.") % {"name": body.name}]})
    return body.pk


def _plan_each(
    actor: Actor, found: Draw, plan: dict[str, Any], posts: dict[str, UUID], *, leave_out: bool
) -> list[Visit]:
    names = {one["id"]: one["name"] for one in found.published["enterprises"]}
    wrong: list[str] = []
    made: list[Visit] = []
    for one in found.result:
        who = [posts[officer] for officer in one["officers"]]
        if len(who) < found.published["asked"]["officers_each"]:
            wrong.append(f"{names[one['enterprise']]}: {_('Too few officers could be drawn for it.')}")
            continue
        data = plan | {"enterprise": UUID(one["enterprise"])}
        try:
            made.append(plan_visit(actor=actor, data=data, members={"leader": who[0], "officers": who[1:]}, draw=found))
        except Problem as problem:
            reasons = [str(reason) for told in problem.fields.values() for reason in told] or [str(problem.detail)]
            wrong.append(f"{names[one['enterprise']]}: {' '.join(reasons)}")
    if wrong and not (leave_out and made):
        raise Invalid(fields={"leave_out": wrong})
    return made
