"""Whether a document was taken in before: by its own number and who issued it."""

from anlan.directives.models import Directive


def twin_of(region: int, reference: str, issuer: str) -> Directive | None:
    """The document of the territory with the same number, and the same issuer where both name one."""
    if not reference:
        return None
    rows = Directive.objects.filter(region=region, reference=reference).order_by("-created_at")
    return next((row for row in rows[:20] if not (row.issuer and issuer) or row.issuer == issuer), None)
