"""Who may keep the chain, and which duties make sense."""

import rules
from django.utils.translation import gettext_lazy as _

from anlan.identity import roles
from anlan.kernel.actor import Actor
from anlan.registry.models import Enterprise

PARTS_OF = {
    "territorial": ("lead", "cooperate", "leader", "officer"),
    "sector": ("lead", "cooperate", "leader", "officer"),
    "committee": ("director_party", "director_government", "leader", "officer"),
}
BY_BODIES = frozenset({"lead", "cooperate"})
"""Parts an organisation has; the others are a person's."""
SINGLE = (("territorial", "lead"), ("sector", "lead"), ("sector", "leader"), ("committee", "director_party"),
          ("committee", "director_government"))  # fmt: skip
"""What exactly one holder has in each place (and field)."""


@rules.predicate
def keeps_chain(actor: Actor, _target: object = None) -> bool:
    """The committee office of a territory keeps the duties of that territory and all below it; nobody else does."""
    return actor.role == roles.OFFICE or actor.is_system


@rules.predicate
def reads_chain(actor: Actor, _target: object = None) -> bool:
    return actor.role in roles.OFFICIALS or actor.is_system


@rules.predicate
def keeps_cards(actor: Actor, enterprise: Enterprise) -> bool:
    """An enterprise writes its own lists: the principal answers for them, the safety manager keeps them."""
    own = actor.role in roles.ENTERPRISE_POSTS and enterprise.pk in actor.enterprises
    return (own or actor.is_system) and enterprise.status != "closed"


def duty_faults(
    *, kind: str, part: str, industry: object, matter: str, organisation: object, person: object
) -> dict[str, list[object]]:
    """What does not fit together, by field."""
    wrong: dict[str, list[object]] = {}
    if part not in PARTS_OF[kind]:
        wrong["part"] = [_("This part does not belong to this kind of duty.")]
    if kind == "sector" and not industry:
        wrong["industry"] = [_("A sector duty needs its industry.")]
    if kind != "sector" and industry:
        wrong["industry"] = [_("Only a sector duty has an industry.")]
    if kind != "sector" and matter:
        wrong["matter"] = [_("Only a sector can be divided.")]
    if part in BY_BODIES and not organisation:
        wrong["organisation"] = [_("Name the organisation that has this duty.")]
    if part not in BY_BODIES and not person:
        wrong["post"] = [_("Name the person: choose a post, or write a name.")]
    return wrong
