"""
Do the entries tell one unbroken story, and does the record say what the story says?

Nothing here looks at the seal. These checks name what is missing, doubled or contradictory, in terms a reader of the
case understands; ``seal`` then proves that the entries are the ones that were sealed.
"""

from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations, pairwise
from typing import Any

from anlan_verify.canonical import dumps
from anlan_verify.entry import Entry
from anlan_verify.report import Finding

SEPARATED_STEPS = ("submit", "recheck", "close")


def check_story(
    entries: Sequence[Entry], *, subject: Any, record: Mapping[str, Any], files: Mapping[str, str]
) -> Iterator[Finding]:
    """Entries in the order of the bundle; ``files`` maps each digest under files/ to that of its content."""
    own = []
    for entry in entries:
        if entry.subject == subject:
            own.append(entry)
        else:
            yield Finding("entry.foreign_subject", {"entry": entry.title(), "found": dict(entry.subject)})
    own.sort(key=lambda entry: entry.version)
    yield from _check_versions(own)
    yield from _check_chain(own)
    yield from _check_record(own, record)
    yield from _check_files(own, files)
    yield from _check_separation(own)


def _check_versions(entries: Sequence[Entry]) -> Iterator[Finding]:
    expected = 1
    for entry in entries:
        if entry.version < expected:
            yield Finding("entry.duplicate", {"entry": entry.title(), "version": entry.version})
        elif entry.version > expected:  # one finding for the whole gap: a version may be any number
            last = entry.version - 1
            missing = str(expected) if last == expected else f"{expected}-{last}"
            yield Finding("entry.gap", {"version": missing})
        expected = max(expected, entry.version + 1)
    if not entries:
        yield Finding("entry.gap", {"version": "1"})


def _check_chain(entries: Sequence[Entry]) -> Iterator[Finding]:
    if entries and entries[0].body["prev"] is not None:
        detail = {"entry": entries[0].title(), "expected": entries[0].body["prev"], "found": None}
        yield Finding("entry.prev_mismatch", detail)
    if entries and entries[0].body["state"][0] is not None:
        detail = {"entry": entries[0].title(), "expected": None, "found": entries[0].body["state"][0]}
        yield Finding("state.chain_broken", detail)
    for before, entry in pairwise(entries):
        title = entry.title()
        if entry.body["prev"] != before.prev_hash:
            detail = {"entry": title, "expected": entry.body["prev"], "found": before.prev_hash}
            yield Finding("entry.prev_mismatch", detail)
        if entry.body["state"][0] != before.body["state"][1]:
            detail = {"entry": title, "expected": before.body["state"][1], "found": entry.body["state"][0]}
            yield Finding("state.chain_broken", detail)
        if entry.at < before.at:
            seconds = (before.at - entry.at).total_seconds()
            yield Finding("entry.time_backwards", {"entry": title, "seconds": f"{seconds:.6f}"})


def _check_record(entries: Sequence[Entry], record: Mapping[str, Any]) -> Iterator[Finding]:
    """Replays every change. A field that no entry mentions counts as null."""
    ledger: dict[str, Any] = {}
    for entry in entries:
        for name, (old, new) in entry.body["changes"].items():
            if not _same(ledger.get(name), old):
                detail = {
                    "entry": entry.title(),
                    "field": name,
                    "found": _show(old),
                    "expected": _show(ledger.get(name)),
                }
                yield Finding("change.chain_broken", detail)
            ledger[name] = new
    if entries and "state" in record:
        ledger.setdefault("state", entries[-1].body["state"][1])
    for name in sorted(ledger.keys() | record.keys()):
        if not _same(ledger.get(name), record.get(name)):
            detail = {"field": name, "ledger": _show(ledger.get(name)), "record": _show(record.get(name))}
            yield Finding("record.differs", detail)


def _check_files(entries: Sequence[Entry], files: Mapping[str, str]) -> Iterator[Finding]:
    mentioned = {digest: entry for entry in reversed(entries) for digest in entry.body["files"]}
    for digest, entry in mentioned.items():
        if digest not in files:
            yield Finding("file.missing", {"entry": entry.title(), "name": digest})
    for digest, found in files.items():
        if digest not in mentioned:
            yield Finding("file.unmentioned", {"name": digest})
        if digest != found:
            yield Finding("file.changed", {"name": digest, "found": found})


def _check_separation(entries: Sequence[Entry]) -> Iterator[Finding]:
    """Whoever says it is mended must not be who confirms it: told, not judged, for the law allows exceptions."""
    last = {entry.body["step"]: entry for entry in entries if entry.body["step"] in SEPARATED_STEPS}
    for first, second in combinations(last, 2):
        actors = [last[step].body["actor"] for step in (first, second)]
        if actors[0].get("person") is not None and actors[0]["person"] == actors[1].get("person"):
            yield Finding("separation", {"first": first, "second": second, "person": actors[0]["name"]})


def _same(one: Any, other: Any) -> bool:
    """Equal as canonical bytes: to Python, 1 and True are equal."""
    return dumps(one) == dumps(other)


def _show(value: Any) -> str:
    text = dumps(value).decode()
    return text if len(text) <= 200 else text[:200] + "…"
