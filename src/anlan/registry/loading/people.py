"""People with their posts. A new account has no password: the security administrator gives the first one."""

from typing import Any
from uuid import UUID

from django.contrib.auth.hashers import make_password

from anlan.identity import roles
from anlan.identity.actions import give_post
from anlan.identity.actions.common import note_person
from anlan.identity.models import Organisation, Person, Post
from anlan.identity.needs import NewAccount
from anlan.kernel import clock, scope
from anlan.kernel.codes import ancestors, subtree, tidy
from anlan.kernel.errors import Invalid
from anlan.kernel.exchange.report import Report
from anlan.kernel.ids import new_id
from anlan.kernel.wording import parsed
from anlan.registry.actions.enterprises import ensure_organisation
from anlan.registry.loading.small import SmallLoading
from anlan.registry.models import Enterprise


class PeopleLoading(SmallLoading):
    kind = "people"

    def check(self, report: Report) -> None:
        with scope.elevated("account names are unique everywhere, and posts lie in organisations above the territory"):
            self._prepare()
        first: dict[str, tuple[int, str]] = {}
        for row, values in self.rows:
            username, name = (values["username"] or "").casefold(), values["name"]
            if username and name and first.setdefault(username, (row, name))[1] != name:
                self.marker.add(report, row, "name", "registry.unlike_rows", name, first=first[username][0])
            self._check_account(report, row, values)
            self._check_post(report, row, values)

    def _prepare(self) -> None:
        """Everything the rows refer to, in four queries."""
        names = {(values["username"] or "").casefold() for _row, values in self.rows}
        codes = {tidy(values["organisation"] or "") for _row, values in self.rows}
        with scope.elevated("a username is taken by whoever holds it anywhere"):
            self.people = {
                one.username.casefold(): one for one in Person.objects.all() if one.username.casefold() in names
            }
        own = [one.pk for one in self.people.values()]
        held = list(Post.objects.exclude(valid_to__lt=clock.today()).filter(person_id__in=own))
        self.posts = {(one.person_id, one.role, one.region, one.organisation_id) for one in held}
        self.roles: dict[UUID, set[str]] = {}
        for one in held:
            self.roles.setdefault(one.person_id, set()).add(one.role)
        kept = {one.pk for one in self.people.values() if one.region is not None and not self.actor.covers(one.region)}
        outside = Post.objects.filter(person_id__in=own).values_list("person_id", "region")
        self.elsewhere = kept | {person for person, region in outside if not self.actor.covers(region)}
        self.enterprises = {one.uscc: one for one in Enterprise.objects.filter(uscc__in=codes)}
        wanted = {values["organisation"] for _row, values in self.rows if values["organisation"]}
        rows = Organisation.objects.filter(name__in=wanted, active=True).exclude(kind="enterprise")
        self.organisations = {(one.region, one.name): one.pk for one in rows}

    @staticmethod
    def _account(values: dict[str, Any]) -> dict[str, Any]:
        return {name: values[name] for name in ("username", "name", "phone", "certificate") if values[name]}

    def _check_account(self, report: Report, row: int, values: dict[str, Any]) -> None:
        person = self.people.get((values["username"] or "").casefold())
        if person is None:
            try:
                parsed(NewAccount, self._account(values))
            except Invalid as wrong:
                for key, reasons in wrong.fields.items():
                    if values.get(key):  # an empty cell was told already
                        self.marker.add(report, row, key, "rule", values[key], message=str(reasons[0]))
            return
        if person.pk == self.actor.person:
            self.marker.add(report, row, "username", "registry.yourself", person.username)
        elif self.roles.get(person.pk, set()) & roles.ADMINISTRATORS:
            self.marker.add(report, row, "username", "registry.powers", person.username, username=person.username)
        if person.pk in self.elsewhere:
            self.marker.add(
                report, row, "username", "registry.other_territory", person.username, username=person.username
            )
        elif not person.is_active:
            self.marker.add(report, row, "username", "registry.inactive", person.username, username=person.username)
        elif values["name"] and person.name != values["name"]:
            self.marker.add(
                report, row, "username", "registry.unlike", values["name"], username=person.username, name=person.name
            )

    def _check_post(self, report: Report, row: int, values: dict[str, Any]) -> None:
        self.check_region(report, row, values["region"])
        values["mask"] = self.mask(report, row, values["industries"], empty=-1)
        values["valid_from"] = values["valid_from"] or clock.today()
        if values["valid_to"] and values["valid_to"] < values["valid_from"]:
            self.marker.add(report, row, "valid_to", "registry.ends_early", values["valid_to"])
        words = values["organisation"] or ""
        if values["role"] in roles.ENTERPRISE_POSTS:
            self._check_enterprise(report, row, values, tidy(words))
        elif words and values["region"] is not None:
            values["organisation_id"] = self._organisation(values["region"], words)
            if values["organisation_id"] is None:
                self.marker.add(report, row, "organisation", "registry.no_organisation", words)

    def _check_enterprise(self, report: Report, row: int, values: dict[str, Any], code: str) -> None:
        found = self.enterprises.get(code)
        if not code:
            self.marker.add(report, row, "organisation", "registry.organisation_needed")
        elif found is None or not self.actor.covers(found.region):
            self.marker.add(report, row, "organisation", "registry.no_enterprise", code)
        else:
            values["enterprise"], values["organisation_id"] = found, found.pk

    def _organisation(self, region: int, name: str) -> UUID | None:
        """The nearest of that name at the region or above, otherwise the only one below."""
        for place in (region, *ancestors(region)):
            if (place, name) in self.organisations:
                return self.organisations[place, name]
        low, high = subtree(region)
        below = [pk for (place, other), pk in self.organisations.items() if other == name and low <= place < high]
        return below[0] if len(below) == 1 else None

    def write(self) -> dict[str, int]:
        made = self._open_accounts()
        given = 0
        for _row, values in self.rows:
            person = self.people[values["username"].casefold()]
            if enterprise := values.get("enterprise"):
                ensure_organisation(enterprise=enterprise)
            key = (person.pk, values["role"], values["region"], values.get("organisation_id"))
            if key in self.posts:
                continue
            self.posts.add(key)
            facts = {
                "role": values["role"],
                "title": values["title"] or "",
                "region": values["region"],
                "industries": values["mask"],
                "organisation": values.get("organisation_id"),
                "valid_from": values["valid_from"],
                "valid_to": values["valid_to"],
            }
            give_post(actor=self.actor, person=person.pk, data=facts)
            given += 1
        return {"people": made, "posts": given, "unchanged": len(self.rows) - given}

    def _open_accounts(self) -> int:
        """Accounts without a password: thousands of one-time passwords would only lie about in a file."""
        fresh: dict[str, Person] = {}
        for _row, values in self.rows:
            username = values["username"].casefold()
            if username in self.people or username in fresh:
                continue
            account = NewAccount(**self._account(values))
            fresh[username] = Person(
                id=new_id(),
                password=make_password(None),
                must_change_password=True,
                region=self.actor.region or values["region"],
                created_at=clock.now(),
                **account.model_dump(),
            )
        Person.objects.bulk_create(fresh.values())
        self.people |= fresh
        for person in fresh.values():
            note_person(self.actor, person, "open_account", certificate=person.certificate)
        return len(fresh)
