"""The small city with its organs: two counties that issue, officers with certificates, and an instrument in any state."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any
from uuid import UUID

import pytest
from PIL import Image

from anlan.enforcement import actions
from anlan.enforcement.models import Case, Instrument, Organ
from anlan.files.actions import take_photo
from anlan.identity.models import Organisation, Person
from anlan.kernel import clock, scope
from anlan.kernel.actor import SYSTEM, Actor
from anlan.kernel.ids import new_id
from tests.factories import COUNTY, DRAWING, NEIGHBOUR, City, make_city
from tests.sessions import SignedIn, signed_in

__all__ = ["SignedIn", "signed_in"]


def seal_picture() -> bytes:
    """A transparent square with something red on it."""
    buffer = BytesIO()
    image = Image.new("RGBA", (120, 120), (0, 0, 0, 0))
    for at in range(20, 100):
        image.putpixel((at, at), (220, 0, 0, 255))
    image.save(buffer, "PNG")
    return buffer.getvalue()


@dataclass
class Bench:
    """Shortcuts over the city: drafting, steps, instruments in a state."""

    city: City
    organ: Organ = None  # type: ignore[assignment]
    n_organ: Organ = None  # type: ignore[assignment]
    unit: Organisation = None  # type: ignore[assignment]
    officers: list[dict[str, str]] = field(default_factory=list)

    def __getattr__(self, name: str) -> Actor:
        return getattr(self.__dict__["city"], name)

    def fields(self, kind: str, **over: Any) -> dict[str, Any]:
        """Everything a kind requires, in plausible words."""
        from anlan.enforcement.kinds import kind as named

        return {one.code: self._value(one) for one in named(kind).required} | over

    def _value(self, one: Any) -> Any:
        match one.type:
            case "date":
                return self.city.day(10).isoformat()
            case "moment":
                return f"{self.city.day(3).isoformat()}T09:30"
            case "money":
                return 2_000_000
            case "choice":
                return one.choices[0].code
            case "items" if one.code == "officers":
                return self.officers
            case "items":
                return [{column.code: self._value(column) for column in one.columns}]
        return f"{one.zh}的内容。"

    def draft(self, actor: Actor | None = None, kind: str = "warning_letter", **over: Any) -> Instrument:
        by = actor or self.city.inspector
        asked: dict[str, Any] = {"enterprise": self.city.enterprise.pk, "fields": self.fields(kind)} | over
        if asked.get("unit"):
            asked["enterprise"] = None
        with scope.acting(by):
            return actions.draft(actor=by, kind=kind, **asked)

    def do(self, actor: Actor, record: Instrument | UUID, step: str, **data: Any) -> Instrument:
        with scope.acting(actor):
            return actions.take_step(actor=actor, instrument=getattr(record, "pk", record), step=step, data=data)

    def fresh(self, record: Instrument) -> Instrument:
        with scope.acting(SYSTEM):
            return Instrument.objects.get(pk=record.pk)

    def photo(self, actor: Actor) -> str:
        with scope.acting(actor):
            return str(self.city.photo(actor))

    def reviewed(self, **over: Any) -> Instrument:
        return self.do(self.city.regulator, self.draft(**over), "review")

    def approved(self, **over: Any) -> Instrument:
        return self.do(self.city.leader, self.reviewed(**over), "approve")

    def numbered(self, **over: Any) -> Instrument:
        return self.do(self.city.office, self.approved(**over), "number")

    def handing(self) -> dict[str, Any]:
        return {
            "way": "direct", "outcome": "received", "on": clock.today().isoformat(), "receiver": "王厂长", "signature": DRAWING,
        }  # fmt: skip

    def served(self, **over: Any) -> Instrument:
        return self.do(self.city.inspector, self.numbered(**over), "serve", **self.handing())

    def answered(self, **over: Any) -> Instrument:
        return self.do(self.city.principal, self.served(**over), "answer", words="已按要求整改完毕。")

    def filed(self, **over: Any) -> Instrument:
        return self.do(self.city.inspector, self.answered(**over), "put_to_file")

    def case(self, actor: Actor | None = None, **over: Any) -> Case:
        by = actor or self.city.inspector
        data: Mapping[str, Any] = {
            "enterprise": self.city.enterprise.pk, "matter": "未按规定设置安全警示标志", "handlers": self.officers,
        } | over  # fmt: skip
        with scope.acting(by):
            return actions.open_case(actor=by, data=dict(data))

    def case_step(self, actor: Actor, case: Case, step: str, **data: Any) -> Case:
        with scope.acting(actor):
            return actions.take_case_step(actor=actor, case=case.pk, step=step, data=data)


def make_bench() -> Bench:
    bench = Bench(city=make_city())
    city = bench.city
    with scope.acting(SYSTEM):
        for number, name in enumerate(("inspector", "inspector2"), start=1):
            Person.objects.filter(pk=city.actors[name].person).update(certificate=f"晋E0{number}")
            bench.officers.append({"name": city.actors[name].name, "certificate": f"晋E0{number}"})
        bodies = {
            region: Organisation.objects.create(id=new_id(), name=f"{name}安委办", kind="committee", region=region)
            for region, name in ((COUNTY, "翠岭县"), (NEIGHBOUR, "苍溪县"))
        }
        bench.unit = Organisation.objects.create(id=new_id(), name="翠岭县住建局", kind="department", region=COUNTY)
    for region, office, word in ((COUNTY, city.office, "翠安办"), (NEIGHBOUR, city.actors["n_office"], "苍安办")):
        with scope.acting(office):
            seal = take_photo(actor=office, source=seal_picture(), name="seal.png", media_type="image/png")
            facts = {
                "name": bodies[region].name, "word": word, "seal": seal.pk, "review_body": "本级人民政府", "court": "县人民法院",
            }  # fmt: skip
            made = actions.set_organ(actor=office, organisation=bodies[region].pk, data=facts)
        if region == COUNTY:
            bench.organ = made
        else:
            bench.n_organ = made
    return bench


@pytest.fixture
def bench(db: None) -> Bench:
    return make_bench()
