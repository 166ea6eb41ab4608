"""The site record to take along: Word and PDF, from the moment the record is closed."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils.http import content_disposition_header
from django.utils.translation import override
from django.views.decorators.http import require_GET

from anlan.identity.asking import reader_of
from anlan.inspections.documents import pdf, word
from anlan.inspections.documents.facts import site_record
from anlan.inspections.queries import visits as queries
from anlan.kernel.errors import NotFound

FORMS = {
    "docx": (word.write, "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    "pdf": (pdf.write, "application/pdf"),
}


@require_GET
def document(request: HttpRequest, visit_id: UUID, form: str) -> HttpResponse:
    """An official document: in Chinese whatever the reader's language."""
    reader_of(request)
    visit = queries.visit(visit_id)
    if form not in FORMS or not visit.record_digest:
        raise NotFound
    write, kind = FORMS[form]
    with override("zh-hans"):
        record = site_record(visit)
        response = HttpResponse(write(record), content_type=kind)
    name = f"{record.title}-{record.number}.{form}"
    response["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=name)
    response["X-Content-Type-Options"] = "nosniff"
    return response
