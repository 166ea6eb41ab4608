"""The room's forms: filters, a checklist, an item with its pickers, the steps of an edition."""

from collections.abc import Callable, Sequence
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from pydantic import BaseModel

from anlan.identity import roles
from anlan.kernel import clock
from anlan.kernel.actor import Actor
from anlan.kernel.flow import Step
from anlan.kernel.forms import InputForm, Maker, Option, Pick, Question, Source, asked, options_widget
from anlan.kernel.phrases import in_tongue
from anlan.kernel.reading import read_ids
from anlan.registry.facilities import facilities
from anlan.registry.inputs import SCALES
from anlan.registry.queries import industries, industry_names, region_choices
from anlan.standards import needs
from anlan.standards.categories import category_names
from anlan.standards.models import Checklist, Clause, Item, LawClause
from anlan.standards.queries import clauses_in_force
from anlan.standards.queries.editions import campaigns
from anlan.standards.queries.laws import law_clauses
from anlan.standards.rules import citation, law_citation
from anlan.standards.steps import PREDICATE
from anlan.standards.wording import EVIDENCE, KIND_WORDS

FOUND = 15


class ListFilter(forms.Form):
    q = forms.CharField(
        label=gettext_lazy("Words"), required=False, max_length=100, widget=forms.TextInput(attrs={"type": "search"})
    )
    industry = forms.ChoiceField(label=gettext_lazy("Industry"), required=False)
    campaign = forms.ChoiceField(label=gettext_lazy("Special campaign"), required=False)

    def __init__(self, data: Any = None) -> None:
        super().__init__(data)
        fields = [("", _("All")), ("common", _("Common to all")), *industry_names().items()]
        names = [("", _("All")), ("none", _("No campaign")), ("any", _("Any campaign")), *((n, n) for n in campaigns())]
        self.fields["industry"].choices = fields  # type: ignore[attr-defined]
        self.fields["campaign"].choices = names  # type: ignore[attr-defined]


class WordFilter(forms.Form):
    q = forms.CharField(
        label=gettext_lazy("Words"), required=False, max_length=100, widget=forms.TextInput(attrs={"type": "search"})
    )


class CountyFilter(forms.Form):
    county = forms.TypedChoiceField(label=gettext_lazy("County"), required=False, coerce=int, empty_value=None)

    def __init__(self, actor: Actor, data: Any = None) -> None:
        super().__init__(data)
        rows = [(code, name.strip("\u3000")) for code, name in region_choices(actor) if code % 1_000_000 == 0]
        counties = [(code, name) for code, name in rows if code % 100_000_000]
        self.fields["county"].choices = [("", _("All")), *counties]  # type: ignore[attr-defined]


def _checks(choices: Sequence[tuple[Any, Any]]) -> Maker:
    return lambda question: asked(question, forms.CheckboxSelectMultiple(choices=choices))


def _select(choices: Sequence[tuple[Any, Any]]) -> Maker:
    return lambda question: asked(question, options_widget(choices, required=question.required, chips=1))


def law_option(row: LawClause) -> Option:
    text = in_tongue(row)
    return Option(value=str(row.pk), label=law_citation(row), note=text, mark=row.evidence)


def major_option(row: Clause) -> Option:
    text = in_tongue(row)
    return Option(value=str(row.pk), label=citation(row), note=text, mark=row.evidence)


def find_laws(words: str) -> list[Option]:
    return [law_option(row) for row in law_clauses(words=words)[:FOUND]] if words.strip() else []


def find_majors(words: str) -> list[Option]:
    return [major_option(row) for row in clauses_in_force(clock.today(), None, words)[:FOUND]] if words.strip() else []


SEARCHES: dict[str, Callable[[str], list[Option]]] = {"law_clause": find_laws, "major_clause": find_majors}


def _chosen(kind: str, values: Sequence[str]) -> list[Option]:
    ids = read_ids(values)
    if kind == "law_clause":
        return [law_option(row) for row in LawClause.objects.filter(pk__in=ids).select_related("law")]
    return [major_option(row) for row in Clause.objects.filter(pk__in=ids).select_related("criteria")]


def _picker(kind: str) -> Maker:
    def make(question: Question) -> forms.Field:
        url = f"{reverse('standards:pick', args=[kind])}?{urlencode({'name': question.name})}"
        source = Source(
            url=url, search=SEARCHES[kind], chosen=lambda values: _chosen(kind, values), words=_("Words of the clause")
        )
        return asked(question, Pick(source))

    return make


def item_form(data: Any = None, *, item: Item | None = None, code: str = "") -> InputForm:
    fields, categories = list(industry_names().items()), category_names()
    makers: dict[str, Maker] = {
        "law_clause": _picker("law_clause"),
        "major_clause": _picker("major_clause"),
        "category": _select([("", "—"), *((code, words[0]) for code, words in categories.items())]),
        "industries": _checks(fields),
        "grades": _checks([(one, one) for one in "ABCD"]),
        "scales": _checks([one for one in SCALES if one[0]]),
        "facilities": _checks(list(facilities().items())),
    }
    options = {"evidence_asked": [(key, words) for key, words in EVIDENCE.items()]}
    return InputForm(
        needs.ItemInput, data, initial=_facts(item) if item else {"code": code}, makers=makers, options=options
    )


def _facts(item: Item) -> dict[str, Any]:
    plain = ("code", "group", "zh", "en", "method", "evidence_asked", "weight", "basis", "category")
    return {name: getattr(item, name) for name in plain} | {
        "law_clause": item.law_clause_id,
        "major_clause": item.major_clause_id,
        **{name: item.applies.get(key, []) for key, name in PREDICATE.items()},
    }


def list_form(schema: type[BaseModel], actor: Actor, data: Any = None, *, record: Checklist | None = None) -> InputForm:
    names = industry_names()
    fields = [(row.code, names[row.code]) for row in industries(actor)]
    common = [("", _("Common to all"))] if actor.role == roles.OFFICE or record else []
    makers: dict[str, Maker] = {
        "region": _select(region_choices(actor)),
        "industry": lambda question: asked(question, forms.Select(choices=[*common, *fields])),
        "kinds": _checks(list(KIND_WORDS.items())),
    }
    known = {} if record is None else {name: getattr(record, name) for name in ("zh", "en", "campaign", "kinds")}
    if record is not None:
        known["active"] = str(record.active).lower()
    return InputForm(schema, data, initial=known or {"region": actor.region}, makers=makers)


def step_form(step: Step, data: Any = None) -> InputForm:
    initial = {"in_force_from": clock.today()} if step.name == "publish" else {}
    return InputForm(step.needs, data, initial=initial)
