"""The room's codes in the words of its readers."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from anlan.kernel import timeline
from anlan.kernel.phrases import in_tongue, listed
from anlan.registry.facilities import facility_names
from anlan.registry.inputs import SCALES
from anlan.standards.flow import EDITION
from anlan.standards.models import Checklist, Edition, Item, Law

KIND_WORDS: dict[str, Any] = {
    "self_check": pgettext_lazy("kind of visit", "self-check"),
    "administrative": pgettext_lazy("kind of visit", "administrative inspection"),
    "supervision": pgettext_lazy("kind of visit", "supervision"),
    "expert_help": pgettext_lazy("kind of visit", "expert help"),
}
EVIDENCE: dict[str, Any] = {
    "none": pgettext_lazy("evidence asked", "none"),
    "photo": pgettext_lazy("evidence asked", "photo"),
    "document": pgettext_lazy("evidence asked", "document"),
    "number": pgettext_lazy("evidence asked", "measured value"),
    "interview": pgettext_lazy("evidence asked", "interview"),
}
LAW_KINDS: dict[str, Any] = {
    "law": gettext_lazy("law"),
    "regulation": gettext_lazy("regulation"),
    "rule": gettext_lazy("departmental rule"),
    "local": gettext_lazy("local regulation"),
    "standard": gettext_lazy("standard"),
    "document": pgettext_lazy("kind of law", "document"),
}


def named(row: Checklist | Law | Item) -> str:
    return in_tongue(row)


def state_view(edition: Edition) -> dict[str, Any]:
    return timeline.state_view(EDITION, edition)


def edition_words(edition: Edition) -> str:
    return _("Edition %(number)s") % {"number": edition.number}


def applies_words(predicate: Mapping[str, list[str]], fields: Mapping[str, str]) -> list[str]:
    """An item's predicate, one phrase for each key; `fields` are the names of the industries."""
    scales = dict(SCALES)
    words = {
        "industry": lambda codes: [fields.get(code, code) for code in codes],
        "grade": lambda codes: [_("grade %(grade)s") % {"grade": code} for code in codes],
        "scale": lambda codes: [str(scales.get(code, code)) for code in codes],
        "facility": facility_names,
    }
    return [listed(words[key](codes)) for key, codes in predicate.items() if codes and key in words]
