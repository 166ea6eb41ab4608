"""After the kills: what the clients were told, against rows, ledger, tree, files, jobs, messages, timers and counts."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from tests.faults.clients import STEPS, Ack
from tests.faults.house import rows


@dataclass(kw_only=True)
class Verdict:
    """Counts, and in words everything that must not be."""

    counts: dict[str, int] = field(default_factory=dict)
    violations: list[str] = field(default_factory=list)

    def note(self, name: str, found: Iterable[str], *, show: int = 5) -> None:
        every = list(found)
        self.counts[name] = len(every)
        self.violations += [f"{name}: {one}" for one in every[:show]]
        if len(every) > show:
            self.violations.append(f"{name}: … and {len(every) - show} more")


def reconcile(acks: Sequence[Ack], exports: Sequence[str], *, sealed: bool = True) -> Verdict:
    from anlan.hazards.tallying import drift
    from anlan.kernel.ledger.verify import verify_ledger

    verdict = Verdict()
    steps = [ack for ack in acks if ack.step != "upload"]
    verdict.counts["acked"] = len(acks)
    verdict.counts["acked_steps"] = len(steps)
    verdict.note("lost", _lost(steps, acks))
    verdict.note("doubled", _doubled(steps))
    verdict.note("half", _half())
    verdict.note("keys", _keys(acks))
    verdict.note("messages", _messages())
    verdict.note("timers", _timers())
    verdict.note("jobs", _jobs(exports))
    verdict.note("numbers", _numbers())
    verdict.note("tallies", drift())
    check = verify_ledger()
    verdict.note("ledger", check.problems)
    verdict.counts |= {"entries": check.size + check.waiting, "heads": check.heads, "files": check.files}
    if sealed and check.waiting:
        verdict.violations.append(f"ledger: {check.waiting} entries still wait to be sealed")
    return verdict


def _lost(steps: Sequence[Ack], acks: Sequence[Ack]) -> Iterator[str]:
    """Every answered step is in the ledger as that person's, at that version, and its row is at least that far."""
    entries = {
        (str(subject), version): (step, str(person))
        for subject, version, step, person in rows(
            "SELECT subject_id, version, step, person_id FROM kernel_entry WHERE subject_type = 'hazard'"
        )
    }
    versions = {str(one): version for one, version in rows("SELECT id, version FROM hazards_hazard")}
    for ack in steps:
        if entries.get((ack.record, ack.version)) != (ack.step, ack.person):
            yield f"{ack.step} of {ack.record} as version {ack.version} is not in the ledger"
        if versions.get(ack.record, 0) < ack.version:
            yield f"{ack.record} is at version {versions.get(ack.record)}, {ack.version} was answered"
    kept = {str(one): digest for one, digest in rows("SELECT id, sha256 FROM files_file")}
    for ack in acks:
        if ack.step == "upload" and kept.get(ack.record) != ack.sha256:
            yield f"the uploaded file {ack.record} is not there"


def _doubled(steps: Sequence[Ack]) -> Iterator[str]:
    """Clients ask until they are answered: what people did is exactly what was answered, in the order of the loop."""
    answered = Counter((ack.record, ack.step, ack.person) for ack in steps)
    done = Counter(
        (str(subject), step, str(person))
        for subject, step, person in rows(
            "SELECT subject_id, step, person_id FROM kernel_entry WHERE subject_type = 'hazard' AND person_id IS NOT NULL"
        )
    )
    for key in done.keys() | answered.keys():
        if done[key] != answered[key]:
            yield f"{key[1]} of {key[0]} was answered {answered[key]} times and done {done[key]} times"
    for subject, taken in rows(
        "SELECT subject_id, array_agg(step ORDER BY version) FROM kernel_entry"
        " WHERE subject_type = 'hazard' AND person_id IS NOT NULL GROUP BY 1"
    ):
        if tuple(taken) != STEPS[: len(taken)]:
            yield f"{subject} went through {', '.join(taken)}"


