"""What must be alive: the worker's duties, the queue, and a clock that somebody keeps."""

import ctypes
from collections.abc import Iterator

from django.db import connection

from anlan.kernel import clock
from anlan.kernel.duties import duties
from anlan.kernel.models import Pulse
from anlan.site.doctor import Answer, check, fail, ok, warn

GRACE_SECONDS = 120
VITAL = ("sequencer", "clock")
WORKER = "See that the worker runs (systemctl status anlan-worker) and what its log says."
OLD_JOB_SECONDS, VERY_OLD_JOB_SECONDS = 300, 3600
UNSYNCHRONISED = 0x40  # STA_UNSYNC of adjtimex(2)


def _silent(names: Iterator[str]) -> list[str]:
    seen = dict(Pulse.objects.values_list("name", "at"))
    moment, found = clock.now(), []
    for name in names:
        limit = duties[name].every + GRACE_SECONDS
        at = seen.get(name)
        if at is None:
            found.append(f"{name} never ran")
        elif (age := (moment - at).total_seconds()) > limit:
            found.append(f"{name} ran {age:.0f} seconds ago")
    return found


@check("running.sequencer_and_clock", database=True)
def vital() -> Answer:
    if silent := _silent(iter(VITAL)):
        return fail(f"{'; '.join(silent)}: nothing is sealed, no time limit is watched.", WORKER)
    return ok("The sequencer and the clock are alive.")


@check("running.duties", database=True)
def others() -> Answer:
    if silent := _silent(name for name in sorted(duties) if name not in VITAL):
        return warn(f"{'; '.join(silent)}.", WORKER)
    return ok("All other duties ran when they should.")


@check("running.worker", database=True)
def worker() -> Answer:
    with connection.cursor() as cursor:
        cursor.execute("SELECT extract(epoch FROM now() - max(last_heartbeat)) FROM procrastinate_workers")
        age = cursor.fetchone()[0]
    if age is None or age > GRACE_SECONDS:
        return fail("No worker takes jobs from the queue.", WORKER)
    return ok(f"A worker was heard of {age:.0f} seconds ago.")


@check("running.queue", database=True)
def queue() -> Answer:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*), extract(epoch FROM now() - min(greatest(event.at, job.scheduled_at)))"
            " FROM procrastinate_jobs job JOIN procrastinate_events event ON event.job_id = job.id"
            " WHERE job.status = 'todo' AND event.type = 'deferred' AND coalesce(job.scheduled_at, now()) <= now()"
        )
        count, age = cursor.fetchone()
    words = f"{count} jobs wait, the oldest for {age or 0:.0f} seconds."
    if age and age > VERY_OLD_JOB_SECONDS:
        return fail(words, WORKER)
    if age and age > OLD_JOB_SECONDS:
        return warn(words, WORKER)
    return ok(words)


@check("running.failed_jobs", database=True)
def failed() -> Answer:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT task_name, count(*) FROM procrastinate_jobs WHERE status = 'failed' GROUP BY 1 ORDER BY 2 DESC"
        )
        found = cursor.fetchall()
    if found:
        names = ", ".join(f"{name} ({count})" for name, count in found)
        return warn(
            f"Jobs failed for good: {names}.", "Read the worker's log, then retry: anlan manage procrastinate shell"
        )
    return ok("No job failed for good.")


@check("running.time")
def kept_time() -> Answer:
    """What the kernel says of its clock; it is the host's own, also inside a container."""
    state = _kernel_clock()
    if state is None:
        return ok("Whether this machine's clock is kept by NTP is not known here; see to it.")
    if state & UNSYNCHRONISED:
        return warn(
            "Nobody keeps this machine's clock: time limits and the ledger's times depend on it.",
            "Switch on NTP: timedatectl set-ntp true",
        )
    return ok("This machine's clock is kept by NTP.")


class _Timex(ctypes.Structure):
    _fields_ = (
        ("modes", ctypes.c_uint),
        ("offset", ctypes.c_long),
        ("freq", ctypes.c_long),
        ("maxerror", ctypes.c_long),
        ("esterror", ctypes.c_long),
        ("status", ctypes.c_int),
        ("rest", ctypes.c_byte * 256),
    )


def _kernel_clock() -> int | None:
    asked = _Timex()
    try:
        answer = ctypes.CDLL(None).adjtimex(ctypes.byref(asked))
    except (AttributeError, OSError):
        return None
    return int(asked.status) if answer >= 0 else None
