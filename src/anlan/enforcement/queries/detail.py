"""One instrument or case with what hangs on it, as far as the reader's scope reaches."""

from datetime import datetime
from uuid import UUID

from django.db.models import Q

from anlan.enforcement.models import Answer, Case, Instrument, Organ, Service, Text
from anlan.kernel import scope
from anlan.kernel.actor import Actor
from anlan.kernel.errors import NotFound

MOST = 200


def instrument(instrument_id: UUID) -> Instrument:
    """Raises NotFound for what does not exist and for what lies outside the scope alike."""
    found = (
        Instrument.objects.select_related("docx", "pdf", "after", "withdraws", "case", "publication")
        .filter(pk=instrument_id)
        .first()
    )
    if found is None:
        raise NotFound
    if found.organ_id is not None:
        with scope.elevated("whoever sees an instrument sees which organ issued it"):
            found.organ = Organ.objects.get(pk=found.organ_id)
    return found


def texts_of(of: Instrument) -> list[Text]:
    """The versions of its words, newest first; an enterprise sees the one it was served."""
    return list(Text.objects.filter(instrument=of).order_by("-version")[:MOST])


def services_of(of: Instrument) -> list[Service]:
    return list(Service.objects.filter(instrument=of).select_related("drawing").order_by("at", "id")[:MOST])


def answers_of(of: Instrument) -> list[Answer]:
    return list(Answer.objects.filter(instrument=of).order_by("at", "id")[:MOST])


def later_of(of: Instrument) -> list[Instrument]:
    """What followed it, and what withdraws it, as far as the reader sees them."""
    return list(Instrument.objects.filter(Q(after=of) | Q(withdraws=of)).order_by("created_at", "id")[:MOST])


def case(case_id: UUID) -> Case:
    """Raises NotFound for what does not exist and for what lies outside the scope alike."""
    found = Case.objects.select_related("enterprise", "organ").filter(pk=case_id).first()
    if found is None:
        raise NotFound
    return found


def instruments_of_case(of: Case) -> list[Instrument]:
    return list(Instrument.objects.filter(case=of).order_by("created_at", "id")[:MOST])


def cases(
    actor: Actor,
    *,
    states: tuple[str, ...] = (),
    enterprise: UUID | None = None,
    after: tuple[datetime, UUID] | None = None,
    limit: int = 50,
) -> tuple[list[Case], tuple[datetime, UUID] | None]:
    """Newest first, with the place after which the next page begins."""
    rows = Case.objects.filter(scope.within(actor)).select_related("enterprise")
    if states:
        rows = rows.filter(state__in=states)
    if enterprise:
        rows = rows.filter(enterprise=enterprise)
    if after:
        rows = rows.filter(Q(created_at__lt=after[0]) | Q(id__lt=after[1]), created_at__lte=after[0])
    found = list(rows.order_by("-created_at", "-id")[: limit + 1])
    more = len(found) > limit
    found = found[:limit]
    return found, (found[-1].created_at, found[-1].pk) if more else None


def organs(actor: Actor) -> list[Organ]:
    """The organs of the actor's territory, by place."""
    seen = scope.within(actor, industry=None)
    return list(Organ.objects.filter(seen).select_related("organisation").order_by("region", "name")[:MOST])
