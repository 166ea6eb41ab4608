"""The loop's rules that a city may set: time limits, who signs, the ladder. Defaults carry their evidence mark."""

from collections.abc import Callable
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from anlan.hazards.models import SIGNERS, Hazard
from anlan.kernel.calendar import working_days
from anlan.kernel.citysettings import declare, value
from anlan.kernel.clock import end_of
from anlan.kernel.flow import Rung, Wait
from anlan.kernel.rulings import days, ladder_to, rungs, some_of, whole

RECIPIENTS = {
    "waited_for": _("who it waits for"),
    "county_regulator": _("the county's regulator"),
    "county_office": _("the county's committee office"),
    "city_office": _("the city's committee office"),
}

LIMITS = {
    "found": declare(key="hazards.days.dispatch", label=_("Days to grade and dispatch"), default=1, check=days),
    "dispatched": declare(key="hazards.days.sign", label=_("Days to sign"), default=2, check=days),
    "disputed": declare(key="hazards.days.arbitrate", label=_("Days to arbitrate"), default=3, check=days),
    "rectified": declare(
        key="hazards.days.recheck",
        label=_("Days to recheck"),
        default=10,
        check=days,
        evidence="W",
        basis="安全生产事故隐患排查治理暂行规定（总局令第16号）第十八条",
    ),
    "accepted": declare(key="hazards.days.close", label=_("Days to close off"), default=3, check=days),
}
PLAN_GENERAL = declare(key="hazards.days.plan.general", label=_("Days to plan a general hazard"), default=1, check=days)
PLAN_MAJOR = declare(key="hazards.days.plan.major", label=_("Days to plan a major hazard"), default=5, check=days)
DECIDE = declare(
    key="hazards.days.extension.decide",
    label=_("Days to decide on an extension"),
    default=10,
    check=days,
    evidence="W",
    basis="青岛 2012 挂牌督办办法",
)
ASK_LISTED = declare(
    key="hazards.days.extension.listed",
    label=_("Days before expiry to ask for a listed major hazard"),
    default=20,
    check=days,
    evidence="W",
    basis="青岛 2012 挂牌督办办法",
)
LIST_MAJOR = declare(
    key="hazards.days.list", label=_("Days to decide on listing a major hazard"), default=3, check=days
)
PUBLISH = declare(
    key="hazards.days.publish",
    label=_("Days to publish a listing"),
    default=5,
    check=days,
    evidence="W",
    basis="青岛 2012 挂牌督办办法",
)
SIGNERS_BY_SOURCE = {
    source: declare(
        key=f"hazards.signers.{source}",
        label=label,
        default=default,
        check=some_of(
            dict(SIGNERS),
            _("A list of principal, inspector, group_leader, county_leader; the principal always signs."),
            always="principal",
        ),
        evidence=mark,
        choices=tuple(SIGNERS),
    )
    for source, label, default, mark in (
        ("self", _("Signers: enterprise self-check"), ["principal"], "K"),
        ("county", _("Signers: county check"), ["principal", "inspector"], "K"),
        ("group", _("Signers: inspection group check"), ["county_leader", "group_leader", "principal"], "S0"),
        ("expert", _("Signers: expert group patrol"), ["group_leader", "principal"], "K"),
        ("citizen", _("Signers: citizen report"), ["principal", "inspector"], "K"),
        ("system", _("Signers: monitoring warning"), ["principal", "inspector"], "K"),
        ("document", _("Signers: document"), ["principal", "inspector"], "K"),
    )
}
LADDER = declare(
    key="hazards.ladder",
    label=_("Reminders and escalation"),
    default=[
        {"days": -1, "to": "waited_for"},
        {"days": 0, "to": "waited_for"},
        {"days": 1, "to": "county_regulator"},
        {"days": 3, "to": "county_office"},
        {"days": 7, "to": "city_office"},
    ],
    check=ladder_to(RECIPIENTS),
    choices=tuple(RECIPIENTS.items()),
)
LADDERS = {"": LADDER} | {
    name: declare(
        key=f"hazards.ladder.{name}",
        label=label,
        default=default,
        check=ladder_to(RECIPIENTS),
        choices=tuple(RECIPIENTS.items()),
    )
    for name, label, default in (
        (
            "extension",
            _("Reminders: a decision on an extension"),
            [{"days": 0, "to": "waited_for"}, {"days": 3, "to": "county_office"}],
        ),
        (
            "listing",
            _("Reminders: a major hazard not yet listed"),
            [{"days": 0, "to": "waited_for"}, {"days": 3, "to": "city_office"}],
        ),
        (
            "publication",
            _("Reminders: a listing not yet published"),
            [{"days": 0, "to": "waited_for"}, {"days": 3, "to": "city_office"}],
        ),
    )
}
TWO_OFFICERS = declare(
    key="hazards.major.officers",
    label=_("Officers needed to recheck a major hazard"),
    default=2,
    check=whole(1, 3, _("1, 2 or 3.")),
)


