"""The child's side: several workbooks one behind the other in one file, each opened by itself. One that cannot be read spoils no other."""

from collections.abc import Iterable, Iterator
from io import BytesIO
from typing import Any, BinaryIO

from anlan.kernel.exchange.extract import copy_workbook
from anlan.kernel.exchange.wire import pack
from anlan.kernel.sandbox_child import Refusal


def read_books(source: BinaryIO, params: dict[str, Any]) -> tuple[dict[str, Any], Iterable[bytes]]:
    """Params: `lengths` in bytes, `max_rows`, `max_columns`. Each book begins with a block `{"book": number}`."""
    return {}, _books(source, params)


def _books(source: BinaryIO, params: dict[str, Any]) -> Iterator[bytes]:
    for number, length in enumerate(params["lengths"]):
        yield pack({"book": number})
        try:
            _value, blocks = copy_workbook(BytesIO(source.read(length)), params)
            yield from blocks
        except Refusal as refusal:
            yield pack({"refused": refusal.code, "params": refusal.params})
