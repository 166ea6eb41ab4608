"""
How often somebody may try something: by person, by device and by address, without keeping who.

Tries are counted under keyed digests that change every day. A whole office, or a district behind one carrier's address, is
many honest people: beyond the quiet number of an address a proof of work is asked for, and only a flood is refused. A
refusal undoes what the request did; its count is written afterwards, so that it is not undone with it.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from math import log2
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import connection
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from anlan.identity import proofs
from anlan.identity.addresses import client_ip
from anlan.identity.models import Try
from anlan.kernel import clock
from anlan.kernel.duties import duty
from anlan.kernel.errors import Problem
from anlan.kernel.ids import new_id
from anlan.kernel.keyed import keyed

DEVICE, PROOF = "X-Device", "X-Proof"
"""Headers: a number the client made for itself once, and the proof of work that an address with many tries must bring."""
LONGEST_DEVICE = 64
KEPT = timedelta(days=2)
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
NETWORK = 64
"""Bits of an IPv6 address that are one household's."""


class TooMany(Problem):
    code = "rate.limited"
    status = 429
    default_message = _("That was too often. Try again in %(wait)s.")


@dataclass(frozen=True, kw_only=True)
class Limits:
    """Tries within a time: (how many, within). Of an address: quiet ones, and so many that even a proof does not help."""

    person: tuple[int, timedelta] | None = None
    device: tuple[int, timedelta] | None = None
    phone: tuple[tuple[int, timedelta], ...] = ()
    quiet: tuple[int, timedelta] = (30, 10 * MINUTE)
    address: tuple[int, timedelta] = (6000, HOUR)
    always: bool = False
    """A proof is asked for even of the first."""
    crowd: tuple[int, timedelta] | None = None
    """Tries of everybody together beyond which each must bring a proof: a flood from many addresses."""
    all: tuple[int, timedelta] | None = None
    """And so many that nobody gets through: what costs money has an end."""


LIMITS: dict[str, Limits] = {
    "code": Limits(
        device=(10, HOUR),
        phone=((1, MINUTE), (5, HOUR), (10, DAY)),
        quiet=(10, 10 * MINUTE),
        address=(2000, HOUR),
        crowd=(600, HOUR),
        all=(4000, HOUR),
    ),
    "sign_in": Limits(device=(60, HOUR), phone=((20, HOUR),), quiet=(60, 10 * MINUTE)),
    "wechat": Limits(device=(60, HOUR), quiet=(60, 10 * MINUTE)),
    "guest": Limits(device=(10, HOUR), quiet=(10, 10 * MINUTE), address=(2000, HOUR), always=True),
    "real_name": Limits(person=(5, DAY)),
    "report": Limits(person=(40, HOUR), device=(60, HOUR), quiet=(30, 10 * MINUTE)),
    "join": Limits(person=(60, HOUR), device=(60, HOUR), quiet=(60, 10 * MINUTE)),
    "claim": Limits(person=(20, HOUR), device=(20, HOUR), quiet=(20, 10 * MINUTE), address=(600, HOUR)),
    "upload": Limits(person=(200, HOUR), device=(200, HOUR), quiet=(2000, 10 * MINUTE), address=(20_000, HOUR)),
    "near": Limits(person=(240, HOUR), device=(240, HOUR), quiet=(300, 10 * MINUTE), address=(20_000, HOUR)),
    "places": Limits(person=(600, HOUR), device=(600, HOUR), quiet=(600, 10 * MINUTE), address=(20_000, HOUR)),
}
OTHERS = Limits(person=(60, HOUR), device=(60, HOUR))
LIGHT = ("near", "places", "upload")
"""What is asked while somebody types or adds photos: it makes nobody's proof harder."""


def check(what: str, request: HttpRequest, *, person: UUID | None = None, phone: str = "", proof: str = "") -> None:
    """
    Count this try, and refuse it when it is one too many; what is refused here does not count again.

    `person` is the acting one unless another is given. Raises TooMany (429, with Retry-After) or ProofNeeded (429): the client
    reads a challenge from `citizen/settings`, solves it and sends the same again with the header `X-Proof`.
    """
    actor = getattr(request, "actor", None)
    whos = {
        "person": str(person or (actor.person if actor else "") or ""),
        "device": request.headers.get(DEVICE, "")[:LONGEST_DEVICE],
        "phone": phone,
        "address": _network(request),
        "all": "everybody" if LIMITS.get(what, OTHERS).all else "",
    }
    found = {kind: _digest(kind, value) for kind, value in whos.items() if value}
    _judge(what, request, LIMITS.get(what, OTHERS), found, proof)
    _tries(request).extend((what, who) for who in found.values())


def check_citizen(what: str, request: HttpRequest) -> None:
    """The same where officials come, too: they are known by name and have no limits of this kind."""
    if getattr(getattr(request, "actor", None), "veiled", False):
        check(what, request)


