"""Who is told what of a bulletin."""

from typing import Any

from anlan.bulletins.models import Bulletin
from anlan.campaigns.models import Participant
from anlan.identity import roles
from anlan.identity.acting import in_office
from anlan.identity.holders import Whom, reach
from anlan.identity.models import Post
from anlan.kernel import clock, scope
from anlan.kernel.flow import Taking
from anlan.notify.actions import send

Told = list[tuple[Any, Any]]


def _office(record: Bulletin) -> Told:
    return reach(Whom(roles=[roles.OFFICE], region=record.region, nearest=True))


def _tell(record: Bulletin, to: Told, kind: str, taking: Taking, **facts: Any) -> None:
    but = taking.actor.person
    send(
        to=[one for one in to if one[0] != but],
        done_by=but,
        kind=kind,
        facts={"number": record.number, "place": record.title, "state": record.state, **facts},
        url=f"/bulletins/{record.pk}/",
        subject_type="bulletin",
        subject_id=record.pk,
    )


def moved(taking: Taking) -> None:
    """Who is asked next: to approve, or to issue."""
    record: Bulletin = taking.record
    if record.state == "reviewed":
        asked = reach(Whom(roles=[roles.LEADER, roles.OFFICE], region=record.region, nearest=True))
        if record.signer_id is not None:
            asked = [one for one in asked if one[0] == record.signer_id]
        out = {*record.writer_ids, str(record.reviewer_id)}
        _tell(record, [one for one in asked if str(one[0]) not in out], "bulletin.waits", taking, why="waited_for")
    elif record.state == "approved":
        _tell(record, _office(record), "bulletin.waits", taking, why="waited_for")
    else:
        _tell(record, [], "bulletin.waits", taking)


def remarked(taking: Taking) -> None:
    """Who wrote in it; an answer needs no message."""
    record: Bulletin = taking.record
    if taking.data.settles is None:
        writers = [one for one in _office(record) if str(one[0]) in record.writer_ids]
        _tell(record, writers, "bulletin.remark", taking, by=taking.actor.name, why="waited_for")


def sent_back(taking: Taking) -> None:
    record: Bulletin = taking.record
    writers = [one for one in _office(record) if str(one[0]) in record.writer_ids]
    _tell(record, writers, "bulletin.back", taking, by=taking.actor.name, reason=record.reason, why="waited_for")


def issued(taking: Taking) -> None:
    """The units that take part, and the leaders and the office of the territory."""
    record: Bulletin = taking.record
    with scope.elevated("those whom a bulletin concerns, wherever they are"):
        units = Participant.objects.filter(campaign_id=record.campaign_id, reviewer=None).values("unit_id")
        posts = Post.objects.filter(
            in_office(clock.today()), organisation_id__in=units, person__is_active=True,
            role__in=(roles.OFFICE, roles.REGULATOR),
        )  # fmt: skip
        told = list(posts.values_list("person_id", "id"))
    own = reach(Whom(roles=[roles.LEADER, roles.OFFICE], region=record.region, nearest=True))
    _tell(record, [*told, *own], "bulletin.issued", taking, why="concerned")
