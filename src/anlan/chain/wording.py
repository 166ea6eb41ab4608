"""The words of duties, cards and what the checker finds."""

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from anlan.kernel.phrases import chinese

DATA = Path(__file__).parent / "data"

WORDS: dict[str, Any] = {
    "no_lead": _("No department leads"),
    "no_leader": _("No leader in charge"),
    "no_territorial": _("No government named for the territory"),
    "one_director_missing": _("The committee lacks a director"),
    "ended_without_successor": _("Ended without a successor"),
    "two_leads": _("More than one department leads the whole"),
    "two_holders": _("One duty, several holders"),
    "part_overlap": _("The same part is led twice"),
    "part_gap": _("Divided, and nobody has the rest"),
    "holder_left": _("The holder has left office"),
    "body_gone": _("The organisation is closed"),
    "uncovered": _("Enterprises that nobody supervises"),
    "no_principal": _("Enterprises without a principal"),
    "no_safety_manager": _("Enterprises without a safety manager"),
    "no_principal_card": _("Principals without a duty card"),
    "card_unsigned": _("Enterprises with cards not acknowledged"),
    "risk_without_holder": _("Risk points on a card that nobody holds"),
}
GROUPS: dict[str, Any] = {
    "omission": _("Omissions"),
    "overlap": _("Overlaps"),
    "blind": _("Blind spots"),
    "vacant": _("Vacancies"),
    "enterprise": _("In enterprises"),
}
SEVERITIES: dict[int, tuple[Any, str]] = {
    1: (_("nobody answers"), "late"),
    2: (_("not clear who answers"), "disputed"),
    3: (_("to be put in order"), "waiting"),
}
MEND: dict[str, Any] = {
    "omission": _("Give the duty"),
    "overlap": _("End or divide one of them"),
    "blind": _("Name who has the rest"),
    "vacant": _("Name a successor"),
    "enterprise": _("See the enterprises"),
}


@dataclass(frozen=True, kw_only=True)
class CheckKind:
    """One thing the checker looks for, with its ground."""

    name: str
    severity: int
    group: str
    basis: str
    evidence: str

    @property
    def words(self) -> Any:
        return WORDS[self.name]


@cache
def checks() -> dict[str, CheckKind]:
    read = tomllib.loads((DATA / "checks.toml").read_text(encoding="utf-8"))
    return {name: CheckKind(name=name, **facts) for name, facts in read.items()}


@dataclass(frozen=True, kw_only=True)
class CardDefault:
    """What a post of a level usually must do, in the reader's language."""

    level: str
    title: str
    duties: tuple[str, ...]
    emergency: str
    basis: str
    evidence: str


@cache
def _cards() -> dict[str, dict[str, Any]]:
    return tomllib.loads((DATA / "cards.toml").read_text(encoding="utf-8"))


def card_default(level: str) -> CardDefault:
    facts = _cards()[level]
    language = "zh" if chinese() else "en"
    return CardDefault(
        level=level,
        title=facts[f"title_{language}"],
        duties=tuple(facts[language]),
        emergency=facts[f"emergency_{language}"],
        basis=facts["basis"],
        evidence=facts["evidence"],
    )


KINDS: dict[tuple[str, str], Any] = {
    ("committee", "director_party"): _("Committee director, party secretary"),
    ("committee", "director_government"): _("Committee director, head of government"),
    ("territorial", "leader"): _("Leader of the territory"),
    ("territorial", "lead"): _("Territorial duty"),
    ("territorial", "officer"): _("Officer of the territory"),
    ("sector", "leader"): _("Leader in charge of the sector"),
    ("sector", "lead"): _("Leading department"),
    ("sector", "cooperate"): _("Cooperating department"),
    ("sector", "officer"): _("Officer of the department"),
    ("principal", "principal"): pgettext_lazy("responsibility", "Principal duty"),
    ("principal", "safety_manager"): _("Safety manager"),
}


@dataclass(frozen=True, kw_only=True)
class Link:
    """One link of a chain in words."""

    label: str
    words: str


def chain_links(chain: list[dict[str, Any]]) -> list[Link]:
    """A chain as `queries.chain_for` gave it, in the reader's words."""
    found = []
    for link in chain:
        who = " ".join(filter(None, (link["organisation"], link["title"], link["person"])))
        if link["matter"]:
            who = gettext("%(who)s (%(matter)s)") % {"who": who, "matter": link["matter"]}
        if link["vacant"]:
            who = gettext("%(who)s: vacant") % {"who": who}
        label = KINDS.get((link["kind"], link["part"]), link["part"])
        found.append(Link(label=str(label), words=gettext("not settled") if link["missing"] else who))
    return found
