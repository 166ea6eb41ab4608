"""The site record as PDF: HTML of our own, escaped, with nothing fetched from anywhere."""

from base64 import b64encode
from importlib.resources import files
from typing import Any

import segno
from django.template.loader import render_to_string
from django.utils.translation import gettext_lazy as _

from anlan.inspections.documents.facts import SiteRecord
from anlan.kernel.errors import Problem

STYLES = files("anlan.inspections.documents") / "site_record.css"


class NoPdf(Problem):
    """The deployment lacks the libraries that set pages; the Word document says the same."""

    code = "document.no_pdf"
    status = 503
    default_message = _(
        "This deployment cannot write PDF: its library for setting pages (Pango) is missing. Take the Word document."
    )


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
    try:
        from weasyprint import CSS, HTML
        from weasyprint.urls import URLFetcher
    except (ImportError, OSError):
        raise NoPdf from None

    class OnlyInside(URLFetcher):
        """Pictures come inside the page; any other address is refused, so that text can make nobody fetch anything."""

        def fetch(self, url: str, headers: Any = None) -> Any:
            if not url.startswith("data:"):
                raise ValueError(f"not fetched: {url[:60]}")
            return super().fetch(url, headers)

    page = HTML(string=html(record), url_fetcher=OnlyInside())
    return bytes(page.write_pdf(stylesheets=[CSS(string=STYLES.read_text(encoding="utf-8"))]))
