"""A tus client for tests: begins, sends pieces, asks where to go on."""

from base64 import b64encode
from hashlib import sha256
from typing import Any

from tests.api.conftest import Speaker

TYPE = "application/offset+octet-stream"


def text64(text: str) -> str:
    return b64encode(text.encode()).decode()


def metadata(content: bytes, name: str = "p.jpg", media_type: str = "image/jpeg", **more: str) -> str:
    given = {"sha256": sha256(content).hexdigest(), "filename": name, "filetype": media_type} | more
    return ",".join(f"{key} {text64(value)}" for key, value in given.items())


def begin(speaker: Speaker, content: bytes, **names: str) -> Any:
    return speaker(
        "POST", "/uploads", Tus_Resumable="1.0.0", Upload_Length=str(len(content)), Upload_Metadata=metadata(content, **names)
    )  # fmt: skip


def place(answer: Any) -> str:
    assert answer.status_code == 201, answer.content
    return str(answer["Location"]).removeprefix("/api/v1")


def send(speaker: Speaker, at: str, offset: int, piece: bytes, **headers: str) -> Any:
    given = {
        "Tus_Resumable": "1.0.0",
        "Upload_Offset": str(offset),
        "Upload_Checksum": "sha256 " + b64encode(sha256(piece).digest()).decode(),
        "Content_Type": TYPE,
    } | headers
    return speaker("PATCH", at, raw=piece, **given)


def offset(speaker: Speaker, at: str) -> int:
    answer = speaker("HEAD", at, Tus_Resumable="1.0.0")
    assert answer.status_code == 200, answer.content
    return int(answer["Upload-Offset"])


def upload(speaker: Speaker, content: bytes, **names: str) -> str:
    """The whole of it in one piece; returns its SHA-256."""
    at = place(begin(speaker, content, **names))
    answer = send(speaker, at, 0, content)
    assert answer.status_code == 204, answer.content
    return sha256(content).hexdigest()
