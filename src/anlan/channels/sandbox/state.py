"""
What survives a restart of the sandbox: one JSON file, written whole before an answer leaves, so that no bill the platform heard of
is ever unknown again.
"""

import json
import os
from pathlib import Path

from anlan.channels.sandbox.house import house
from anlan.channels.sandbox.plain import before_answers


class Unreadable(Exception):
    """The file is none of ours."""


class File:
    def __init__(self, path: Path) -> None:
        self.path, self.written = path, ""

    def read(self) -> None:
        """Take up what an earlier run left. Raises Unreadable."""
        if not self.path.exists():
            return
        try:
            found = json.loads(self.path.read_text(encoding="utf-8"))
            for name, (_dump, load) in house.keeps.items():
                load(found[name])
        except (OSError, ValueError, TypeError, KeyError, AttributeError) as error:
            raise Unreadable(f"{self.path}: {error}") from error

    def write(self) -> None:
        text = json.dumps({name: dump() for name, (dump, _load) in house.keeps.items()}, ensure_ascii=False)
        if text == self.written:
            return
        self.path.parent.mkdir(parents=True, exist_ok=True)
        whole = self.path.with_name(f"{self.path.name}.{os.getpid()}")
        whole.touch(mode=0o600)
        whole.write_text(text, encoding="utf-8")
        whole.replace(self.path)
        self.written = text


def keep_in(path: Path) -> None:
    """From now on everything is kept in this file, what stands there already first."""
    file = File(path)
    file.read()
    file.write()
    before_answers.append(file.write)
    house.saves.append(file.write)
