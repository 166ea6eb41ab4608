"""What each step does to an edition and its items."""

from collections.abc import Iterable
from datetime import timedelta
from hashlib import sha256
from typing import Any

from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from anlan.kernel import clock
from anlan.kernel.errors import Conflict, Invalid, NotFound
from anlan.kernel.flow import Taking
from anlan.kernel.ids import new_id
from anlan.registry.models import Industry
from anlan.standards import needs
from anlan.standards.models import Clause, Edition, Item, LawClause
from anlan_verify import canonical

PREDICATE = {"industry": "industries", "grade": "grades", "scale": "scales", "facility": "facilities"}
"""The key of an item's predicate → the field it is asked by."""
_COPIED = (
    "code", "place", "group", "zh", "en", "method", "evidence_asked", "law_clause_id", "basis", "applies", "weight",
    "major_clause_id", "category",
)  # fmt: skip


def draft(taking: Taking) -> None:
    edition: Edition = taking.record
    last = Edition.objects.filter(checklist=edition.checklist).aggregate(last=Max("number"))["last"] or 0
    edition.number, edition.note = last + 1, taking.data.note
    edition.author_id, edition.author_name = taking.actor.person, taking.actor.name
    edition.editor_ids = [] if taking.actor.person is None else [str(taking.actor.person)]
    before = (
        Edition.objects.filter(checklist=edition.checklist, number__lte=last).exclude(in_force_from=None)
    ).order_by("-number").first()  # fmt: skip
    taking.later.append(lambda: _copy(before, edition))


def _copy(before: Edition | None, edition: Edition) -> None:
    if before is None:
        return
    rows = Item.objects.filter(edition=before).order_by("place", "id")
    Item.objects.bulk_create(
        Item(id=new_id(), edition=edition, **{name: getattr(row, name) for name in _COPIED}) for row in rows
    )


def add_item(taking: Taking) -> None:
    data: needs.AddItem = taking.data
    edition: Edition = taking.record
    if Item.objects.filter(edition=edition, code=data.code).exists():
        raise Invalid(fields={"code": [_("Another item of this edition has this code.")]})
    if data.id is not None and Item.objects.filter(pk=data.id).exists():
        raise Conflict(_("This item was added already."), code="item.exists")
    last = Item.objects.filter(edition=edition).aggregate(last=Max("place"))["last"] or 0
    item = Item(id=data.id or new_id(), edition=edition, place=last + 1)
    fill_item(item, data)
    taking.notes["item_code"] = item.code
    taking.later.append(lambda: item.save(force_insert=True))
    _changed(taking)


def edit_item(taking: Taking) -> None:
    data: needs.ChangeItem = taking.data
    item = _item(taking)
    if data.code != item.code and Item.objects.filter(edition=taking.record, code=data.code).exists():
        raise Invalid(fields={"code": [_("Another item of this edition has this code.")]})
    was = {name: getattr(item, name) for name in _COPIED}
    fill_item(item, data)
    taking.notes["item_code"] = item.code
    taking.notes["was"] = {name: old for name, old in was.items() if getattr(item, name) != old}
    taking.later.append(item.save)
    _changed(taking)


def move_item(taking: Taking) -> None:
    """One place up or down; all places are numbered anew."""
    rows = list(Item.objects.filter(edition=taking.record).order_by("place", "id"))
    at = next((number for number, row in enumerate(rows) if row.pk == taking.data.item), None)
    if at is None:
        raise NotFound
    to = at - 1 if taking.data.up else at + 1
    if 0 <= to < len(rows):
        rows.insert(to, rows.pop(at))
    for place, row in enumerate(rows, start=1):
        row.place = place
    taking.later.append(lambda: Item.objects.bulk_update(rows, ["place"]))
    _changed(taking)


def remove_item(taking: Taking) -> None:
    item = _item(taking)
    taking.notes["item_code"] = item.code
    taking.later.append(item.delete)
    _changed(taking)


def fill(taking: Taking) -> None:
    data: needs.Fill = taking.data
    edition: Edition = taking.record
    codes = [one.code for one in data.items]
    if twice := sorted({code for code in codes if codes.count(code) > 1}):
        raise Invalid(
            fields={"items": [f"{code}: {_('Another item of this edition has this code.')}" for code in twice]}
        )
    items = [Item(id=new_id(), edition=edition, place=place) for place, _one in enumerate(data.items, start=1)]
    clauses = _known(one.law_clause for one in data.items), _known_majors(one.major_clause for one in data.items)
    fields = set(Industry.objects.values_list("code", flat=True))
    for item, one in zip(items, data.items, strict=True):
        fill_item(item, one, known=(*clauses, fields))

    def write() -> None:
        Item.objects.filter(edition=edition).delete()
        Item.objects.bulk_create(items)

    taking.later.append(write)
    _changed(taking)


