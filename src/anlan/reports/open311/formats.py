"""Answers in the two formats of GeoReport v2, from one shape: lists and objects as JSON has them, elements named as the specification has them."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from xml.sax.saxutils import escape

from django.http import HttpResponse

TYPES = {"json": "application/json; charset=utf-8", "xml": "text/xml; charset=utf-8"}
_NO_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What XML 1.0 cannot hold even when it is escaped."""


@dataclass(frozen=True, kw_only=True)
class Shape:
    """How a list is called in XML, and its items: `services` of `service`."""

    root: str
    item: str = ""


SERVICES = Shape(root="services", item="service")
DEFINITION = Shape(root="service_definition")
REQUESTS = Shape(root="service_requests", item="request")
ERRORS = Shape(root="errors", item="error")
DISCOVERY = Shape(root="discovery")
_ITEMS = {"attributes": "attribute", "values": "value", "endpoints": "endpoint", "formats": "format"}
"""Lists inside an object, and their items."""


def answer(data: Any, shape: Shape, kind: str, *, status: int = 200) -> HttpResponse:
    body = written(data) if kind == "json" else '<?xml version="1.0" encoding="UTF-8"?>\n' + xml(data, shape)
    return HttpResponse(body, status=status, content_type=TYPES[kind])


def written(data: Any) -> str:
    return json.dumps(data, ensure_ascii=False, separators=(",", ":"), default=_plain)


def _plain(value: Any) -> Any:
    if isinstance(value, Decimal):
        return float(value)
    raise TypeError(f"no JSON for {type(value).__name__}")


def xml(data: Any, shape: Shape) -> str:
    """One element without attributes; what is absent is an empty element."""
    if shape.item:
        inner = "".join(_element(shape.item, one) for one in data)
        return f"<{shape.root}>{inner}</{shape.root}>"
    return _element(shape.root, data)


def _element(name: str, value: Any) -> str:
    inner = "".join(_inside(name, value))
    return f"<{name}>{inner}</{name}>" if inner else f"<{name}/>"


def _inside(name: str, value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for key, one in value.items():
            yield _element(key, one)
    elif isinstance(value, list):
        for one in value:
            yield _element(_ITEMS.get(name, "item"), one)
    elif isinstance(value, bool):
        yield "true" if value else "false"
    elif value is not None:
        yield escape(_NO_XML.sub("", str(value)))
