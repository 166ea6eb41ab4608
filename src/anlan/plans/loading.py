"""Sheets into the plan: the tree that the file would make is judged whole before any of it is written."""

from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from anlan.identity import roles
from anlan.kernel.actor import Actor
from anlan.kernel.exchange.report import REASONS, Report
from anlan.plans import needs, rules
from anlan.plans.actions.writing import (
    FINISHED,
    GIVEN_OUT,
    Changes,
    Writer,
    default_year,
    kept,
    note,
    store_sub_plan,
    sub_code,
)
from anlan.plans.meant import span_meant
from anlan.plans.models import Plan
from anlan.plans.ordinals import level_of, tidy_code
from anlan.plans.queries.selfchecks import tree_of
from anlan.plans.selfcheck import RULES, Line, Tree, troubles
from anlan.plans.units import Units
from anlan.plans.workbooks import LINES, SUBS, lines_book, offered, subs_book, understood
from anlan.registry.kinds import ImportKind, register_import
from anlan.registry.loading.small import SmallLoading

HELD_BACK = frozenset(
    {"no_parent", "twice", "year_outside", "due_after_parent", "begins_after_due", "no_sub_plan", "no_unit"}
)
"""Of the self-checks, those without which a line cannot stand in the plan; the others are said on its page."""
COLUMNS = {"unit": "unit_name"}
REASONS.update(
    {
        **{f"plans.{name}": RULES[name].message for name in HELD_BACK},
        "plans.no_plan": _("Your office keeps no plan of this campaign. Open one first."),
        "plans.which_plan": _("Your office keeps more than one plan: say in the column of the campaign which."),
        "plans.given_out": GIVEN_OUT,
        "plans.finished": FINISHED,
    }
)


class PlanLoading(SmallLoading):
    """Finds for every row the plan it belongs to."""

    def plans(self, report: Report) -> list[tuple[int, dict[str, Any], Plan]]:
        """Rows of which the plan is known; a fault for every other."""
        mine = [one for one in Plan.objects.select_related("campaign") if rules.keeps(self.actor, one.region)]
        found = []
        for row, values in self.rows:
            named: frozenset[UUID] | None = values["campaign"]
            meant = [one for one in mine if named is None or one.campaign_id in named]
            # Campaigns of one name are the city's and its counties': an office means its own before one below.
            meant = [one for one in meant if one.region == self.actor.region] or meant
            if len(meant) == 1:
                found.append((row, values, meant[0]))
            else:
                self.marker.add(report, row, "campaign", "plans.which_plan" if meant else "plans.no_plan")
        return found

    @staticmethod
    def facts(values: dict[str, Any]) -> dict[str, Any]:
        """What a row says, without what it leaves empty."""
        return {key: value for key, value in values.items() if value not in (None, "") and key != "campaign"}


class LinesLoading(PlanLoading):
    kind = LINES

    def __init__(self, actor: Actor) -> None:
        super().__init__(actor)
        self.fresh: list[tuple[int, Plan, needs.PutLine]] = []

    def check(self, report: Report) -> None:
        by_plan: dict[UUID, list[tuple[int, needs.PutLine]]] = {}
        plans: dict[UUID, Plan] = {}
        for row, values, plan in self.plans(report):
            if not values["code"] or not values["name"]:
                continue  # told already: what must not be empty is
            self._days(report, row, values, plan)
            facts = self.facts(values) | {"code": tidy_code(values["code"])}
            try:
                data = needs.PutLine.model_validate(facts)
            except ValueError:
                continue  # told already, cell by cell
            plans[plan.pk] = plan
            by_plan.setdefault(plan.pk, []).append((row, data))
        for key, lines in by_plan.items():
            self._check_tree(report, plans[key], lines)
            self.fresh += [(row, plans[key], data) for row, data in lines]

    def _days(self, report: Report, row: int, values: dict[str, Any], plan: Plan) -> None:
        """Days written as `6月底前` are those of the row's year; the 29th of February is a day of some years only."""
        year = values["year"] or default_year(plan.campaign)
        for key in ("starts_on", "due"):
            if not isinstance(written := values[key], str):
                continue
            span = span_meant(written, year)
            values[key] = span[0 if key == "starts_on" else 1] if span else None
            if span is None:
                self.marker.add(report, row, key, "not_a_date", written)

    def _check_tree(self, report: Report, plan: Plan, lines: list[tuple[int, needs.PutLine]]) -> None:
        """The tree as it would stand afterwards, with rows of the file in place of what they change."""
        writer, now = Writer(self.actor, plan), tree_of(plan)
        coming = [_line(row, data, writer) for row, data in lines]
        replaced = {_key(one) for one in coming}
        then = Tree.of(
            [*(one for one in now.lines if _key(one) not in replaced), *coming],
            now.subs,
            from_day=now.from_day,
            to_day=now.to_day,
            year=now.year,
        )
        for one in troubles(then):
            if one.rule in HELD_BACK and isinstance(one.ref, int):
                column = COLUMNS.get(one.column, one.column)
                self.marker.add(report, one.ref, column, f"plans.{one.rule}", one.code, **one.params)
        for row, data in lines:
            sub = writer.sub_of(data) if level_of(data.code) == "item" else None
            given = writer.items.get((sub.pk, data.code)) if sub else None
            if given is not None and (wrong := kept(given, data, writer.unit_of(data, sub))):
                for name in wrong.fields:
                    self.marker.add(report, row, name, wrong.code, str(getattr(data, name) or ""))

    def write(self) -> dict[str, int]:
        counts = {"new": 0, "changed": 0, "unchanged": 0}
        writers: dict[UUID, Writer] = {}
        for _row, plan, data in sorted(self.fresh, key=lambda one: (one[2].code.count("."), one[0])):
            writer = writers.setdefault(plan.pk, Writer(self.actor, plan))
            _made, new = writer.put(data)
            counts["new" if new else "unchanged" if new is None else "changed"] += 1
        for writer in writers.values():
            note(self.actor, writer.plan, "load_lines", counts, _flat(writer.changes))
        return counts


