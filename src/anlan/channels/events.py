"""What services outside tell the platform, for the rooms that asked them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from anlan.channels.wechat import Verdict
from anlan.kernel.events import Event


@dataclass(frozen=True)
class MediaChecked(Event):
    """WeChat looked at a picture: its verdict carries the trace under which it was asked."""

    verdict: Verdict


@dataclass(frozen=True)
class NotTaken(Event):
    """WeChat refused a subscribe message although its acceptance stood in our books: whoever knows them may tell them otherwise."""

    openid: str
    template: str
    facts: Mapping[str, Any]