HALF = {
    "an entry whose photo is not tied": """
        SELECT e.subject_id, e.step FROM kernel_entry e
        WHERE e.subject_type = 'hazard' AND e.step IN ('register', 'submit')
          AND NOT EXISTS (SELECT 1 FROM hazards_photo p WHERE p.hazard_id = e.subject_id AND p.version = e.version)""",
    "a photo without its entry": """
        SELECT p.hazard_id, p.id FROM hazards_photo p WHERE NOT EXISTS
          (SELECT 1 FROM kernel_entry e JOIN files_file f ON f.id = p.file_id
           WHERE e.subject_id = p.hazard_id AND e.version = p.version
             AND position(f.sha256 IN convert_from(e.body, 'UTF8')) > 0)""",
    "a file that is tied to no photo or signature": """
        SELECT f.subject_id, f.id FROM files_file f WHERE f.subject_id IS NOT NULL
          AND NOT EXISTS (SELECT 1 FROM hazards_photo p WHERE p.file_id = f.id AND p.hazard_id = f.subject_id)
          AND NOT EXISTS (SELECT 1 FROM hazards_signature s WHERE s.drawing_id = f.id AND s.hazard_id = f.subject_id)""",
    "signatures and their entries": """
        SELECT id, (SELECT count(*) FROM hazards_signature s WHERE s.hazard_id = h.id),
          (SELECT count(*) FROM kernel_entry e WHERE e.subject_id = h.id AND e.step = 'sign') FROM hazards_hazard h
        WHERE (SELECT count(*) FROM hazards_signature s WHERE s.hazard_id = h.id)
          <> (SELECT count(*) FROM kernel_entry e WHERE e.subject_id = h.id AND e.step = 'sign')""",
    "due dates and their entries": """
        SELECT id FROM hazards_hazard h WHERE (SELECT count(*) FROM hazards_duedate d WHERE d.hazard_id = h.id)
          <> (SELECT count(*) FROM kernel_entry e WHERE e.subject_id = h.id AND e.step IN ('dispatch', 'plan'))""",
    "rechecks and their entries": """
        SELECT id FROM hazards_hazard h WHERE (SELECT count(*) FROM hazards_recheck r WHERE r.hazard_id = h.id)
          <> (SELECT count(*) FROM kernel_entry e WHERE e.subject_id = h.id AND e.step = 'recheck')""",
    "a row that does not say what its last entry says": """
        SELECT h.id, h.state FROM hazards_hazard h JOIN kernel_entry e ON e.subject_id = h.id AND e.version = h.version
        WHERE convert_from(e.body, 'UTF8')::jsonb -> 'state' ->> 1 <> h.state""",
}


def _half() -> Iterator[str]:
    for what, statement in HALF.items():
        for found in rows(statement):
            yield f"{what}: {', '.join(map(str, found))}"


def _keys(acks: Sequence[Ack]) -> Iterator[str]:
    """A key exists exactly when its write does, with the answer that was given."""
    kept = dict(rows("SELECT key, status FROM kernel_idempotencykey"))
    for ack in acks:
        if ack.key not in kept:
            yield f"the key of {ack.step} {ack.record} is gone"
    answered = {ack.key for ack in acks}
    for key, status in kept.items():
        if status is None or status >= 300:
            yield f"key {key} is kept with answer {status}"
        if key not in answered:
            yield f"key {key} is kept, yet nobody was answered"


def _messages() -> Iterator[str]:
    """The same step with the same outcome tells equally many people, every time."""
    seen: dict[tuple[str, str], Counter[int]] = {}
    for step, state, count in rows("""
        SELECT e.step, convert_from(e.body, 'UTF8')::jsonb -> 'state' ->> 1, (
          SELECT count(*) FROM notify_message m WHERE m.subject_id = e.subject_id AND m.facts ->> 'step' = e.step
          AND (m.facts ->> 'state' = convert_from(e.body, 'UTF8')::jsonb -> 'state' ->> 1))
        FROM kernel_entry e WHERE e.subject_type = 'hazard' AND e.person_id IS NOT NULL"""):
        seen.setdefault((step, state), Counter())[count] += 1
    for (step, state), counts in seen.items():
        if len(counts) > 1:
            yield f"{step} to {state} told {dict(counts)} (people: times)"
    if not any(count for counts in seen.values() for count in counts):
        yield "nobody was told anything"


def _timers() -> Iterator[str]:
    """What waits with its ladder still ahead has exactly one next rung; nothing has two."""
    for hazard, state, count in rows("""
        SELECT h.id, h.state, (SELECT count(*) FROM kernel_timer t WHERE t.clock = h.clock) FROM hazards_hazard h
        WHERE (SELECT count(*) FROM kernel_timer t WHERE t.clock = h.clock)
          <> CASE WHEN h.due_at > now() THEN 1 ELSE 0 END"""):
        yield f"{hazard} ({state}) has {count} timers"


def _jobs(exports: Sequence[str]) -> Iterator[str]:
    """Every answered request for a workbook has one job, which was done once; no job is without its request."""
    kept = {str(one): state for one, state in rows("SELECT id, state FROM registry_export")}
    jobs = rows(
        "SELECT args ->> 'export_id', id, status::text FROM procrastinate_jobs WHERE task_name = 'registry.write_export'"
    )
    per_request = Counter(str(one) for one, _id, _status in jobs)
    for one in exports:
        if one not in kept:
            yield f"request {one} was answered and is gone"
    for one, state in kept.items():
        if state != "done":
            yield f"request {one} is {state}"
        if per_request[one] != 1:
            yield f"request {one} has {per_request[one]} jobs"
    for one, job, status in jobs:
        if one not in kept:
            yield f"job {job} has no request"
        if status != "succeeded":
            yield f"job {job} is {status}"
    for job, count in rows(
        "SELECT job_id, count(*) FROM procrastinate_events WHERE type = 'succeeded' GROUP BY 1 HAVING count(*) <> 1"
    ):
        yield f"job {job} succeeded {count} times"


def _numbers() -> Iterator[str]:
    """A county's numbers have no gap: what failed gave its number back."""
    for (last,) in rows("SELECT last FROM kernel_sequence WHERE key LIKE 'hazard:%%'", []):
        [(count,)] = rows("SELECT count(*) FROM hazards_hazard")
        if last != count:
            yield f"{count} hazards, yet the last number is {last}"
