"""WeChat's opinion of what came in by its own mini-program. A job after the report is stored: an outage there delays nobody's report."""

from uuid import UUID

import structlog

from anlan.channels import setup, wechat
from anlan.channels.http import Outside
from anlan.files.lending import lend
from anlan.files.models import File
from anlan.identity.models import WechatAccount
from anlan.kernel import scope
from anlan.kernel.actor import SYSTEM
from anlan.reports.models import Hold, Report, ReportPhoto, Seal
from anlan.reports.sorting.holding import ENGINE, ask, hold_back, words_of

log = structlog.get_logger(__name__)
FORUM = 3


def wanted(report: Report) -> bool:
    """WeChat looks only at what its own users sent in its own program, and asks who they are there."""
    return report.channel == "miniprogram" and setup.has_wechat()


def look(report_id: UUID) -> str:
    """
    Ask about the words, and put the report aside when the answer is not plain; then about the photos, whose answers come later by
    themselves. Returns pass, review, risky of the words, or "" when nobody was asked. Raises `Outside` when WeChat is not there, so
    that the job tries again.

    The reporter's WeChat identity goes to WeChat alone, which gave it; nothing of it is written or logged.
    """
    if (found := _sender(report_id)) is None:
        return ""
    report, openid = found
    verdict = _look_at_words(report, openid) if report.words else ""
    _look_at_photos(report, openid)
    return verdict


def look_at_photos(report_id: UUID) -> None:
    """Those that were not asked about yet: one may be drawn long after its report came in. Raises `Outside` as `look`."""
    if (found := _sender(report_id)) is not None:
        _look_at_photos(*found)


def _sender(report_id: UUID) -> tuple[Report, str] | None:
    """A report that WeChat is asked about, and the openid of whoever sent it."""
    with scope.acting(SYSTEM):
        report = Report.objects.filter(pk=report_id).first()
        if report is None or not wanted(report):
            return None
        person = (
            Seal.objects.filter(report_id=report_id, first=True, place=0).values_list("person_id", flat=True).first()
        )
        account = WechatAccount.objects.filter(person_id=person).order_by("-at").first() if person else None
    return (report, account.openid) if account else None


def _look_at_words(report: Report, openid: str) -> str:
    try:
        verdict = wechat.check_text(report.words, openid=openid, scene=FORUM)
    except Outside as trouble:
        return _refused(report, trouble)
    if verdict.suggest == "pass":
        return "pass"
    with scope.acting(SYSTEM):
        if not Hold.objects.filter(report_id=report.pk, engine=ENGINE, what="words").exists():
            hold_back(report, engine=ENGINE, label=words_of(verdict.label))
    return verdict.suggest


def _look_at_photos(report: Report, openid: str) -> None:
    """Each once. WeChat fetches the copy without metadata from an address that is good for minutes; the answer is an event."""
    if not setup.hears_wechat():
        return
    with scope.acting(SYSTEM):
        asked = Hold.objects.filter(report_id=report.pk, engine=ENGINE, photo_id__isnull=False).values("photo_id")
        photos = list(ReportPhoto.objects.filter(report_id=report.pk, phase="report").exclude(pk__in=asked))
        files = File.objects.filter(kind="photo").exclude(display_sha256="").in_bulk([one.file_id for one in photos])
    for photo in photos:
        if photo.file_id not in files:
            continue
        url = setup.public_url(lend(files[photo.file_id]))
        try:
            trace = wechat.check_media(url, openid=openid, scene=FORUM)
        except Outside as trouble:
            _refused(report, trouble)
            continue
        with scope.acting(SYSTEM):
            ask(report.pk, what="photo", trace=trace, photo=photo.pk)


def _refused(report: Report, trouble: Outside) -> str:
    if trouble.again:
        raise trouble
    log.warning("reports.check_refused", report=str(report.pk), code=trouble.code)
    return ""
