"""The site record as PDF: HTML of our own, escaped, with nothing fetched from anywhere."""

from base64 import b64encode
from importlib.resources import files

import segno
from django.template.loader import render_to_string

from anlan.inspections.documents.facts import SiteRecord
from anlan.kernel.papers.printing import printed

STYLES = files("anlan.inspections.documents") / "site_record.css"


def html(record: SiteRecord) -> str:
    return render_to_string(
        "inspections/site_record.html",
        {
            "record": record,
            "code": segno.make(record.code, error="m").png_data_uri(scale=4, border=2),
            "signatures": [
                {"one": one, "drawing": _data_uri(one.drawing) if one.drawing else ""} for one in record.signatures
            ],
        },
    )


def _data_uri(picture: bytes) -> str:
    return f"data:image/jpeg;base64,{b64encode(picture).decode()}"


def write(record: SiteRecord) -> bytes:
    """Raises NoPdf where Pango is not installed."""
    return printed(html(record), STYLES.read_text(encoding="utf-8"))
