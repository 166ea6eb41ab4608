"""The words of an instrument: what was typed for its kind's fields, checked and brought into the stored shape."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from hashlib import sha256
from typing import Any

from django.utils.translation import gettext_lazy as _

from anlan.enforcement.kinds import Field, Kind
from anlan.kernel.clock import SHANGHAI
from anlan.kernel.errors import Invalid
from anlan.kernel.forms import yuan
from anlan.kernel.text import TextError, clean_line, clean_text
from anlan_verify import canonical

MOST_ROWS = 200
MOST_FEN = 10_000_000_000_00
LINE, PROSE = 300, 6000


def checked(kind: Kind, typed: Mapping[str, Any]) -> dict[str, Any]:
    """
    The fields as they are stored; empty ones are left out.

    Raises Invalid with reasons by field code (of a list by `code.row.column`, rows from 0) for unknown fields and wrong values;
    what a kind requires is asked for at the review, for a draft grows.
    """
    found: dict[str, Any] = {}
    wrong: dict[str, list[Any]] = {}
    for code, raw in typed.items():
        field = kind.field(code)
        if field is None:
            wrong[code] = [_("There is no such field.")]
            continue
        value = _read(field, raw, code, wrong)
        if value not in (None, "", []):
            found[code] = value
    if wrong:
        raise Invalid(fields=wrong)
    return {field.code: found[field.code] for field in kind.fields if field.code in found}


def _read(field: Field, raw: Any, path: str, wrong: dict[str, list[Any]]) -> Any:
    if raw is None or (isinstance(raw, str) and not raw.strip()):
        return None
    try:
        return _rows(field, raw, path, wrong) if field.type == "items" else _single(field, raw)
    except TextError as fault:
        wrong[path] = [str(fault)]
    except ValueError as fault:
        wrong[path] = [fault.args[0] if fault.args else _("This value cannot be used.")]
    return None


def _rows(field: Field, raw: Any, path: str, wrong: dict[str, list[Any]]) -> list[dict[str, Any]]:
    if not isinstance(raw, (list, tuple)) or not all(isinstance(one, Mapping) for one in raw):
        raise ValueError(_("A list is needed."))
    if len(raw) > MOST_ROWS:
        raise ValueError(_("At most %(count)s rows.") % {"count": MOST_ROWS})
    columns = {one.code: one for one in field.columns}
    rows: list[dict[str, Any]] = []
    for place, row in enumerate(raw):
        for unknown in row.keys() - columns.keys():
            wrong[f"{path}.{place}.{unknown}"] = [_("There is no such field.")]
        read = {code: _read(one, row.get(code), f"{path}.{place}.{code}", wrong) for code, one in columns.items()}
        if kept := {code: value for code, value in read.items() if value not in (None, "")}:
            rows.append(kept)
    return rows


def _single(field: Field, raw: Any) -> Any:
    match field.type:
        case "money":
            if type(raw) is not int or not 0 <= raw <= MOST_FEN:
                raise ValueError(_("Write an amount such as 1200.50."))
            return raw
        case "date":
            return _day(raw).isoformat()
        case "moment":
            return _moment(raw).strftime("%Y-%m-%dT%H:%M")
        case "choice":
            if raw not in {one.code for one in field.choices}:
                raise ValueError(_("Choose one of the list."))
            return raw
    if not isinstance(raw, str):
        raise ValueError(_("Write text."))  # noqa: TRY004 -- a reason at the field, as for every wrong value
    return clean_text(raw, max_length=PROSE) if field.type == "prose" else clean_line(raw, max_length=LINE)


def _day(raw: Any) -> date:
    try:
        found = raw if isinstance(raw, date) else date.fromisoformat(raw)
    except (TypeError, ValueError):
        raise ValueError(_("Write a date such as 2026-11-21.")) from None
    if not 1950 <= found.year <= 2199:
        raise ValueError(_("Write a date such as 2026-11-21."))
    return found


def _moment(raw: Any) -> datetime:
    try:
        found = raw if isinstance(raw, datetime) else datetime.fromisoformat(raw)
    except (TypeError, ValueError):
        raise ValueError(_("Write a date and time.")) from None
    if not 1950 <= found.year <= 2199:
        raise ValueError(_("Write a date and time."))
    return found.astimezone(SHANGHAI) if found.tzinfo else found


def missing(kind: Kind, fields: Mapping[str, Any]) -> list[Field]:
    """What the kind requires and the fields do not say; a list also lacks what a row's required column does not say."""
    return [one for one in kind.required if not _said(one, fields.get(one.code))]


def _said(field: Field, value: Any) -> bool:
    if field.type != "items":
        return value not in (None, "")
    rows: Iterable[Mapping[str, Any]] = value or ()
    return bool(value) and all(
        row.get(one.code) not in (None, "") for row in rows for one in field.columns if one.required
    )


def body_of(kind: str, addressee: str, fields: Mapping[str, Any]) -> tuple[str, str]:
    """The canonical text of an instrument's words and its SHA-256 in hex: what is approved is bound to it."""
    shown = canonical.dumps({"addressee": addressee, "fields": fields, "kind": kind})
    return shown.decode(), sha256(shown).hexdigest()


def said(field: Field, value: Any) -> str:
    """One value as an official document writes it, in Chinese: 2026年3月5日."""
    if value in (None, ""):
        return ""
    match field.type:
        case "date":
            day = date.fromisoformat(value)
            return f"{day.year}年{day.month}月{day.day}日"
        case "moment":
            at = datetime.fromisoformat(value)
            return f"{at.year}年{at.month}月{at.day}日{at.hour}时{at.minute:02d}分"
        case "money":
            return f"{yuan(value)}元"
        case "choice":
            return next((one.zh for one in field.choices if one.code == value), str(value))
    return str(value)
