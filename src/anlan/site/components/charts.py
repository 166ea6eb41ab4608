"""A chart is data first: the same figures fill the drawing, the table for print and readers, and the links to the rows."""

from collections.abc import Mapping
from typing import Any

KINDS = frozenset({"line", "bar", "stacked", "ranking", "heat"})


def chart_view(figure: Mapping[str, Any]) -> dict[str, Any]:
    """`figure`: id, title, kind, labels, series [{name, values, urls?, tone?}], unit?; see templates/README.md."""
    kind = figure.get("kind", "bar")
    if kind not in KINDS:
        raise ValueError(f"no chart kind {kind!r}")
    series = list(figure["series"])
    rows = []
    for index, label in enumerate(figure["labels"]):
        cells = [
            {"value": one["values"][index], "url": (one.get("urls") or {}) and one["urls"][index]} for one in series
        ]
        rows.append({"label": label, "cells": cells})
    empty = not any(cell["value"] for row in rows for cell in row["cells"])
    data = {"kind": kind, "labels": list(figure["labels"]), "series": series, "unit": figure.get("unit", "")}
    return {"figure": figure, "data": data, "rows": rows, "data_id": f"{figure['id']}-data", "empty": empty}
