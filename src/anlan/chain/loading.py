"""Duties from a workbook: everything wrong is told at its cell, and all rows are given or none."""

from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from anlan.chain import rules, workbooks
from anlan.chain.actions import give_duty
from anlan.chain.models import Duty
from anlan.chain.needs import DutyInput
from anlan.chain.queries.bodies import ABOVE, bodies, holders
from anlan.identity import roles
from anlan.identity.models import Post
from anlan.kernel import clock, scope
from anlan.kernel.codes import ancestors, subtree
from anlan.kernel.exchange.report import REASONS, Report
from anlan.registry.kinds import ImportKind, register_import
from anlan.registry.loading.small import SmallLoading

REASONS.update(
    {
        "chain.no_body": _("There is no organisation of this name in the region, above it or below it."),
        "chain.two_bodies": _("Several organisations below have this name. Choose the region it belongs to."),
        "chain.no_account": _("Nobody with this account holds a post of an official in your territory or above it."),
        "chain.other_name": _("The account “%(username)s” belongs to %(name)s."),
        "chain.same_row": _("Row %(first)s gives the same duty already."),
    }
)
AT = {"post": "person_name"}
"""Where the sheet tells what a form tells elsewhere."""


class DutyLoading(SmallLoading):
    kind = "duties"

    def check(self, report: Report) -> None:
        with scope.elevated(ABOVE):
            wanted = {values["organisation"] for _row, values in self.rows if values["organisation"]}
            self.bodies: dict[str, dict[int, UUID]] = {}
            for body in bodies(self.actor).filter(name__in=wanted):
                self.bodies.setdefault(body.name, {})[body.region] = body.pk
            names = {values["username"].casefold() for _row, values in self.rows if values["username"]}
            posts = holders(self.actor).order_by("-region", "valid_from") if names else []
            self.posts: dict[str, list[Post]] = {}
            for post in posts:
                if post.person.username.casefold() in names:
                    self.posts.setdefault(post.person.username.casefold(), []).append(post)
        self.given = {self._key(one) for one in Duty.objects.filter(scope.within(self.actor, industry=None))}
        self.fresh: list[DutyInput] = []
        first: dict[tuple[Any, ...], int] = {}
        for row, values in self.rows:
            self._check_row(report, row, values, first)

    def _check_row(self, report: Report, row: int, values: dict[str, Any], first: dict[tuple[Any, ...], int]) -> None:
        before = report.total
        self.check_region(report, row, values["region"])
        facts = {name: values[name] or "" for name in ("matter", "person_name", "title", "phone", "basis", "industry")}
        facts |= {name: values[name] for name in ("kind", "part", "region", "valid_to")}
        facts["valid_from"] = values["valid_from"] or clock.today()
        facts["organisation"] = self._body(report, row, values)
        facts["post"] = self._holder(report, row, values)
        if values["valid_to"] and values["valid_to"] < facts["valid_from"]:
            self.marker.add(report, row, "valid_to", "registry.ends_early", values["valid_to"])
        if values["kind"] and values["part"]:
            wrong = rules.duty_faults(
                kind=values["kind"],
                part=values["part"],
                industry=values["industry"],
                matter=facts["matter"],
                organisation=facts["organisation"] or values["organisation"],
                person=facts["post"] or values["username"] or facts["person_name"],
            )
            for field, reasons in wrong.items():
                at = AT.get(field, field)
                self.marker.add(report, row, at, "rule", values[at] or "", message=str(reasons[0]))
        if report.total > before or None in (values["kind"], values["part"], values["region"]):
            return
        duty = DutyInput.model_validate(facts | ({"person_name": ""} if facts["post"] else {}))
        bit = self._bit(duty.industry)
        key = (
            duty.kind,
            duty.part,
            duty.region,
            bit,
            duty.organisation,
            duty.post,
            duty.person_name,
            duty.matter,
            duty.valid_from,
        )
        if key in first:
            self.marker.add(report, row, "kind", "chain.same_row", values["kind"], first=first[key])
            return
        first[key] = row
        if key not in self.given:
            self.fresh.append(duty)

    def write(self) -> dict[str, int]:
        for duty in self.fresh:
            give_duty(actor=self.actor, data=duty)
        return {"duties": len(self.fresh), "unchanged": len(self.rows) - len(self.fresh)}

    def _bit(self, industry: str) -> int | None:
        found = self.fields.get(industry.casefold()) if industry else None
        return found.bit if found else None

    @staticmethod
    def _key(one: Duty) -> tuple[Any, ...]:
        return (
            one.kind, one.part, one.region, one.industry_bit, one.organisation_id, one.post_id, one.person_name, one.matter,
            one.valid_from,
        )  # fmt: skip

    def _body(self, report: Report, row: int, values: dict[str, Any]) -> UUID | None:
        """The nearest of that name at the region or above, otherwise the only one below."""
        name, region = values["organisation"], values["region"]
        if not name or region is None:
            return None
        places = self.bodies.get(name, {})
        for place in (region, *ancestors(region)):
            if place in places:
                return places[place]
        low, high = subtree(region)
        below = [pk for place, pk in places.items() if low <= place < high]
        if len(below) == 1:
            return below[0]
        self.marker.add(report, row, "organisation", "chain.two_bodies" if below else "chain.no_body", name)
        return None

    def _holder(self, report: Report, row: int, values: dict[str, Any]) -> UUID | None:
        """The person's post nearest to the region."""
        username, region = values["username"], values["region"]
        if not username or region is None:
            return None
        found = self.posts.get(username.casefold(), [])
        if not found:
            self.marker.add(report, row, "username", "chain.no_account", username)
            return None
        if values["person_name"] and values["person_name"] != found[0].person.name:
            self.marker.add(
                report,
                row,
                "person_name",
                "chain.other_name",
                values["person_name"],
                username=username,
                name=found[0].person.name,
            )
            return None
        near = (region, *ancestors(region))
        return min(found, key=lambda post: near.index(post.region) if post.region in near else len(near)).pk


register_import(
    ImportKind(
        name="duties",
        label=pgettext_lazy("responsibility", "Duties"),
        importers=frozenset({roles.OFFICE}),
        loading=DutyLoading,
        spec=workbooks.duties_book,
        choices=workbooks.template_choices,
        reading=workbooks.reading_choices,
        counted={"duties": _("Duties given"), "unchanged": _("There already")},
    )
)
