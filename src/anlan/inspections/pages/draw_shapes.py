"""What the pages of draws show and ask, in words."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from anlan.experts.models import Avoidance
from anlan.experts.queries import OWN_POST
from anlan.identity.models import Organisation
from anlan.inspections.models import Draw, DrawNotice
from anlan.kernel.actor import Actor
from anlan.kernel.forms import Maker, asked
from anlan.registry.facilities import facilities
from anlan.registry.models import Enterprise
from anlan.registry.queries import industries, industry_names, region_choices, region_names

REASONS = {
    "suspended": gettext_lazy("suspended"),
    "closed": gettext_lazy("closed"),
    "visited": gettext_lazy("visited a short time ago"),
    "planned": gettext_lazy("a visit is planned already"),
    "no_certificate": gettext_lazy("no valid certificate for this field"),
    "other_field": gettext_lazy("the post does not inspect this field"),
    "own_region": gettext_lazy("own county"),
    "enough_visits": gettext_lazy("enough visits already"),
    "last_visitor": gettext_lazy("came the last time"),
    "cap": gettext_lazy("its inspections of the year are used up"),
    OWN_POST: gettext_lazy("holds a post in it"),
    **dict(Avoidance.KINDS),
}


def counts(published: dict[str, Any]) -> list[dict[str, Any]]:
    return [
        {"label": _("Enterprises that could be drawn"), "value": len(published["enterprises"])},
        {"label": _("Officers that could be drawn"), "value": len(published["officers"])},
        {"label": _("Pairs kept apart"), "value": len(published["avoidances"])},
    ]


def pairs(published: dict[str, Any]) -> list[dict[str, Any]]:
    """Who must not meet whom, as a group like those left out."""
    names = {one["id"]: one["name"] for one in [*published["enterprises"], *published["officers"]]}
    rows = [
        {
            "name": f"{names.get(one['officer'], '')} · {names.get(one['enterprise'], '')}",
            "why": REASONS.get(one["reason"], one["reason"]),
        }
        for one in published["avoidances"]
    ]
    return [{"label": _("Pairs kept apart"), "rows": rows}] if rows else []


def left_out(published: dict[str, Any]) -> list[dict[str, Any]]:
    return [
        {"label": label, "rows": [one | {"why": REASONS.get(one["reason"], one["reason"])} for one in found]}
        for label, found in (
            (_("Enterprises left out"), published["left_out"]["enterprises"]),
            (_("Officers left out"), published["left_out"]["officers"]),
        )
        if found
    ]


def draw_facts(row: Draw) -> list[dict[str, Any]]:
    published = row.published
    found = [
        *asked_facts(row, published),
        {"label": _("Held by"), "value": row.drawer_name},
        {"label": _("Held at"), "value": row.drawn_at, "template": "components/cells/datetime.html"},
    ]
    if row.notice is None:
        found.append({"label": _("Where the seed comes from"), "value": published["seed_origin"], "wide": True})
    else:
        head = published["head"]
        found += [
            {"label": _("Announced by"), "value": row.notice.announcer_name},
            {
                "label": _("Announced at"),
                "value": row.notice.announced_at,
                "template": "components/cells/datetime.html",
            },
            {"label": _("SHA-256 of the announcement"), "value": published["announcement"], "wide": True},
            {
                "label": _("The ledger's signed head"),
                "value": _("size %(size)s (announced at %(before)s), root %(root)s")
                % {"size": head["size"], "before": published["head_size"], "root": head["root"]},
                "wide": True,
            },
        ]
    return [
        *found,
        {
            "label": _("Seed: SHA-256 of root and announcement") if row.notice else _("Seed"),
            "value": row.seed,
            "wide": True,
        },
        {"label": _("SHA-256 of the record"), "value": row.digest, "wide": True},
    ]


def asked_facts(row: Draw | DrawNotice, published: dict[str, Any]) -> list[dict[str, Any]]:
    asked_for = published["asked"]
    region = int(asked_for["region"])
    return [
        {"label": _("Number"), "value": row.number},
        {"label": _("What it is for"), "value": row.remark},
        {"label": _("Enterprises of"), "value": region_names([region])[region]},
        {"label": _("Supervision field"), "value": industry_names().get(asked_for["industry"], asked_for["industry"])},
        {"label": _("Grades"), "value": "、".join(asked_for["grades"]) or _("all")},
        {"label": _("Kind of facility"), "value": facilities().get(asked_for["facility"], "") or _("any")},
        {"label": _("Not visited for (days)"), "value": asked_for["not_visited_days"]},
        {"label": _("Not the last visitors for (days)"), "value": asked_for["last_visitor_days"]},
        {"label": _("Officers to each"), "value": asked_for["officers_each"]},
        {"label": _("Officers from other counties only"), "value": _("Yes") if asked_for["other_region"] else _("No")},
        {"label": _("Visits planned for"), "value": asked_for["planned_on"]},
        {"label": _("The body that visits"), "value": asked_for["body"]["name"] if "body" in asked_for else "–"},
    ]


def makers_for(actor: Actor) -> dict[str, Maker]:
    names = industry_names()
    fields = [(row.code, names[row.code]) for row in industries(actor)]
    grades = [(code, label) for code, label in Enterprise.GRADES if code]
    kinds = [("", _("any")), *facilities().items()]
    return {
        "region": lambda one: asked(one, forms.Select(choices=region_choices(actor))),
        "industry": lambda one: asked(one, forms.Select(choices=fields)),
        "grades": lambda one: asked(one, forms.CheckboxSelectMultiple(choices=grades)),
        "facility": lambda one: asked(one, forms.Select(choices=kinds)),
    }


def body_maker(bodies: Iterable[Organisation]) -> Maker:
    choices = [(str(one.pk), one.name) for one in bodies]
    return lambda one: asked(one, forms.Select(choices=choices))