def _judge(what: str, request: HttpRequest, limits: Limits, found: Mapping[str, str], proof: str) -> None:
    rules = list(_rules(limits, found))
    counts = _counts(what, rules)
    if settings.ANLAN_FLOODS == "count":
        return
    for rule, count in zip(rules, counts, strict=True):
        if rule.refuses and count >= rule.most:
            raise _too_many(what, rule)
    loud = any(count >= rule.most for rule, count in zip(rules, counts, strict=True) if not rule.refuses)
    if (loud or limits.always) and not proofs.accept(proof or request.headers.get(PROOF, ""), bits=bits_for(request)):
        raise proofs.ProofNeeded


def bits_for(request: HttpRequest) -> int:
    """How hard a proof from this address must be now: one bit more each time what it tried doubles."""
    who = _digest("address", _network(request))
    heavy = Try.objects.filter(who=who, at__gt=clock.now() - HOUR, what__in=set(LIMITS) - set(LIGHT))
    count = heavy.values("pk")[:5000].count()
    return min(proofs.MOST, proofs.LEAST + max(0, int(log2(max(1, count) / 10))))


def keep(request: HttpRequest) -> None:
    """Write what this request tried: with what it did when that stands, and apart from it when it was undone."""
    if tries := getattr(request, "tries", None):
        Try.objects.bulk_create([Try(id=new_id(), what=what, who=who, at=clock.now()) for what, who in tries])
        request.tries = []  # type: ignore[attr-defined]


def _tries(request: HttpRequest) -> list[tuple[str, str]]:
    if not hasattr(request, "tries"):
        request.tries = []  # type: ignore[attr-defined]
    found: list[tuple[str, str]] = request.tries  # type: ignore[attr-defined]
    return found


@dataclass(frozen=True)
class _Rule:
    """So many tries of one within a time: then it is refused, or asked for a proof."""

    who: str
    most: int
    within: timedelta
    refuses: bool = True


def _rules(limits: Limits, found: Mapping[str, str]) -> Iterator[_Rule]:
    """A request over a socket of this machine has no address."""
    each = (("person", limits.person), ("device", limits.device), ("address", limits.address), ("all", limits.all))
    for kind, one in each:
        if one is not None and kind in found:
            yield _Rule(found[kind], *one)
    if "phone" in found:
        for one in limits.phone:
            yield _Rule(found["phone"], *one)
    if "address" in found:
        yield _Rule(found["address"], *limits.quiet, refuses=False)
    if "all" in found and limits.crowd:
        yield _Rule(found["all"], *limits.crowd, refuses=False)


def _counts(what: str, rules: Sequence[_Rule]) -> list[int]:
    """How often each tried, in one query: a report passes here, too."""
    if not rules:
        return []
    now = clock.now()
    parts = ", ".join("count(*) FILTER (WHERE who = %s AND at > %s)" for _rule in rules)
    each: list[Any] = [value for rule in rules for value in (rule.who, now - rule.within)]
    oldest = now - max(rule.within for rule in rules)
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {parts} FROM identity_try WHERE what = %s AND who = ANY(%s) AND at > %s",
            [*each, what, list({rule.who for rule in rules}), oldest],
        )
        return [int(one) for one in cursor.fetchone()]


def _too_many(what: str, rule: _Rule) -> TooMany:
    """With the seconds after which the oldest of the last so many no longer counts."""
    now = clock.now()
    times = Try.objects.filter(what=what, who=rule.who, at__gt=now - rule.within).order_by("-at")
    oldest = list(times.values_list("at", flat=True)[: rule.most])[-1]
    seconds = max(1, int((oldest + rule.within - now).total_seconds()) + 1)
    return too_soon(seconds)


def too_soon(seconds: int) -> TooMany:
    """That was too often: with the seconds after which it may be tried again."""
    problem = TooMany(wait=_wait(seconds))
    problem.retry_after = seconds
    return problem


def _wait(seconds: int) -> Any:
    if seconds < 120:
        return _("%(count)s seconds") % {"count": seconds}
    if seconds < 7200:
        return _("%(count)s minutes") % {"count": -(-seconds // 60)}
    return _("%(count)s hours") % {"count": -(-seconds // 3600)}


def _network(request: HttpRequest) -> str:
    """An address, or the network that is one household's: whoever has IPv6 has more addresses than anybody can count."""
    from ipaddress import ip_address, ip_network

    ip = client_ip(request)
    if ip is None or ip_address(ip).version == 4:
        return ip or ""
    return str(ip_network((ip, NETWORK), strict=False))


def _digest(kind: str, value: str) -> str:
    """Another one each day, so that tries of different days are nobody's."""
    text = f"{clock.today()}:{kind}:{value}"
    return keyed(b"flood:" + text.encode("utf-8", "replace"))[:32]


@duty("tries", every=3600.0)
def forget_old() -> int:
    """Only what still counts is kept."""
    return Try.objects.filter(at__lt=clock.now() - KEPT).delete()[0]
