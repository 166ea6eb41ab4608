"""What a room says downstream: the hearer runs in the same transaction, or neither happened."""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

_hearers: dict[type, list[Callable[[Any], None]]] = defaultdict(list)

E = TypeVar("E", bound="Event")


@dataclass(frozen=True)
class Event:
    def emit(self) -> None:
        for hear in _hearers[type(self)]:
            hear(self)


def hears(kind: type[E]) -> Callable[[Callable[[E], None]], Callable[[E], None]]:
    """Register the decorated function as a hearer of `kind`."""

    def register(function: Callable[[E], None]) -> Callable[[E], None]:
        _hearers[kind].append(function)
        return function

    return register