def due(hazard: Hazard) -> datetime | None:
    """When what the hazard waits for now is due; None when it waits for nothing."""
    if hazard.state == "rectifying":
        return end_of(hazard.rectify_due) if hazard.rectify_due else None
    if hazard.state == "claimed":
        setting = PLAN_MAJOR if hazard.major else PLAN_GENERAL
    elif hazard.state in LIMITS:
        setting = LIMITS[hazard.state]
    else:
        return None
    return working_days().add(hazard.state_since, value(setting.key, hazard.region))


def ladder(hazard: Hazard) -> list[Rung]:
    """The rungs in force for a hazard; level numbers follow the city's order."""
    return rungs(value(LADDER.key, hazard.region))


def recipients_of(hazard: Hazard, level: int, wait: str = "") -> str:
    """Whom a level tells: "waited_for", "county_regulator", "county_office" or "city_office"."""
    return str(value(LADDERS[wait].key, hazard.region)[level - 1]["to"])


def ladder_beside(wait: str) -> Callable[[Hazard], list[Rung]]:
    return lambda hazard: rungs(value(LADDERS[wait].key, hazard.region), lambda _days: "press")


def asked_since(hazard: Hazard) -> datetime | None:
    return hazard.asked_at if hazard.state == "rectifying" else None


def decide_by(hazard: Hazard) -> datetime | None:
    """When the decision on an extension is due."""
    return _after(asked_since(hazard), DECIDE.key, hazard)


def unlisted_since(hazard: Hazard) -> datetime | None:
    """A major hazard waits for its listing from its dispatch on."""
    return hazard.dispatched_at if hazard.major and not hazard.listing_level and hazard.open else None


def list_by(hazard: Hazard) -> datetime | None:
    return _after(unlisted_since(hazard), LIST_MAJOR.key, hazard)


def unpublished_since(hazard: Hazard) -> datetime | None:
    return hazard.listed_at if hazard.listed and hazard.published_at is None and hazard.open else None


def publish_by(hazard: Hazard) -> datetime | None:
    """When the publication of a listing is due."""
    return _after(unpublished_since(hazard), PUBLISH.key, hazard)


def _after(since: datetime | None, key: str, hazard: Hazard) -> datetime | None:
    return working_days().add(since, value(key, hazard.region)) if since else None


WAITS = tuple(
    Wait(name=name, label=label, since=since, due=due_at, ladder=ladder_beside(name))
    for name, label, since, due_at in (
        ("extension", _("a decision on the extension"), asked_since, decide_by),
        ("listing", _("listing for supervision"), unlisted_since, list_by),
        ("publication", _("publication of the listing"), unpublished_since, publish_by),
    )
)


def signers_for(source: str, region: int) -> list[str]:
    return list(value(SIGNERS_BY_SOURCE[source].key, region))
