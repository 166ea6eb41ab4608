"""Sorting that outlasts a request: looking outside, learning, and sending by the table where the city lets it."""

from uuid import UUID

import structlog
from django.db import transaction
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued

from anlan.channels.events import MediaChecked
from anlan.files.events import PhotoDrawn
from anlan.kernel import scope
from anlan.kernel.duties import duty
from anlan.kernel.errors import NotFound
from anlan.kernel.events import hears
from anlan.reports.events import ReportSubmitted
from anlan.reports.models import Report

log = structlog.get_logger(__name__)
LOOK_FOR_LESSONS = 3600.0


@app.task(name="reports.look_outside", queue="checks", retry=RetryStrategy(max_attempts=5, exponential_wait=8))
def look_outside(*, report_id: str) -> None:
    from anlan.reports.sorting.outside import look

    look(UUID(report_id))


@app.task(name="reports.look_at_photos", queue="checks", retry=RetryStrategy(max_attempts=5, exponential_wait=8))
def look_at_photos(*, report_id: str) -> None:
    from anlan.reports.sorting.outside import look_at_photos as now

    now(UUID(report_id))


@app.task(name="reports.learn", queue="learning", retry=RetryStrategy(max_attempts=2, wait=60))
def learn(*, region: int) -> None:
    from anlan.kernel.actor import SYSTEM
    from anlan.reports.sorting.learning.lessons import learn_all

    with scope.acting(SYSTEM):
        found = learn_all(actor=SYSTEM, region=region)
    log.info("reports.learnt", region=region, **{target: str(getattr(row, "pk", row)) for target, row in found.items()})


def ask_to_learn(region: int) -> bool:
    """False when it is being learnt already."""
    try:
        with transaction.atomic():  # the refusal of a second one must not take the caller's work along
            learn.configure(queueing_lock=f"reports.learn {region}").defer(region=region)
    except AlreadyEnqueued:
        return False
    return True


@hears(ReportSubmitted)
def look_at_words(event: ReportSubmitted) -> None:
    from anlan.reports.sorting.outside import wanted

    if wanted(event.report):
        look_outside.defer(report_id=str(event.report.pk))


@hears(PhotoDrawn)
def look_at_photo(event: PhotoDrawn) -> None:
    """A photo that was drawn only after its report came in has a copy that can be lent now."""
    from anlan.reports.sorting.outside import wanted

    file = event.file
    if file.subject_type != "report" or file.subject_id is None or not file.display_sha256:
        return
    with scope.elevated("by which door a report came in, whoever had its photo drawn"):
        report = Report.objects.filter(pk=file.subject_id).first()
    if report is not None and wanted(report):
        look_at_photos.defer(report_id=str(report.pk))


@hears(MediaChecked)
def take_verdict(event: MediaChecked) -> None:
    from anlan.reports.sorting.holding import take_result

    if not take_result(event.verdict.trace, event.verdict.suggest, event.verdict.label):
        # It may have overtaken the row that says what was asked: what is not taken well is sent again in a moment.
        raise NotFound


@duty("lessons", every=LOOK_FOR_LESSONS)
def look_for_lessons() -> None:
    """Asks for what is due; the learning itself is the queue's."""
    from anlan.reports.sorting.learning.lessons import due

    for region in due():
        ask_to_learn(region)
