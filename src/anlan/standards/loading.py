"""A workbook of checklists on its way in: every bad cell named, then drafts written by the same verbs as on the pages."""

from collections.abc import Callable
from pathlib import Path
from typing import Any, Self

from django.utils.translation import gettext_lazy as _

from anlan.kernel.actor import Actor
from anlan.kernel.errors import Invalid
from anlan.kernel.exchange.reading import open_reading
from anlan.kernel.exchange.report import REASONS, Report
from anlan.registry.facilities import split_words
from anlan.registry.inputs import facility_codes
from anlan.registry.kinds import ImportKind, register_import
from anlan.registry.loading.faults import Marker
from anlan.registry.workbooks import reading_choices, spec
from anlan.standards import rules, workbook
from anlan.standards.actions import create_checklist, draft_edition, fill_edition
from anlan.standards.models import Checklist, Edition
from anlan.standards.states import AT_WORK

MOST = 5_000
REASONS.update(
    {
        "standards.no_list": _("No list with this code is on the sheet of checklists, nor is one known."),
        "standards.not_kept": _("The list “%(checklist)s” is kept by another post."),
        "standards.reviewed": _("An edition of “%(checklist)s” is reviewed already. Publish it or send it back first."),
        "standards.no_items": _("The sheet of items has none for this list."),
    }
)


class ChecklistLoading:
    """`read` keeps the rows of both sheets, `check` finds what only the database knows, `write` makes the drafts."""

    def __init__(self, actor: Actor) -> None:
        self.actor = actor
        self.markers = {sheet.name: Marker(sheet) for sheet in spec("checklist").sheets}
        self.rows: dict[str, list[tuple[int, dict[str, Any]]]] = {name: [] for name in self.markers}
        self.known: dict[str, Checklist] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_failure: object) -> None:
        self.rows.clear()

    def read(self, path: Path, progress: Callable[[int], None]) -> Report:
        with open_reading(path, spec("checklist"), choices=reading_choices("checklist")) as reading:
            for batch in reading:
                marker, rows = self.markers[batch.sheet.name], self.rows[batch.sheet.name]
                marker.title, marker.places = batch.title, batch.places
                keys = list(batch.columns)
                rows += [
                    (row, dict(zip(keys, one, strict=True)))
                    for row, one in zip(batch.rows, batch.tuples(), strict=True)
                ]
                done = sum(map(len, self.rows.values()))
                if done > MOST:
                    raise Invalid(_("At most %(limit)s rows are taken in one file. Split it."), limit=MOST)
                progress(done)
        return reading.report

    def check(self, report: Report) -> None:
        stated = {values["checklist"] for _row, values in self.rows["checklists"]}
        wanted = stated | {values["checklist"] for _row, values in self.rows["items"]}
        found = Checklist.objects.filter(code__in=wanted - {None}).select_related("industry")
        self.known = {row.code: row for row in found}
        reviewed = set(
            Edition.objects.filter(checklist__in=found, state="reviewed").values_list("checklist__code", flat=True)
        )
        words = workbook.industry_words()
        filled = {values["checklist"] for _row, values in self.rows["items"]}
        for row, values in self.rows["checklists"]:
            self._check_list(report, row, values, reviewed, filled)
        for row, values in self.rows["items"]:
            marker, code = self.markers["items"], values["checklist"]
            if code and code not in stated and code not in self.known:
                marker.add(report, row, "checklist", "standards.no_list", code)
            elif code not in stated:
                self._check_known(report, "items", row, code, reviewed)
            values["industry_codes"] = []
            for word in split_words(values["industries"] or ""):
                if word.casefold() in words:
                    values["industry_codes"].append(words[word.casefold()])
                else:
                    marker.add(report, row, "industries", "registry.unknown_industry", values["industries"], word=word)

    def _check_list(
        self, report: Report, row: int, values: dict[str, Any], reviewed: set[str], filled: set[str | None]
    ) -> None:
        code, marker = values["checklist"], self.markers["checklists"]
        if not code:
            return
        if code not in filled:
            marker.add(report, row, "checklist", "standards.no_items", code)
        if code in self.known:
            self._check_known(report, "checklists", row, code, reviewed)
            return
        region = values["region"] or self.actor.region
        if region is not None and not self.actor.covers(region):
            marker.add(report, row, "region", "registry.outside", region)
            return
        self._check_new(report, row, values, region)

    def _check_new(self, report: Report, row: int, values: dict[str, Any], region: int | None) -> None:
        from anlan.registry.models import Industry

        industry = Industry.objects.filter(pk=values["industry"]).first() if values["industry"] else None
        planned = Checklist(region=region or 0, industry=industry, organisation_id=self.actor.organisation)
        if not rules.keeps(self.actor, planned):
            self.markers["checklists"].add(report, row, "industry", "registry.other_field", values["industry"])

    def _check_known(self, report: Report, sheet: str, row: int, code: str | None, reviewed: set[str]) -> None:
        checklist = self.known.get(code or "")
        if checklist is None:
            return
        if not rules.keeps(self.actor, checklist):
            self.markers[sheet].add(report, row, "checklist", "standards.not_kept", code, checklist=code)
        elif code in reviewed:
            self.markers[sheet].add(report, row, "checklist", "standards.reviewed", code, checklist=code)

    def write(self) -> dict[str, int]:
        made = 0
        for _row, values in self.rows["checklists"]:
            if values["checklist"] not in self.known:
                facts = {name: values[name] or "" for name in ("zh", "en", "industry", "campaign")}
                facts |= {
                    "code": values["checklist"],
                    "region": values["region"],
                    "kinds": workbook.codes("kinds", values["kinds"]),
                }
                self.known[values["checklist"]] = create_checklist(actor=self.actor, data=facts)
                made += 1
        items: dict[str, list[dict[str, Any]]] = {}
        for _row, values in self.rows["items"]:
            items.setdefault(values["checklist"], []).append(_item(values))
        for code, rows in items.items():
            checklist = self.known[code]
            edition = Edition.objects.filter(checklist=checklist, state__in=AT_WORK).first()
            edition = edition or draft_edition(actor=self.actor, checklist=checklist.pk)
            fill_edition(actor=self.actor, edition=edition.pk, items=rows)
        return {"lists": made, "drafts": len(items), "items": sum(map(len, items.values()))}


def _item(values: dict[str, Any]) -> dict[str, Any]:
    texts = ("code", "group", "zh", "en", "method", "basis", "category")
    return {name: values[name] or "" for name in texts} | {
        "evidence_asked": values["evidence_asked"] or "none",
        "weight": values["weight"] or 1,
        "law_clause": values["law_clause"],
        "major_clause": values["major_clause"],
        "industries": values["industry_codes"],
        "grades": workbook.codes("grades", values["grades"]),
        "scales": workbook.codes("scales", values["scales"]),
        "facilities": facility_codes(values["facilities"] or ""),
    }


register_import(
    ImportKind(
        name="checklist",
        label=_("Checklists"),
        importers=workbook.IMPORTERS,
        loading=ChecklistLoading,
        spec=workbook.book,
        choices=workbook.offered,
        reading=workbook.reading,
        counted={"lists": _("New checklists"), "drafts": _("Drafts written"), "items": _("Checklist items")},
    )
)
