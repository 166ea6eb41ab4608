"""HTML of our own, escaped, as PDF: with nothing fetched from anywhere, so that text can make nobody fetch anything."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from anlan.kernel.errors import Problem


class NoPdf(Problem):
    """The deployment lacks the libraries that set pages."""

    code = "document.no_pdf"
    status = 503
    default_message = _(
        "This deployment cannot write PDF: its library for setting pages (Pango) is missing. Take the Word document."
    )


def printed(html: str, style: str) -> bytes:
    """Pictures come inside the page, as data addresses; any other address is refused. Raises NoPdf where Pango is not installed."""
    try:
        from weasyprint import CSS, HTML
        from weasyprint.urls import URLFetcher
    except (ImportError, OSError):
        raise NoPdf from None

    class OnlyInside(URLFetcher):
        def fetch(self, url: str, headers: Any = None) -> Any:
            if not url.startswith("data:"):
                raise ValueError(f"not fetched: {url[:60]}")
            return super().fetch(url, headers)

    page = HTML(string=html, url_fetcher=OnlyInside())
    return bytes(page.write_pdf(stylesheets=[CSS(string=style)]))
