"""The addresses of GeoReport v2. `kind` is json or xml, as the address ends."""

from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt

from anlan.files.kinds import LARGEST
from anlan.kernel import scope
from anlan.kernel.errors import NotFound
from anlan.kernel.text import is_clean
from anlan.reports.models import Partner, Report
from anlan.reports.open311 import formats, partners, posting, requests, services
from anlan.reports.open311.faults import Fault, answering
from anlan.reports.plaza.keeping import PLAZA
from anlan.reports.plaza.serving import FRESH_SECONDS

CHANGESET = "2026-11-22T00:00:00+08:00"
SPECIFICATION = "http://wiki.open311.org/GeoReport_v2"
WORDS_KEPT_SECONDS = 300


def _jurisdiction() -> str:
    """The six digits of the city's code: the only jurisdiction served here, so that naming it is optional."""
    return f"{settings.ANLAN_CITY // 10**6:06d}"


def _check(request: HttpRequest, *methods: str) -> None:
    if request.method not in methods:
        raise Fault(400, _("%(method)s is not spoken here.") % {"method": request.method})
    asked = request.GET.get("jurisdiction_id") or (
        request.POST.get("jurisdiction_id") if request.method == "POST" else ""
    )
    if asked and asked != _jurisdiction():
        raise Fault(404, _("jurisdiction_id: only %(code)s is served here.") % {"code": _jurisdiction()})
    if not all(is_clean(text) for values in request.GET.lists() for text in (values[0], *values[1])):
        raise Fault(400, _("The request holds characters that cannot be read."))


def _kept(response: HttpResponse, seconds: int) -> HttpResponse:
    response["Cache-Control"] = f"public, max-age={seconds}"
    response["Access-Control-Allow-Origin"] = "*"  # what everybody may read, a page of anybody may read
    response["Vary"] = "Accept-Language, Cookie"
    return response


@login_not_required
@answering
def discovery(request: HttpRequest, kind: str) -> HttpResponse:
    _check(request, "GET", "HEAD")
    facts = {
        "changeset": CHANGESET,
        "contact": _("The city's work-safety committee office; call 12350."),
        "key_service": _("A partner's key is given by whoever runs this platform (anlan open311 admit)."),
        "endpoints": [
            {
                "specification": SPECIFICATION,
                "url": request.build_absolute_uri("/open311/v2"),
                "changeset": CHANGESET,
                "type": "production" if not settings.RELAXED else "test",
                "formats": ["text/xml", "application/json"],
            }
        ],
    }
    return _kept(formats.answer(facts, formats.DISCOVERY, kind), WORDS_KEPT_SECONDS)


@login_not_required
@answering
def service_list(request: HttpRequest, kind: str) -> HttpResponse:
    _check(request, "GET", "HEAD")
    with scope.acting(PLAZA):
        return _kept(formats.answer(services.services(), formats.SERVICES, kind), WORDS_KEPT_SECONDS)


@login_not_required
@answering
def service_definition(request: HttpRequest, code: str, kind: str) -> HttpResponse:
    _check(request, "GET", "HEAD")
    with scope.acting(PLAZA):
        return _kept(formats.answer(services.definition(code), formats.DEFINITION, kind), WORDS_KEPT_SECONDS)


@csrf_exempt  # a program proves itself by its key, which no other page's form can know
@login_not_required
@answering
def service_requests(request: HttpRequest, kind: str) -> HttpResponse:
    _check(request, "GET", "HEAD", "POST")
    if request.method == "POST":
        return _hand_in(request, kind)
    narrowing = requests.read(request.GET)
    with scope.acting(PLAZA):
        rows = requests.found(narrowing)
        facts = requests.shown(rows, request.build_absolute_uri, extended=_extended(request))
    return _kept(formats.answer(facts, formats.REQUESTS, kind), FRESH_SECONDS)


@login_not_required
@answering
def service_request(request: HttpRequest, number: str, kind: str) -> HttpResponse:
    """A public one for everybody; for the partner that handed it in, with its key, also before it is public."""
    _check(request, "GET", "HEAD")
    try:
        with scope.acting(PLAZA):
            facts = requests.shown([requests.one(number)], request.build_absolute_uri, extended=_extended(request))
    except NotFound:
        own = _own(request, number)
        if own is None:
            raise Fault(404, _("service_request_id: there is none, or it is not public.")) from None
        response = formats.answer([requests.not_public_yet(own)], formats.REQUESTS, kind)
        response["Cache-Control"] = "private, no-store"
        return response
    return _kept(formats.answer(facts, formats.REQUESTS, kind), FRESH_SECONDS)


@login_not_required
@answering
def token(request: HttpRequest, token: str, kind: str) -> HttpResponse:
    _check(request, "GET", "HEAD")
    with scope.acting(PLAZA):
        found = posting.report_of(token)
    if found is None:
        raise Fault(404, _("token: there is none."))
    facts = [{"service_request_id": found.number, "token": token}]
    response = formats.answer(facts, formats.REQUESTS, kind)
    response["Cache-Control"] = "private, no-store"
    return response


def _extended(request: HttpRequest) -> bool:
    return request.GET.get("extensions", "").lower() == "true"


def _partner(request: HttpRequest) -> Partner | None:
    return partners.partner_of(request.POST.get("api_key") or request.GET.get("api_key") or "")


def _own(request: HttpRequest, number: str) -> Report | None:
    partner = _partner(request)
    if partner is None:
        return None
    with scope.acting(PLAZA), scope.elevated("a partner follows what it handed in"):
        found = Report.objects.select_related("category").filter(number=number).first()
        return found if found and partners.sent_by(partner, found.pk) else None


def _hand_in(request: HttpRequest, kind: str) -> HttpResponse:
    if request.content_type not in ("application/x-www-form-urlencoded", "multipart/form-data"):
        raise Fault(400, _("Send it as application/x-www-form-urlencoded, or with pictures as multipart/form-data."))
    partner = _partner(request)
    if partner is None:
        raise Fault(403, _("api_key: it is missing or not valid."))
    pictures: list[Any] = request.FILES.getlist("media")
    if any(one.size > LARGEST for one in pictures):
        raise Fault(400, _("media: a picture is too large."))
    given = {name: request.POST.getlist(name) for name in request.POST}
    key = request.headers.get("Idempotency-Key", "")[: posting.KEY]
    posted = posting.hand_in(partner, given, [one.read() for one in pictures], key=key)
    facts = {
        "service_request_id": posted.report.number,
        "token": str(posted.report.pk),
        "service_notice": _notice(posted),
        "account_id": None,
    }
    response = formats.answer([facts], formats.REQUESTS, kind)
    response["Cache-Control"] = "private, no-store"
    return response


def _notice(posted: posting.Posted) -> str:
    words = _("It will be public once somebody has looked at it.")
    if posted.claim_code:
        words += " " + _("The reporter follows it, and claims a reward, with this code: %(code)s") % {
            "code": posted.claim_code
        }
    if posted.report.urgent:
        words += " " + _("If anybody is in danger, call 119, 120 or 110 first.")
    return words
