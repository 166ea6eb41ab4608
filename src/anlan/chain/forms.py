"""The room's forms: made from what the verbs ask, with pickers for bodies and posts."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django import forms
from django.urls import reverse
from django.utils.translation import gettext as _
from pydantic import BaseModel

from anlan.chain.models import Duty, DutyCard
from anlan.chain.queries.bodies import chosen_bodies, chosen_holders, find_bodies, find_holders
from anlan.identity.acting import post_label
from anlan.identity.models import Organisation, Post
from anlan.kernel.actor import Actor
from anlan.kernel.forms import InputForm, Maker, Option, Pick, Question, Source, asked
from anlan.kernel.reading import read_ids
from anlan.registry.points import Point, find_points, points_named
from anlan.registry.queries import industries, industry_names, region_choices


def body_options(found: Sequence[Organisation]) -> list[Option]:
    kinds = dict(Organisation.KINDS)
    return [Option(value=str(one.pk), label=one.name, mark=str(kinds[one.kind])) for one in found]


def post_options(found: Sequence[Post]) -> list[Option]:
    return [Option(value=str(one.pk), label=one.person.name, note=post_label(one)) for one in found]


def options(actor: Actor, kind: str, words: str) -> list[Option]:
    if kind == "organisation":
        return body_options(find_bodies(actor, words))
    return post_options(find_holders(actor, words))


def _pick(actor: Actor, kind: str) -> Maker:
    def chosen(values: Sequence[str]) -> Sequence[Option]:
        if kind == "organisation":
            return body_options(chosen_bodies(actor, read_ids(values)))
        return post_options(chosen_holders(actor, read_ids(values)))

    def make(question: Question) -> forms.Field:
        source = Source(
            url=f"{reverse('chain:pick', args=[kind])}?name={question.name}",
            search=lambda words: options(actor, kind, words),
            chosen=chosen,
            words=_("Part of its name") if kind == "organisation" else _("Part of a name, office or organisation"),
        )
        return asked(question, Pick(source))

    return make


def point_source(actor: Actor, enterprise: UUID, name: str) -> Source:
    """The enterprise's own risk points, several of them."""
    return Source(
        url=f"{reverse('chain:pick-points', args=[enterprise])}?name={name}",
        search=lambda words: _point_options(find_points(actor, enterprise, words)),
        chosen=lambda values: _point_options(points_named(enterprise, read_ids(values))),
        words=_("Part of its name"),
        multiple=True,
        first=True,
    )


def _point_options(found: Sequence[Point]) -> list[Option]:
    return [
        Option(
            value=str(one.id),
            label=one.name,
            note=one.place if one.active else _("%(place)s (no longer in use)") % {"place": one.place},
            mark=one.mark,
        )
        for one in found
    ]


def _lines(question: Question) -> forms.Field:
    return asked(question, forms.Textarea({"rows": 8}))


class ChainForm(InputForm):
    """Any of the verbs' inputs; duties of a card are typed one a line."""

    def __init__(
        self, actor: Actor, schema: type[BaseModel], data: Any = None, *, enterprise: UUID | None = None, **more: Any
    ) -> None:
        makers: dict[str, Maker] = {
            "organisation": _pick(actor, "organisation"),
            "post": _pick(actor, "post"),
            "leaving": _pick(actor, "post"),
            "lines": _lines,
        }
        if enterprise is not None:
            makers["risk_points"] = lambda one: asked(one, Pick(point_source(actor, enterprise, one.name)))
        names = industry_names()
        choices: dict[str, Sequence[tuple[Any, Any]]] = {
            "kind": Duty.KINDS,
            "part": Duty.PARTS,
            "level": DutyCard.LEVELS,
            "region": region_choices(actor) if "region" in schema.model_fields else [],
            "industry": [(one.pk, names[one.pk]) for one in industries(actor)]
            if "industry" in schema.model_fields
            else [],
        }
        super().__init__(schema, data, makers=makers, options=choices, **more)
        self.order_fields(["kind", "part", "region", "industry", "matter"])
        if "region" in self.fields:
            self.fields["region"].widget = forms.Select(choices=choices["region"])

    def payload(self) -> dict[str, Any]:
        found = super().payload()
        lines = self["duties"].data if "duties" in self.fields else None
        if lines is not None:
            text = lines if isinstance(lines, str) else "\n".join(lines)
            found["duties"] = [line.strip() for line in text.splitlines() if line.strip()]
        return found


def initial_of(duty: Duty) -> Mapping[str, Any]:
    return {
        "organisation": str(duty.organisation_id or ""),
        "post": str(duty.post_id or ""),
        **{name: getattr(duty, name) for name in ("person_name", "title", "phone", "matter", "basis")},
    }


class DutyFilter(forms.Form):
    q = forms.CharField(required=False)
    region = forms.TypedChoiceField(required=False, coerce=int, empty_value=None)
    kind = forms.ChoiceField(required=False)
    industry = forms.ChoiceField(required=False)
    part = forms.ChoiceField(required=False)
    when = forms.ChoiceField(required=False)

    def __init__(self, actor: Actor, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        names = industry_names()
        nothing = [("", _("All"))]
        chosen: dict[str, tuple[Any, list[tuple[Any, Any]]]] = {
            "region": (_("Region"), [*nothing, *region_choices(actor)]),
            "kind": (_("Kind of duty"), [*nothing, *Duty.KINDS]),
            "industry": (_("Industry"), [*nothing, *((one.pk, names[one.pk]) for one in industries(actor))]),
            "part": (_("Part"), [*nothing, *Duty.PARTS]),
            "when": (
                _("Time"),
                [("", _("in force")), ("ended", _("ended")), ("coming", _("not yet begun")), ("all", _("all"))],
            ),
        }
        self.fields["q"].label = _("Organisation, name or part")
        for name, (label, found) in chosen.items():
            self.fields[name].label = label
            self.fields[name].choices = found  # type: ignore[attr-defined]


class MatrixFilter(forms.Form):
    region = forms.TypedChoiceField(required=False, coerce=int, empty_value=None)
    industry = forms.ChoiceField(required=False)

    def __init__(self, actor: Actor, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        names = industry_names()
        places = [(code, name) for code, name in region_choices(actor) if code % 1_000_000 == 0]
        self.fields["region"].label, self.fields["industry"].label = _("Region"), _("Industry")
        self.fields["region"].choices = [("", _("Whole territory")), *places]  # type: ignore[attr-defined]
        self.fields["industry"].choices = [  # type: ignore[attr-defined]
            ("", _("All industries")),
            *((one.pk, names[one.pk]) for one in industries(actor)),
        ]


__all__ = ["ChainForm", "DutyFilter", "MatrixFilter", "initial_of", "options", "point_source"]
