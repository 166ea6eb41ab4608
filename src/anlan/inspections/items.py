"""The items of a visit: those of its fixed editions that apply to the enterprise. An unlisted item may not be inspected."""

from uuid import UUID

from anlan.inspections.models import Visit, VisitChecklist
from anlan.kernel import scope
from anlan.registry.models import Enterprise
from anlan.standards.models import Edition, Item
from anlan.standards.queries.checklists import facts_of, items_of
from anlan.standards.rules import applies


def items_of_visit(visit: Visit) -> list[Item]:
    """In the order of the lists; read once a record and kept on it."""
    kept: list[Item] | None = getattr(visit, "items_kept", None)
    if kept is None:
        with scope.elevated("whoever sees a visit sees whom it visits"):
            enterprise = Enterprise.objects.get(pk=visit.enterprise_id)
        editions = editions_of_visit(visit)
        facts = facts_of(enterprise)
        by_edition: dict[UUID, list[Item]] = {edition.pk: [] for edition in editions}
        known = {edition.pk: edition for edition in editions}
        for item in items_of(editions):
            if applies(item.applies, facts):
                item.edition = known[item.edition_id]
                by_edition[item.edition_id].append(item)
        kept = [item for edition in editions for item in by_edition[edition.pk]]
        visit.items_kept = kept  # type: ignore[attr-defined]
    return kept


def editions_of_visit(visit: Visit) -> list[Edition]:
    rows = VisitChecklist.objects.filter(visit_id=visit.pk).select_related("edition__checklist").order_by("id")
    return [row.edition for row in rows]


def item_of(visit: Visit, item: UUID) -> Item | None:
    """One item of the visit, or None when it is not on its lists or does not apply."""
    return next((one for one in items_of_visit(visit) if one.pk == item), None)
