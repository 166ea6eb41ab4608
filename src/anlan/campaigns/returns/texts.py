"""Template and checks as texts of TOML: what is published is such a text, whether it was written by hand or came from a workbook."""

import json
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from anlan.campaigns.returns.rulebook import Case, Check
from anlan.campaigns.returns.template import Template

WIDTH = 100
"""Signs up to which a case stands in one line."""


def value(one: Any) -> str:
    """One value as TOML writes it inline."""
    if isinstance(one, bool):
        return "true" if one else "false"
    if isinstance(one, date):
        return one.isoformat()
    if isinstance(one, str):
        # JSON's escapes are TOML's, but for DEL, which TOML wants escaped too.
        return json.dumps(one, ensure_ascii=False).replace("\x7f", "\\u007f")
    if isinstance(one, Mapping):
        inside = ", ".join(f"{key(name)} = {value(part)}" for name, part in one.items())
        return f"{{ {inside} }}" if inside else "{}"
    if isinstance(one, Sequence):
        return f"[{', '.join(value(part) for part in one)}]"
    return str(one)


def key(name: str) -> str:
    return name if name.replace("_", "").replace("-", "").isalnum() and name.isascii() else value(name)


def _lines(facts: Mapping[str, Any]) -> list[str]:
    return [f"{key(name)} = {value(one)}" for name, one in facts.items()]


def _listed(name: str, rows: Sequence[Mapping[str, Any]]) -> list[str]:
    return [f"{name} = [", *(f"  {value(row)}," for row in rows), "]"] if rows else []


def template_text(data: Mapping[str, Any]) -> str:
    """From plain data in the shape of `Template`, right or wrong."""
    tables = ("dimensions", "facts", "panels")
    found = _lines({name: one for name, one in data.items() if name not in tables})
    for table in tables:
        for row in data.get(table, ()):
            inner = "elements" if table == "panels" else "members" if table == "dimensions" else ""
            found += ["", f"[[{table}]]", *_lines({name: one for name, one in row.items() if name != inner})]
            found += _listed(inner, row.get(inner, ()))
    return "\n".join(found) + "\n"


def checks_text(checks: Sequence[Mapping[str, Any]]) -> str:
    found: list[str] = []
    for check in checks:
        cases = ("passes", "fails")
        found += ["[[check]]", *_lines({name: one for name, one in check.items() if name not in cases})]
        for name in cases:
            found += _listed(name, check.get(name, ()))
        found.append("")
    return "\n".join(found)


def template_data(template: Template) -> dict[str, Any]:
    """What differs from the defaults, as one would write it."""
    return template.model_dump(exclude_defaults=True) | {"evidence": template.evidence}


def check_data(check: Check) -> dict[str, Any]:
    return check.model_dump(exclude_defaults=True) | {"evidence": check.evidence}


def case_text(case: Case) -> str:
    """An example in the lines of a cell."""
    return "\n".join(_lines(case.model_dump(exclude_defaults=True, exclude={"filler", "month"})))
