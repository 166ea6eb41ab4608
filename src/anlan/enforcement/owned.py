"""An operator's own template, filled when an instrument's documents are made."""

from anlan.enforcement.models import Instrument, Template
from anlan.enforcement.rendering import Filled, written_by
from anlan.enforcement.templating import values, wanted
from anlan.files.actions import store
from anlan.kernel import scope
from anlan.kernel.codes import ancestors
from anlan.kernel.papers import merge
from anlan.kernel.papers.paper import Paper


def template_for(kind: str, region: int) -> Template | None:
    """The nearest territory's at or above `region`."""
    with scope.elevated("a county writes by the city's template where it has none of its own"):
        rows = Template.objects.filter(kind=kind, region__in=[region, *ancestors(region)], removed_at=None)
        return rows.order_by("-region").first()  # a code ends in more zeros the higher it stands


@written_by
def filled(instrument: Instrument, made: Paper) -> Filled | None:
    found = template_for(instrument.kind, instrument.issuer)
    if found is None:
        return None
    after = instrument.after.number if instrument.after else ""
    with store().open(found.sha256) as source:
        docx = merge.fill(
            source.read(),
            wanted(instrument.kind),
            values(instrument, made, after),
            seal=made.seal,
            about={"title": made.title, "author": made.organ, "subject": made.number},
        )
    return Filled(docx=docx, template=found.sha256)
