"""
A request that a partner hands in: the same verb as every other report, once however often it is sent.

The platform's own actor hands it in, so that no account stands for the reporter: a phone given goes into the seal, without one the
reporter gets a claim code. An address of a picture is never fetched: a picture comes along as a part of the request.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from anlan.files.drawing import receive_photo
from anlan.kernel import clock, scope
from anlan.kernel.actor import SYSTEM
from anlan.kernel.ids import new_id
from anlan.kernel.keyed import keyed
from anlan.kernel.text import TextError, clean_line
from anlan.kernel.turns import one_at_a_time
from anlan.reports import claims
from anlan.reports.actions import submit
from anlan.reports.models import Partner, PartnerReport, Report
from anlan.reports.open311 import partners, services
from anlan.reports.open311.faults import Fault

NOT_KEPT = ("email", "device_id", "account_id", "media_url")
"""Read and forgotten: nothing is done with them here."""
PICTURES = 3
KEY = 200


@dataclass(frozen=True, kw_only=True)
class Posted:
    report: Report
    claim_code: str


def hand_in(partner: Partner, given: Mapping[str, list[str]], pictures: list[bytes], *, key: str) -> Posted:
    """Take it in. Raises Fault, or the verb's own Problem; nothing is kept then."""
    data = _read(given)
    if len(pictures) > PICTURES:
        raise Fault(400, _("media: at most %(most)s pictures.") % {"most": PICTURES})
    with scope.acting(SYSTEM):
        mark = _mark(partner, key) if key else ""
        if mark:
            one_at_a_time(f"open311 {mark}")
            before = PartnerReport.objects.filter(partner=partner, key=mark).first()
            if before is not None:
                return _posted(Report.objects.get(pk=before.report_id), data)
        if partners.too_many(partner):
            raise Fault(429, _("api_key: too many requests within the hour."), retry_after=600)
        photos = [receive_photo(actor=SYSTEM, source=one, name="open311").pk for one in pictures]
        report = submit(actor=SYSTEM, data=data | {"photos": photos})
        PartnerReport.objects.create(
            report_id=report.pk, partner=partner, key=mark or _mark(partner, str(new_id())), at=clock.now()
        )
        return _posted(report, data)


def _posted(report: Report, data: dict[str, Any]) -> Posted:
    return Posted(report=report, claim_code="" if data["phone"] else claims.code_of(report.pk))


def _mark(partner: Partner, key: str) -> str:
    facts = f"open311:{partner.pk}:{key}".encode("utf-8", "replace")
    return keyed(facts)


def _read(given: Mapping[str, list[str]]) -> dict[str, Any]:
    """The form as the verb wants it."""
    code = _one(given, "service_code")
    if not code:
        raise Fault(400, _("service_code: this is required."))
    category = services.service(code)
    answers = services.answered(category.pk, _attributes(given))
    words = "\n".join(part for part in (_one(given, "description"), *answers) if part)
    lon, lat = _degrees(given, "long"), _degrees(given, "lat")
    if (lon is None) != (lat is None):
        raise Fault(400, _("lat, long: give both."))
    address = _one(given, "address_string")
    if lon is None and not address:
        if _one(given, "address_id"):
            raise Fault(400, _("address_id: this city keeps none. Give lat and long, or address_string."))
        raise Fault(400, _("Give lat and long, or address_string."))
    return {
        "words": words,
        "category": category.pk,
        "lon": lon,
        "lat": lat,
        "crs": "wgs84",
        "address": _line(address, "address_string", 200),
        "channel": "open311",
        "name": _line(" ".join(part for part in (_one(given, "last_name"), _one(given, "first_name")) if part), "last_name", 60),
        "phone": _line(_one(given, "phone"), "phone", 20),
    }  # fmt: skip


def _one(given: Mapping[str, list[str]], name: str) -> str:
    return (given.get(name) or [""])[-1].strip()


def _line(text: str, name: str, longest: int) -> str:
    try:
        return clean_line(text, max_length=longest)
    except TextError as error:
        raise Fault(400, f"{name}: {error}") from None


def _degrees(given: Mapping[str, list[str]], name: str) -> Decimal | None:
    text = _one(given, name)
    if not text:
        return None
    try:
        found = Decimal(text)
    except InvalidOperation:
        found = Decimal("NaN")
    if not found.is_finite():
        raise Fault(400, _("%(name)s: a number of degrees (WGS 84).") % {"name": name})
    return found


def _attributes(given: Mapping[str, list[str]]) -> dict[str, list[str]]:
    """`attribute[CODE]` once, or `attribute[CODE][]` as often as there are answers."""
    found: dict[str, list[str]] = {}
    for name, values in given.items():
        if name.startswith("attribute[") and name.endswith("]"):
            found.setdefault(name.removeprefix("attribute[").removesuffix("[]").removesuffix("]"), []).extend(values)
    return found


def report_of(token: str) -> Report | None:
    """The report of a token: known to the partner alone, who got it with the answer."""
    try:
        key = UUID(token)
    except ValueError:
        return None
    with scope.elevated("whoever has the token handed the report in"):
        sent = PartnerReport.objects.filter(report_id=key).exists()
        return Report.objects.filter(pk=key).first() if sent else None
