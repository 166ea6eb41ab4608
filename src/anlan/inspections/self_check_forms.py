"""What the pages of self-checks ask: the sheet of one check, and the small forms of cycles and reasons."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID, uuid5

from django import forms
from django.utils.translation import gettext as _

from anlan.inspections import beside
from anlan.inspections.models.self_check import CYCLES
from anlan.inspections.queries.self_check import CheckItem
from anlan.inspections.wording_self_check import VALUES
from anlan.kernel.actor import Actor
from anlan.kernel.forms import UPLOADS
from anlan.kernel.ids import new_id
from anlan.kernel.reading import read_id
from anlan.registry.queries import region_choices

FURTHER = "further"
"""The place for something found that no item asks for."""
TYPED = ("value", "remark", "place", "category", "description")


@dataclass
class Line:
    """One item of the sheet with what was typed at it, or the free place at its end."""

    key: str
    item: CheckItem | None
    typed: dict[str, str]
    photos: list[str]
    errors: dict[str, list[str]] = field(default_factory=dict)

    @property
    def picker(self) -> dict[str, Any]:
        name = f"photos_{self.key}"
        return {
            "name": name,
            "id": f"id_{name}",
            "url": UPLOADS,
            "max": "9",
            "ids": self.photos,
            "capture": "environment",
        }

    @property
    def finds(self) -> bool:
        """Whether a finding was entered here."""
        if self.item is not None:
            return self.typed["value"] == "no"
        return any(self.typed[name] for name in ("place", "description")) or bool(self.photos)

    @property
    def options(self) -> list[dict[str, Any]]:
        return [{"value": code, "label": label, "checked": self.typed["value"] == code} for code, label in VALUES[:3]]


class Sheet:
    """
    The form of one check. It draws and keeps what was typed; right and wrong is said by the verb.

    Ids of findings follow from that of the check, so that the same form sent twice is the same record.
    """

    def __init__(self, items: list[CheckItem], data: Any = None, *, pk: UUID | None = None) -> None:
        self.data: Any = {} if data is None else data
        self.bound = data is not None
        self.pk = pk or _uuid(self.data.get("check")) or new_id()
        self.errors: list[str] = []
        self.lines = [self._line(item.key, item) for item in items]
        self.further = self._line(FURTHER, None)
        self.words = self.data.get("words", "")
        self.excuse = self.data.get("excuse", "")
        self.field_errors: dict[str, list[str]] = {}
        self.photos = data.getlist("photos") if data is not None else []

    def _line(self, key: str, item: CheckItem | None) -> Line:
        typed = {name: self.data.get(f"{name}_{key}", "") for name in TYPED}
        if not self.bound and item is not None:
            typed["place"] = item.risk_point_name
        photos = self.data.getlist(f"photos_{key}") if self.bound else []
        return Line(key=key, item=item, typed=typed, photos=photos)

    @property
    def categories(self) -> list[tuple[str, str]]:
        return [("", "—"), *beside.categories().items()]

    @property
    def picker(self) -> dict[str, Any]:
        return {"name": "photos", "id": "id_photos", "url": UPLOADS, "max": "20", "ids": self.photos, "capture": ""}

    def payload(self, enterprise: UUID, cycle: str, period: date) -> dict[str, Any]:
        self.found = [line for line in [*self.lines, self.further] if line.finds]
        return {
            "enterprise": enterprise,
            "cycle": cycle,
            "period": period,
            "answers": [self._answer(line) for line in self.lines],
            "findings": [self._finding(line) for line in self.found],
            "nothing_found": not self.found,
            "photos": self.photos,
            "words": self.words,
            "excuse": self.excuse,
        }

    def _answer(self, line: Line) -> dict[str, Any]:
        item = line.item
        return {
            "control": item.control if item else None,
            "item": item.item if item else None,
            "text": item.text[:500] if item else "",
            "value": line.typed["value"],
            "remark": line.typed["remark"],
        }

    def _finding(self, line: Line) -> dict[str, Any]:
        return {
            "id": uuid5(self.pk, line.key),
            "control": line.item.control if line.item else None,
            "item": line.item.item if line.item else None,
            "risk_point": line.item.risk_point if line.item else None,
            "place": line.typed["place"],
            "category": line.typed["category"],
            "description": line.typed["description"],
            "photos": line.photos,
        }

    def refuse(self, fields: dict[str, list[Any]], detail: str) -> None:
        """Each reason at its item; the rest above the sheet."""
        for path, reasons in fields.items():
            words = [str(one) for one in reasons]
            parts = path.split(".")
            if parts[0] == "answers" and len(parts) == 3:
                self.lines[int(parts[1])].errors.setdefault(parts[2], []).extend(words)
            elif parts[0] == "findings" and len(parts) >= 3:
                self.found[int(parts[1])].errors.setdefault(parts[2], []).extend(words)
            elif path in ("words", "excuse", "photos"):
                self.field_errors.setdefault(path, []).extend(words)
            else:
                self.errors.extend(words)
        if not fields:
            self.errors.append(detail)
        elif not self.errors:
            self.errors.append(_("Some answers need attention."))

    def require_answers(self) -> bool:
        """On a page every item is looked at: an unanswered one is not sent as anything."""
        for line in self.lines:
            if line.typed["value"] not in dict(VALUES):
                line.errors["value"] = [_("Choose one.")]
        missing = any(line.errors for line in self.lines)
        if missing:
            self.errors.append(_("Some items have no answer yet."))
        return not missing


def _uuid(text: Any) -> UUID | None:
    found = read_id(text)
    return found if found and found.version == 7 else None


class MonthFilter(forms.Form):
    """The filter bar of the regulators' list."""

    month = forms.CharField(required=False, widget=forms.TextInput({"type": "month"}))
    cycle = forms.ChoiceField(required=False)
    region = forms.TypedChoiceField(required=False, coerce=int, empty_value=None)
    every = forms.BooleanField(required=False)

    def __init__(self, actor: Actor, data: Any = None) -> None:
        super().__init__(data)
        fields: dict[str, Any] = self.fields
        labels = {
            "month": _("Month"),
            "cycle": _("Cycle"),
            "region": _("Region"),
            "every": _("Also those that missed nothing"),
        }
        for name, label in labels.items():
            fields[name].label = label
        fields["cycle"].choices = [("", _("All")), *CYCLES]
        fields["region"].choices = [("", _("All")), *region_choices(actor)]