def fill_item(item: Item, data: needs.ItemInput, *, known: tuple[set[Any], set[Any], set[str]] | None = None) -> None:
    """Put what was given into an item; a clause or field that is not there is told at its field."""
    laws, majors, fields = known or (
        _known([data.law_clause]),
        _known_majors([data.major_clause]),
        set(Industry.objects.values_list("code", flat=True)),
    )
    unknown = _("This clause is not known here.")
    if data.law_clause and data.law_clause not in laws:
        raise Invalid(fields={"law_clause": [unknown]})
    if data.major_clause and data.major_clause not in majors:
        raise Invalid(fields={"major_clause": [unknown]})
    if not set(data.industries) <= fields:
        raise Invalid(fields={"industries": [_("This industry is not known here. Choose one of the list.")]})
    for name in ("code", "group", "zh", "en", "method", "evidence_asked", "basis", "weight", "category"):
        setattr(item, name, getattr(data, name))
    item.law_clause_id, item.major_clause_id = data.law_clause, data.major_clause
    item.applies = {key: list(wanted) for key, name in PREDICATE.items() if (wanted := getattr(data, name))}


def _known(ids: Iterable[Any]) -> set[Any]:
    return set(LawClause.objects.filter(pk__in=[one for one in ids if one]).values_list("pk", flat=True))


def _known_majors(ids: Iterable[Any]) -> set[Any]:
    return set(Clause.objects.filter(pk__in=[one for one in ids if one]).values_list("pk", flat=True))


def _item(taking: Taking) -> Item:
    item = Item.objects.filter(edition=taking.record, pk=taking.data.item).first()
    if item is None:
        raise NotFound
    return item


def _changed(taking: Taking) -> None:
    person = str(taking.actor.person)
    if taking.actor.person is not None and person not in taking.record.editor_ids:
        taking.record.editor_ids = [*taking.record.editor_ids, person]


def review(taking: Taking) -> None:
    taking.record.reviewer_id, taking.record.reviewer_name = taking.actor.person, taking.actor.name


def send_back(taking: Taking) -> None:
    taking.record.reviewer_id, taking.record.reviewer_name = None, ""


def publish(taking: Taking) -> None:
    edition: Edition = taking.record
    start = taking.data.in_force_from or clock.today()
    if start < clock.today() and not taking.actor.is_system:  # what is shipped may hold for a past that is loaded too
        raise Invalid(fields={"in_force_from": [_("It cannot come into force before today.")]})
    edition.in_force_from, edition.in_force_to = start, None
    edition.note = taking.data.note or edition.note
    edition.digest = taking.digest = digest(edition)


def replace(taking: Taking) -> None:
    taking.record.in_force_to = taking.data.until


def restore(taking: Taking) -> None:
    taking.record.in_force_to = None


def withdraw(taking: Taking) -> None:
    """At once: from today on nobody asks from it."""
    edition: Edition = taking.record
    if edition.in_force_from is not None:
        edition.in_force_to = clock.today() - timedelta(days=1)


def digest(edition: Edition) -> str:
    """SHA-256 over everything a visit asks by this edition, in its order."""
    rows = Item.objects.filter(edition=edition).select_related("law_clause", "major_clause").order_by("place", "id")
    items = [
        {
            "code": row.code,
            "group": row.group,
            "zh": row.zh,
            "en": row.en,
            "method": row.method,
            "evidence_asked": row.evidence_asked,
            "law": _law_key(row.law_clause),
            "basis": row.basis,
            "applies": row.applies,
            "weight": row.weight,
            "major": _major_key(row.major_clause),
            "category": row.category,
        }
        for row in rows
    ]
    facts = {"checklist": edition.checklist.code, "edition": edition.number, "items": items}
    return sha256(canonical.dumps(facts)).hexdigest()


def _law_key(clause: LawClause | None) -> str:
    return f"{clause.law_id}/{clause.article}/{clause.edition}" if clause else ""


def _major_key(clause: Clause | None) -> str:
    return f"{clause.criteria_id}/{clause.article}/{clause.item}/{clause.edition}" if clause else ""