def _flat(changes: dict[str, Changes]) -> Changes:
    """`1.1 due` → before and after: what the file changed in upper lines is not lost with the file."""
    return {f"{code} {field}": change for code, fields in changes.items() for field, change in fields.items()}


def _key(one: Line) -> tuple[str, str, int | None]:
    return (one.code, one.sub_plan, one.year) if one.is_item else (one.code, "", None)


def _line(row: int, data: needs.PutLine, writer: Writer) -> Line:
    item = level_of(data.code) == "item"
    unit = writer.unit_of(data, writer.sub_of(data) if item else None)
    return Line(
        ref=row,
        code=data.code,
        name=data.name,
        sub_plan=sub_code(data.sub_plan) if item and data.sub_plan else "",
        year=(data.year or default_year(writer.plan.campaign)) if item else None,
        unit_name=unit.name if unit else data.unit_name,
        unit_known=unit is not None,
        target=data.target,
        target_unit=data.target_unit,
        starts_on=data.starts_on,
        due=data.due,
    )


class SubPlansLoading(PlanLoading):
    kind = SUBS

    def __init__(self, actor: Actor) -> None:
        super().__init__(actor)
        self.fresh: list[tuple[int, Plan, needs.PutSubPlan]] = []

    def check(self, report: Report) -> None:
        for row, values, plan in self.plans(report):
            try:
                data = needs.PutSubPlan.model_validate(self.facts(values))
            except ValueError:
                continue  # told already, cell by cell
            first, last = plan.campaign.from_day.year, plan.campaign.to_day.year if plan.campaign.to_day else 9999
            if not first <= data.year <= last:
                self.marker.add(
                    report, row, "year", "plans.year_outside", data.year, year=data.year, first=first, last=last
                )
            if values["region"] is not None:
                self.check_region(report, row, values["region"])
            self.fresh.append((row, plan, data))

    def write(self) -> dict[str, int]:
        counts = {"new": 0, "changed": 0, "unchanged": 0}
        units = {plan.pk: Units(plan.region) for _row, plan, _data in self.fresh}
        changes: dict[UUID, dict[str, Changes]] = {key: {} for key in units}
        for _row, plan, data in self.fresh:
            sub, made, changed = store_sub_plan(plan, data, units[plan.pk])
            counts["new" if made else "changed" if changed else "unchanged"] += 1
            if changed:
                changes[plan.pk][f"{sub.code} {sub.year}"] = changed
        for plan in {one.pk: one for _row, one, _data in self.fresh}.values():
            note(self.actor, plan, "load_sub_plans", counts, _flat(changes[plan.pk]))
        return counts


COUNTED = {"new": _("New lines"), "changed": _("Changed"), "unchanged": _("There already")}

for _kind, _label, _loading, _spec in (
    (LINES, _("Lines of a campaign's plan"), LinesLoading, lines_book),
    (SUBS, _("Sub-plans of a campaign's plan"), SubPlansLoading, subs_book),
):
    register_import(
        ImportKind(
            name=_kind,
            label=_label,
            importers=frozenset({roles.OFFICE}),
            loading=_loading,
            spec=_spec,
            choices=offered,
            reading=understood,
            counted=COUNTED,
        )
    )
