"""
The child's side of the sandbox: limits first, then the job. Imports nothing heavy, so that it starts in milliseconds.

The answer is a row of frames `kind, length, payload`: V one JSON value, B a block of bytes, E the end; or, instead of an end,
R a refusal, M memory ran out, X the name of an unforeseen exception.
"""

import importlib
import json
import os
import resource
import signal
import struct
import sys
from collections.abc import Callable, Iterable
from typing import Any, BinaryIO

FRAME = struct.Struct(">cQ")
NICE = 10
"""A tenth of the share of a process that somebody waits for."""

Job = Callable[[BinaryIO, dict[str, Any]], tuple[dict[str, Any], Iterable[bytes]]]


class Refusal(Exception):
    """Raised by a job; the parent knows the words for the code."""

    def __init__(self, code: str, /, **params: str | float) -> None:
        super().__init__(code)
        self.code = code
        self.params = params


def _limit(limits: dict[str, int]) -> None:
    cpu = limits["cpu_seconds"]
    for what, soft, hard in (
        (resource.RLIMIT_AS, limits["memory_bytes"], limits["memory_bytes"]),
        (resource.RLIMIT_CPU, cpu, cpu + 1),
        (resource.RLIMIT_FSIZE, limits["output_bytes"], limits["output_bytes"]),
        (resource.RLIMIT_NOFILE, 64, 64),
        (resource.RLIMIT_CORE, 0, 0),
    ):
        resource.setrlimit(what, (soft, hard))
    if limits["behind"]:
        os.nice(NICE)
    # Should the parent die, nobody else would end a job that sleeps.
    signal.alarm(limits["wall_seconds"] + 2)


def _write(out: BinaryIO, kind: bytes, payload: bytes = b"") -> None:
    out.write(FRAME.pack(kind, len(payload)))
    out.write(payload)


def _json(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=True, allow_nan=False).encode()


def _work(request: dict[str, Any], source: BinaryIO, out: BinaryIO) -> None:
    module, function = request["target"].split(":")
    job: Job = getattr(importlib.import_module(module), function)
    value, blocks = job(source, request["params"])
    _write(out, b"V", _json(value))
    for block in blocks:
        _write(out, b"B", block)
    _write(out, b"E")


def main() -> None:
    request = json.loads(sys.stdin.buffer.read())
    _limit(request["limits"])
    with os.fdopen(int(sys.argv[1]), "rb") as source, os.fdopen(int(sys.argv[2]), "wb") as out:
        try:
            _work(request, source, out)
        except Refusal as refusal:
            _write(out, b"R", _json({"code": refusal.code, "params": refusal.params}))
        except MemoryError:
            _write(out, b"M")
        except Exception as unforeseen:  # the boundary: a name crosses it, never an object
            _write(out, b"X", type(unforeseen).__name__.encode())
            raise
        finally:
            out.flush()
    # Nothing is left to tidy; destructors of half-made images need not run.
    os._exit(0)
