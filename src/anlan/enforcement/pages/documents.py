"""The documents of an instrument to take along: those that were kept when it was numbered, byte for byte."""

from uuid import UUID

from django.http import FileResponse, HttpRequest
from django.http.response import HttpResponseBase
from django.views.decorators.http import require_GET

from anlan.enforcement import queries
from anlan.enforcement.pages.common import asker
from anlan.enforcement.rendering import MIMES
from anlan.enforcement.rulings import kind_of
from anlan.files.actions import store
from anlan.kernel.errors import NotFound


@require_GET
def document(request: HttpRequest, instrument_id: UUID, form: str) -> HttpResponseBase:
    """NotFound before it was numbered, and for a form that was not made."""
    asker(request)
    found = queries.instrument(instrument_id)
    digest = {"docx": found.docx_digest, "pdf": found.pdf_digest}.get(form, "")
    if not digest:
        raise NotFound
    response = FileResponse(
        store().open(digest),
        as_attachment=True,
        filename=f"{kind_of(found).zh}-{found.number}.{form}",
        content_type=MIMES[form],
    )
    response["Cache-Control"] = "private, no-store"
    response["X-Content-Type-Options"] = "nosniff"
    return response
