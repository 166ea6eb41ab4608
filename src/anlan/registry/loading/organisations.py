"""Organisations with their superiors, in any order."""

from typing import Any
from uuid import UUID

from anlan.identity.actions import create_organisation
from anlan.identity.models import Organisation
from anlan.kernel.exchange.report import Report
from anlan.kernel.ids import new_id
from anlan.registry.loading.small import SmallLoading


class OrganisationLoading(SmallLoading):
    kind = "organisations"

    def check(self, report: Report) -> None:
        stored = {(one.region, one.name): one.pk for one in Organisation.objects.exclude(kind="enterprise")}
        by_name: dict[str, UUID] = {name: pk for (_region, name), pk in sorted(stored.items(), reverse=True)}
        self.fresh: list[tuple[int, dict[str, Any], Organisation]] = []
        for row, values in self.rows:
            self.check_region(report, row, values["region"])
            mask = self.mask(report, row, values["industries"], empty=0)
            key = (values["region"], values["name"])
            if None in key or key in stored:
                continue
            made = Organisation(
                id=new_id(),
                name=values["name"],
                kind=values["kind"] or "",
                region=values["region"],
                industries=mask,
                phone=values["phone"] or "",
            )
            self.fresh.append((row, values, made))
            by_name[values["name"]] = made.pk
        for row, values, made in self.fresh:
            if values["parent"]:
                made.parent_id = by_name.get(values["parent"])
                if made.parent_id is None:
                    self.marker.add(report, row, "parent", "registry.no_parent", values["parent"])
        self._check_circles(report)

    def _check_circles(self, report: Report) -> None:
        above = {made.pk: made.parent_id for _row, _values, made in self.fresh}
        for row, values, made in self.fresh:
            seen, at = {made.pk}, made.parent_id
            while at in above and at not in seen:
                seen.add(at)
                at = above[at]
            if at == made.pk:
                self.marker.add(report, row, "parent", "registry.in_circles", values["parent"])

    def write(self) -> dict[str, int]:
        waiting = [made for _row, _values, made in self.fresh]
        # Superiors first, since the rows refer to one another.
        placed = {one.parent_id for one in waiting} - {one.pk for one in waiting}
        while waiting:
            for one in [one for one in waiting if one.parent_id in placed]:
                facts = {name: getattr(one, name) for name in ("name", "kind", "region", "industries", "phone")}
                create_organisation(actor=self.actor, data=facts | {"parent": one.parent_id}, organisation=one.pk)
                placed.add(one.pk)
            waiting = [one for one in waiting if one.pk not in placed]
        return {"organisations": len(self.fresh), "unchanged": len(self.rows) - len(self.fresh)}
