"""Shared by the room's pages."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from anlan.identity.asking import reader_of
from anlan.kernel.actor import Actor
from anlan.kernel.phrases import in_tongue
from anlan.plans.models import Plan, PlanItem
from anlan.plans.queries import tree
from anlan.plans.rules import READERS, keeps


def asker(request: HttpRequest) -> Actor:
    """Officials of bodies that have a part in a campaign; everybody else is refused, whatever lies in their territory."""
    return reader_of(request, READERS)


def item_url(item: PlanItem | UUID) -> str:
    return reverse("plans:item", args=[getattr(item, "pk", item)])


@dataclass(frozen=True, kw_only=True)
class Opened:
    """A plan with the year that is looked at."""

    actor: Actor
    plan: Plan
    year: int

    @property
    def title(self) -> str:
        return in_tongue(self.plan.campaign)

    @property
    def mine(self) -> bool:
        """Whether this post writes it."""
        return keeps(self.actor, self.plan.region)

    @property
    def own(self) -> bool:
        """Whether it is of this post's own territory: an office above may mend a county's plan, but brings no file into it."""
        return self.mine and self.plan.region == self.actor.region

    def url(self, name: str, **asked: Any) -> str:
        query = urlencode({"year": self.year, **{key: one for key, one in asked.items() if one}})
        return f"{reverse(f'plans:{name}', args=[self.plan.pk])}?{query}"

    def context(self, here: str) -> dict[str, Any]:
        """What every page of a plan has on top: its name, its years, its other pages."""
        return {
            "plan": self.plan,
            "year": self.year,
            "mine": self.mine,
            "own": self.own,
            "title": self.title,
            "crumbs": [
                {"label": _("Campaign plans"), "url": reverse("plans:list") + "?all=1"},
                {"label": self.title, "url": self.url("tree") if here != "tree" else ""},
            ],
            "views": self._views(here),
            "years": [
                {
                    "label": str(one),
                    "url": f"{reverse(f'plans:{here}', args=[self.plan.pk])}?year={one}",
                    "active": one == self.year,
                }
                for one in tree.years(self.plan)
            ],
        }

    def _views(self, here: str) -> list[dict[str, Any]]:
        pages = [
            ("tree", _("Plan tree")),
            ("units", _("By unit")),
            ("regions", _("By region and system")),
            ("calendar", _("Timetable")),
            ("items", _("List of items")),
        ]
        if self.mine:
            pages.append(("checks", _("Self-check")))
        return [{"label": label, "url": self.url(name), "active": name == here} for name, label in pages]


def opened(request: HttpRequest, plan_id: UUID) -> Opened:
    actor = asker(request)
    plan = tree.plan(plan_id)
    asked = request.GET.get("year", "")
    year = int(asked) if asked.isascii() and asked.isdigit() and len(asked) == 4 else None
    return Opened(actor=actor, plan=plan, year=tree.year_of(plan, year))
