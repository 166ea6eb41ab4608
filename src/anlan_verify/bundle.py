"""
The evidence bundle: its layout, and how it is written. ``docs/explanation/evidence.md`` describes it for readers.

Writing never judges: a platform whose database was tampered with must export what the database says, so that the
verifier finds it.
"""

import hashlib
import json
import os
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from io import BytesIO
from pathlib import Path
from typing import IO, Any

from anlan_verify import canonical, merkle
from anlan_verify.archive import CHUNK
from anlan_verify.entry import Proof, is_digest, sha256
from anlan_verify.heads import SignedHead
from anlan_verify.readme import README

FORMAT = "anlan-evidence/1"
MANIFEST, RECORD, HEAD, KEY, WITNESS, README_NAME = (
    "manifest.json",
    "record.json",
    "head.json",
    "key.pem",
    "witness.jsonl",
    "README.txt",
)
NO_DATE = (1980, 1, 1, 0, 0, 0)  # equal evidence gives equal bytes


def entry_name(number: int) -> str:
    return f"entries/{number:04}.json"


def proof_name(entry: str) -> str:
    return entry.removesuffix(".json") + ".proof.json"


def consistency_name(size: int) -> str:
    return f"consistency/{size}.json"


def prove(
    get: merkle.GetNode, *, index: int, leaf: bytes, size: int, tree: merkle.TreeHash = merkle.SHA256
) -> Proof | None:
    """The inclusion proof as the stored nodes give it; None where they have holes."""
    try:
        return Proof(
            index=index, size=size, leaf=leaf.hex(), path=tuple(merkle.inclusion_proof(get, index, size, tree))
        )
    except LookupError:
        return None


def prove_heads(
    get: merkle.GetNode, heads: Sequence[SignedHead], *, size: int, tree: merkle.TreeHash = merkle.SHA256
) -> dict[int, list[bytes]]:
    """Consistency proofs from each older head to ``size``; left out where the stored nodes have holes."""
    proofs = {}
    for old in sorted({head.size for head in heads if 0 < head.size < size}):
        try:
            proofs[old] = merkle.consistency_proof(get, old, size, tree)
        except LookupError:
            continue
    return proofs


def mentioned_files(entries: Iterable[bytes]) -> set[str]:
    """The digests that entries name, even entries that were tampered with: the export must go through."""
    found: set[str] = set()
    for raw in entries:
        with suppress(ValueError, RecursionError):
            body = json.loads(raw)
            files = body.get("files") if isinstance(body, dict) else None
            found.update(filter(is_digest, files if isinstance(files, list) else []))
    return found


def write(
    path: Path,
    *,
    subject: Mapping[str, str],
    record: Mapping[str, Any],
    entries: Sequence[bytes],
    proofs: Sequence[Proof | None],
    head: SignedHead | None,
    witness: Sequence[SignedHead],
    consistency: Mapping[int, Sequence[bytes]],
    files: Mapping[str, Path | bytes | None],
    key: bytes,
    exported_at: str,
    exported_by: str,
) -> None:
    """
    Writes the bundle at ``path``, whole or not at all.

    ``entries`` are the stored bytes, oldest first, with a proof each (None: not sealed yet); ``files`` maps the digests
    the entries name to content (None: the file is gone); ``key`` is the public key, or several, as PEM;
    ``exported_at`` must have been read before the head was.
    """
    texts = {RECORD: canonical.dumps(dict(record)), KEY: key, README_NAME: README.encode()}
    texts[WITNESS] = b"".join(kept.dumps() + b"\n" for kept in witness)
    if head:
        texts[HEAD] = head.dumps()
    for number, (raw, proof) in enumerate(zip(entries, proofs, strict=True), start=1):
        texts[entry_name(number)] = raw
        if proof:
            body = {**vars(proof), "path": [step.hex() for step in proof.path]}
            texts[proof_name(entry_name(number))] = canonical.dumps(body)
    for old, steps in consistency.items():
        body = {"old": old, "new": head.size if head else 0, "path": [step.hex() for step in steps]}
        texts[consistency_name(old)] = canonical.dumps(body)
    manifest: dict[str, Any] = {
        "format": FORMAT,
        "subject": dict(subject),
        "exported_at": exported_at,
        "exported_by": exported_by,
        "log": head.log if head else None,
        "counts": {"entries": len(entries), "files": len(files), "witness": len(witness)},
    }
    with _whole_or_not_at_all(path) as draft, zipfile.ZipFile(draft, "w") as archive:
        members = {name: _add_text(archive, name, data) for name, data in texts.items()}
        for digest, source in files.items():
            if isinstance(source, bytes) or (source and source.is_file()):
                members[f"files/{digest}"] = _add_file(archive, f"files/{digest}", source)
        _add_text(archive, MANIFEST, seal_manifest({**manifest, "members": members}))


def seal_manifest(manifest: Mapping[str, Any]) -> bytes:
    """The manifest with its own digest, which shows damage; forgery is for the signed head to show."""
    return canonical.dumps({**manifest, "digest": manifest_digest(manifest)})


def manifest_digest(manifest: Mapping[str, Any]) -> str:
    return sha256(canonical.dumps({name: value for name, value in manifest.items() if name != "digest"}))


def _add_text(archive: zipfile.ZipFile, name: str, data: bytes) -> str:
    archive.writestr(zipfile.ZipInfo(name, NO_DATE), data, zipfile.ZIP_DEFLATED)
    return sha256(data)


def _add_file(archive: zipfile.ZipFile, name: str, source: Path | bytes) -> str:
    """Stored, as photos do not shrink; the digest is of what was really written."""
    info, digest = zipfile.ZipInfo(name, NO_DATE), hashlib.sha256()
    info.file_size = len(source) if isinstance(source, bytes) else source.stat().st_size
    content: IO[bytes] = BytesIO(source) if isinstance(source, bytes) else source.open("rb")
    with content, archive.open(info, "w") as member:
        while chunk := content.read(CHUNK):
            digest.update(chunk)
            member.write(chunk)
    return digest.hexdigest()


@contextmanager
def _whole_or_not_at_all(path: Path) -> Iterator[Path]:
    draft = path.with_name(f".{path.name}.{os.getpid()}.{os.urandom(4).hex()}")
    try:
        yield draft
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)
