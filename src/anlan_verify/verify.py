"""Judges a bundle: reads each part once, lets ``story`` and ``seal`` look at it, and gathers what they find."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from anlan_verify import bundle, canonical, merkle
from anlan_verify.archive import Archive, UnusableBundleError, is_file
from anlan_verify.entry import Entry, MalformedError, Proof, check_body, is_digest, parse_path, parse_proof
from anlan_verify.heads import HeadError, Keys, SignedHead, load_public_keys, parse_head, parse_lines
from anlan_verify.report import Finding, Report
from anlan_verify.seal import SealedLog, check_head, check_inclusion, check_order, check_witness
from anlan_verify.story import check_story

ENTRY_NAME = re.compile(r"entries/\d{4,8}\.json")
CONSISTENCY_NAME = re.compile(r"consistency/\d{1,16}\.json")

REQUIRED = {bundle.RECORD, bundle.HEAD, bundle.KEY, bundle.WITNESS, bundle.README_NAME}


def verify_bundle(
    path: Path,
    *,
    keys: Keys | None = None,
    witness: Sequence[Iterable[SignedHead | None]] | None = None,
    leaves: Sequence[str] = (),
) -> Report:
    """
    ``keys`` and ``witness`` are what the judge got elsewhere, each witness the heads one keeper has, oldest first (None
    for a line that is no head); ``leaves`` are digests printed on documents the judge holds.

    Raises UnusableBundleError when there is nothing to judge.
    """
    with Archive(path) as archive:
        return _Verifier(archive).run(keys, witness, leaves)


class _Verifier:
    def __init__(self, archive: Archive) -> None:
        self.archive = archive
        self.findings: list[Finding] = []
        self.manifest = self._manifest()
        self.members = archive.names()
        self.facts: dict[str, Any] = {
            name: self.manifest[name] for name in ("format", "subject", "log", "exported_at", "exported_by")
        }

    def add(self, code: str, **detail: Any) -> None:
        self.findings.append(Finding(code, detail))

    def run(
        self, keys: Keys | None, witness: Sequence[Iterable[SignedHead | None]] | None, leaves: Sequence[str]
    ) -> Report:
        files = self._check_members()
        entries = [self._entry(name) for name in self.members if ENTRY_NAME.fullmatch(name)]
        readable = [entry for entry in entries if entry.body]
        self.findings += check_story(readable, subject=self.manifest["subject"], record=self._record(), files=files)
        self.findings += check_order(readable)
        self._check_leaves(entries, leaves)
        self._check_seal(entries, keys, witness)
        self.facts |= {"entries": len(entries), "files": len(files)}
        self._check_counts()
        return Report(self.facts, tuple(self.findings))

    def _manifest(self) -> dict[str, Any]:
        if bundle.MANIFEST not in self.archive.names():
            raise UnusableBundleError("there is no manifest.json: not an evidence bundle")
        try:
            manifest = canonical.loads(self.archive.read(bundle.MANIFEST))
            _check_manifest(manifest)
        except ValueError as error:
            raise UnusableBundleError(f"manifest.json is not that of a bundle: {error}") from error
        if manifest["format"] != bundle.FORMAT:
            raise UnusableBundleError(f"format {manifest['format']!r} is not known to this verifier ({bundle.FORMAT})")
        if manifest.get("digest") != bundle.manifest_digest(manifest):
            self.add("member.changed", name=bundle.MANIFEST)
        return dict(manifest)

    def _check_members(self) -> dict[str, str]:
        """Compares every member with the manifest; returns the digest of each original, by the name it has."""
        listed, files = self.manifest["members"], {}
        for name in sorted((listed.keys() | REQUIRED) - set(self.members)):
            self.add("member.missing", name=name)
        for name in self.members:
            if name == bundle.MANIFEST:
                continue
            digest = self.archive.sha256(name)
            if name not in listed or not self._has_a_place(name):
                self.add("member.unexpected", name=name)
            elif digest != listed[name]:
                self.add("member.changed", name=name)
            if is_file(name):
                files[name.removeprefix("files/")] = digest
        return files

    def _has_a_place(self, name: str) -> bool:
        """Whether the layout knows such a member; what no check looks at is not let in."""
        if name in REQUIRED or ENTRY_NAME.fullmatch(name) or CONSISTENCY_NAME.fullmatch(name) or is_file(name):
            return True
        entry = name.removesuffix(".proof.json") + ".json"
        return name.endswith(".proof.json") and entry in self.members and bool(ENTRY_NAME.fullmatch(entry))

    def _check_counts(self) -> None:
        counts = self.manifest["counts"]
        for what in ("entries", "witness"):
            if counts.get(what) != self.facts.get(what):
                self.add("manifest.wrong", what=what, manifest=counts.get(what), found=self.facts.get(what))

    def _read(self, name: str) -> bytes | None:
        return self.archive.read(name) if name in self.members else None

    def _record(self) -> dict[str, Any]:
        try:
            record = canonical.loads(self._read(bundle.RECORD) or b"{}")
            if not isinstance(record, dict):
                raise MalformedError("expected: an object")
        except ValueError as error:
            self.add("member.unreadable", name=bundle.RECORD, why=str(error))
            return {}
        return record

    def _entry(self, name: str) -> Entry:
        raw, body = self.archive.read(name), {}
        try:
            body = canonical.loads(raw)
            check_body(body)
        except MalformedError as error:
            self.add("entry.malformed", entry=name, why=str(error))
            body = {}
        except ValueError as error:
            self.add("entry.not_canonical", entry=name, why=str(error))
            body = {}
        return Entry(name, raw, body, self._proof(bundle.proof_name(name)))

    def _proof(self, name: str) -> Proof | None:
        data = self._read(name)
        if data is None:
            return None
        try:
            return parse_proof(data)
        except ValueError as error:
            self.add("member.unreadable", name=name, why=str(error))
            return None

    def _check_leaves(self, entries: Sequence[Entry], leaves: Sequence[str]) -> None:
        present = {entry.prev_hash for entry in entries}
        for leaf in leaves:
            if leaf.lower() not in present:
                self.add("leaf.absent", leaf=leaf)

    def _head(self) -> tuple[SignedHead, merkle.TreeHash] | None:
        data = self._read(bundle.HEAD)
        if data is None:
            return None
        try:
            head = parse_head(data)
            return head, merkle.tree_hash(head.algorithm)
        except ValueError as error:
            self.add("member.unreadable", name=bundle.HEAD, why=str(error))
            return None

    def _own_keys(self) -> Keys:
        try:
            return load_public_keys(self._read(bundle.KEY) or b"")
        except HeadError as error:
            self.add("member.unreadable", name=bundle.KEY, why=str(error))
            return {}

    def _check_seal(
        self, entries: Sequence[Entry], trusted: Keys | None, witness: Sequence[Iterable[SignedHead | None]] | None
    ) -> None:
        own_keys = self._own_keys()
        own_witness = list(parse_lines((self._read(bundle.WITNESS) or b"").splitlines()))
        self.facts["witness"] = len(own_witness)
        head_and_tree = self._head()
        if head_and_tree is None:
            return  # without a head nothing is proved, and it was told above
        head, tree = head_and_tree
        keys = own_keys if trusted is None else trusted
        self.facts["head"] = vars(head)
        if head.log != self.manifest["log"]:
            self.add("manifest.wrong", what="log", manifest=self.manifest["log"], found=head.log)
        self.findings += check_head(head, keys)
        if trusted is None:
            self.add("head.unpinned", key_id=head.key_id)
        self.findings += check_inclusion(entries, head, tree)
        exported_at = canonical.parse_timestamp(self.manifest["exported_at"])
        log = SealedLog(head, tree, keys, exported_at, self._consistency(head))
        self._check_witness(log, entries, own_witness, witness)

    def _check_witness(
        self,
        log: SealedLog,
        entries: Sequence[Entry],
        own: Sequence[SignedHead | None],
        given: Sequence[Iterable[SignedHead | None]] | None,
    ) -> None:
        findings, counts = check_witness(own, log, entries)
        if counts["unreadable"]:
            self.add("member.unreadable", name=bundle.WITNESS, why=f"{counts['unreadable']} lines are no heads")
        if given is None:
            self.findings += findings
            self.add("witness.none")
            return
        total: Counter[str] = Counter()
        for heads in given:
            more, counts = check_witness(heads, log, entries)
            findings += [finding for finding in more if finding not in findings]
            total.update(counts)
            if not counts["of_this_log"]:
                self.add("witness.absent", log=log.head.log)
        self.findings += findings
        self.facts["witness_given"] = dict(total)
        if total["unreadable"]:
            self.add("witness.unreadable", count=total["unreadable"])

    def _consistency(self, head: SignedHead) -> dict[int, tuple[bytes, ...]]:
        proofs = {}
        for name in filter(CONSISTENCY_NAME.fullmatch, self.members):
            try:
                value = canonical.loads(self.archive.read(name))
                if not isinstance(value, dict) or value.get("new") != head.size or type(value.get("old")) is not int:
                    raise MalformedError("expected: old, and new as the size of the head")
                proofs[value["old"]] = parse_path(value.get("path"))
            except ValueError as error:
                self.add("member.unreadable", name=name, why=str(error))
        return proofs


def _check_manifest(manifest: Any) -> None:
    def need(condition: bool, what: str) -> None:
        if not condition:
            raise MalformedError(f"expected: {what}")

    need(isinstance(manifest, dict), "an object")
    need(isinstance(manifest.get("format"), str), "a format")
    subject, members, counts = (manifest.get(name) for name in ("subject", "members", "counts"))
    need(isinstance(subject, dict) and subject.keys() == {"type", "id"}, "a subject with type and id")
    need(isinstance(members, dict) and all(map(is_digest, members.values())), "members with digests")
    need(isinstance(counts, dict), "counts")
    need("log" in manifest and isinstance(manifest.get("exported_by"), str), "log and exported_by")
    canonical.parse_timestamp(manifest.get("exported_at"))
