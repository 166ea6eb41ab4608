"""A text that knows where each of its characters came from, through any number of rewritings."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

Replacement = str | Callable[[re.Match[str]], str]


@dataclass(frozen=True, slots=True)
class Traced:
    """`starts[i]` and `ends[i]` bound, in characters of the original, what became character `i`."""

    text: str
    starts: tuple[int, ...]
    ends: tuple[int, ...]

    @classmethod
    def of(cls, text: str) -> "Traced":
        return cls(text, tuple(range(len(text))), tuple(range(1, len(text) + 1)))

    def rewrite(self, pattern: re.Pattern[str], replacement: Replacement) -> "Traced":
        """Like `pattern.sub`. A replacement as long as what it replaces is traced one to one; any other stands for the whole of it."""
        pieces: list[str] = []
        starts: list[int] = []
        ends: list[int] = []
        at = 0
        for found in pattern.finditer(self.text):
            new = replacement if isinstance(replacement, str) else replacement(found)
            low, high = found.span()
            if new == found[0]:
                continue
            self._keep(pieces, starts, ends, at, low)
            pieces.append(new)
            if len(new) == high - low:
                starts.extend(self.starts[low:high])
                ends.extend(self.ends[low:high])
            elif high > low:
                starts.extend([self.starts[low]] * len(new))
                ends.extend([self.ends[high - 1]] * len(new))
            else:
                raise ValueError("what is empty has no place in the original")
            at = high
        self._keep(pieces, starts, ends, at, len(self.text))
        return Traced("".join(pieces), tuple(starts), tuple(ends))

    def _keep(self, pieces: list[str], starts: list[int], ends: list[int], low: int, high: int) -> None:
        pieces.append(self.text[low:high])
        starts.extend(self.starts[low:high])
        ends.extend(self.ends[low:high])

    def written_as(self, text: str) -> "Traced":
        """The same characters in another script, one for one."""
        if len(text) != len(self.text):
            raise ValueError("one character became several")
        return Traced(text, self.starts, self.ends)

    def original(self, start: int, end: int) -> tuple[int, int]:
        """Where `text[start:end]` came from; an empty stretch is an empty place."""
        if start >= end:
            place = self.starts[start] if start < len(self.starts) else (self.ends[-1] if self.ends else 0)
            return place, place
        return min(self.starts[start:end]), max(self.ends[start:end])

    def lines(self) -> Iterator[tuple[int, int]]:
        """The bounds of each line, without its end."""
        at = 0
        for line in self.text.split("\n"):
            yield at, at + len(line)
            at += len(line) + 1
