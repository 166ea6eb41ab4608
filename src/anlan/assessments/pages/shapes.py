"""Lines, cases and files in the shapes that the room's templates take."""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from anlan.assessments.models import Case, ItemScore
from anlan.assessments.queries import Detail
from anlan.assessments.scoring.card import Item, plain
from anlan.assessments.wording import KINDS, formula_words, inputs_words, line_label, mark_words, number, rule_words
from anlan.files.models import File

NOBODYS = ItemScore()


def groups_view(found: Detail, *, edits: str = "") -> list[dict[str, Any]]:
    """The card's groups with their lines; `edits` is the step by which the reader may change an item now."""
    by_code = {line["code"]: line for line in found.lines}
    groups = []
    for group in found.card.group:
        lines = [line_view(found, by_code[item.code], item, edits=edits) for item in group.item]
        total = sum((Decimal(by_code[item.code]["points"]) for item in group.item), Decimal(0))
        groups.append({"label": group.label, "most": plain(group.weight), "points": plain(total), "lines": lines})
    return groups


def extra_view(found: Detail) -> list[dict[str, Any]]:
    """Bonuses, their bound and vetoes: what stands beside the hundred points."""
    return [line_view(found, line, None) for line in found.lines if line["kind"] != "item"]


def line_view(found: Detail, line: Mapping[str, Any], item: Item | None, *, edits: str = "") -> dict[str, Any]:
    score = found.scores.get(line["code"], NOBODYS)
    named = found.card.named.get(line["code"])
    measure = line["facts"].get("measure", "")
    hand = item is not None and item.way == "hand"
    told = found.told
    return {
        "code": line["code"],
        "kind": line["kind"],
        "label": line_label(found.card, line),
        "way": item.way if item else "",
        "rule": rule_words(named, found.card) if named else "",
        "inputs": inputs_words(found.card, line),
        "how": _how(found, line, hand=hand),
        "points": number(line["points"]),
        "most": number(line["most"]) if item else "",
        "full": item is not None and line["points"] == line["most"],
        "self_points": plain(score.self_points) if hand and score.self_points is not None else "",
        "self_words": score.self_words,
        "self_name": score.self_name,
        "self_files": files_view(found.files, score.self_files),
        "check_points": plain(score.check_points) if told and hand and score.check_points is not None else "",
        "check_words": score.check_words if told else "",
        "check_name": score.check_name if told else "",
        "check_files": files_view(found.files, score.check_files) if told else [],
        "cases": [case_view(found, one) for one in found.cases if one.code == line["code"]],
        "missing": line["facts"].get("by") == "nothing",
        "rows_url": reverse("assessments:rows", args=[found.record.pk, measure]) if measure else "",
        "edit_url": _edit_url(found, line["code"], edits) if _edits(item, edits) else "",
        "basis": getattr(named, "basis", ""),
        "mark": getattr(named, "mark", ""),
        "mark_words": mark_words(getattr(named, "mark", "")),
    }


def _how(found: Detail, line: Mapping[str, Any], *, hand: bool) -> str:
    """Points by hand say whose they are, unless a decision changed them."""
    if not hand or "before" in line["facts"]:
        return formula_words(found.card, line)
    if line["facts"]["by"] == "nothing":
        return ""
    score = found.scores.get(line["code"], NOBODYS)
    return _("as checked") if found.told and score.check_points is not None else _("as given")


def _edits(item: Item | None, step: str) -> bool:
    """The unit writes something on every item; the office scores those by hand alone."""
    return item is not None and (step == "score" or (step == "examine" and item.way == "hand"))


def _edit_url(found: Detail, code: str, step: str) -> str:
    return reverse("assessments:item", args=[found.record.pk, step, code])


def files_view(files: Mapping[str, File], ids: Iterable[str]) -> list[dict[str, str]]:
    """Those that the reader may fetch, each under its name."""
    return [{"name": files[key].name or key, "url": file_url(files[key])} for key in ids if key in files]


def file_url(file: File) -> str:
    kind = "original" if file.kind == "document" else "display"
    return reverse("files:show", args=[file.pk, kind])


def case_view(found: Detail, case: Case) -> dict[str, Any]:
    return {
        "id": str(case.pk),
        "kind": str(KINDS[case.kind]),
        "code": case.code,
        "label": found.card.named[case.code].label,
        "words": case.words,
        "document": case.document,
        "on": case.on,
        "files": files_view(found.files, case.files),
        "name": case.name,
        "at": case.at,
        "struck": case.struck_at is not None,
        "struck_name": case.struck_name,
        "struck_reason": case.struck_reason,
        "strike_url": f"{reverse('assessments:step', args=[found.record.pk, 'strike'])}?case={case.pk}",
    }
