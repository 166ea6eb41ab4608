"""One hazard in every state and the posts that try every step on it, all in one transaction that is never committed."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db import connection, transaction

from anlan.files.models import File
from anlan.hazards.models import Hazard
from anlan.hazards.sheet import sheet
from anlan.identity.roles import OFFICE, ROLES
from anlan.kernel import clock, scope
from anlan.kernel.actor import CLOCK, SYSTEM, Actor
from anlan.kernel.ids import new_id
from tests.factories import CITY, COUNTY, DRAWING, TOWN, City, _enterprise, _post, make_city
from tests.matrix.expected import ENTERPRISES, OFFICIALS, POSTS

CORE = """
SELECT (SELECT md5(string_agg(h::text, '|' ORDER BY id)) FROM hazards_hazard h),
  (SELECT count(*) FROM kernel_entry), (SELECT count(*) FROM kernel_pending),
  (SELECT md5(string_agg(t::text, '|' ORDER BY id)) FROM kernel_timer t),
  (SELECT md5(string_agg(f::text, '|' ORDER BY id)) FROM files_file f),
  (SELECT md5(string_agg(s::text, '|' ORDER BY key)) FROM kernel_sequence s),
  (SELECT count(*) FROM notify_message), (SELECT count(*) FROM hazards_signature), (SELECT count(*) FROM hazards_duedate),
  (SELECT count(*) FROM hazards_photo), (SELECT count(*) FROM hazards_recheck), (SELECT count(*) FROM hazards_tallydelta)
"""


def fingerprint() -> tuple[Any, ...]:
    """Everything a step can touch; equal before and after means that nothing changed."""
    with scope.acting(SYSTEM), connection.cursor() as cursor:
        cursor.execute(CORE)
        return tuple(cursor.fetchone())


def copied(file: UUID, actor: Actor) -> UUID:
    """Another upload of the same picture: the decoding is proved elsewhere and costs a child process each time."""
    with scope.acting(SYSTEM):
        row = File.objects.get(pk=file)
        row.pk, row.uploader_id, row.subject_id, row.subject_type = new_id(), actor.person, None, ""
        row.save(force_insert=True)
    return row.pk


class Stage(City):
    """The small city, whose photos after the first are copies."""

    first: UUID | None = None

    def photo(self, actor: Actor) -> UUID:
        if self.first is None:
            self.first = super().photo(actor)
        return copied(self.first, actor)


@dataclass
class Theatre:
    city: City
    actors: dict[str, Actor] = field(default_factory=dict)
    hazards: dict[str, Hazard] = field(default_factory=dict)
    digests: dict[str, str] = field(default_factory=dict)
    photos: dict[str, UUID] = field(default_factory=dict)
    survivor: UUID | None = None
    survivors: dict[str, UUID] = field(default_factory=dict)
    """Where not any other hazard may survive: by the first word of the stage."""

    def data(self, stage: str, step: str, post: str) -> dict[str, Any]:
        """Valid input, so that a refusal is for the post or the state and nothing else."""
        city, hazard, photo = self.city, self.hazards[stage], self.photos[post]
        found: dict[str, Callable[[], dict[str, Any]]] = {
            "amend": lambda: {"place": f"{hazard.place}北", "category": "equipment", "description": "传动部位缺少防护罩。",
                              "reason": "位置写错"},
            "grade": lambda: {"grade": "general"},
            "dispatch": lambda: {"responsible": city.enterprise.pk, "due": city.day(30)},
            "dismiss": lambda: {"reason": "现场核实不构成隐患。"},
            "merge": lambda: {"survivor": self.survivors.get(stage.partition("_")[0], self.survivor), "reason": "同一处隐患"},
            "split": lambda: {"place": "另一侧", "category": "equipment", "description": "另有一处缺护罩。", "reason": "分开整改"},
            "sign": lambda: {"digest": self.digests[stage], "drawing": DRAWING},
            "refuse": lambda: {"digest": self.digests[stage], "reason": "设备已停用。"},
            "arbitrate": lambda: {"decision": "uphold", "reason": "现场核实属实。"},
            "plan": lambda: city.plan(hazard),
            "list": lambda: {"level": "county"},
            "publish": lambda: {"where": "市政府网站"},
            "ask_extension": lambda: {"due": city.day(40), "reason": "备件未到货"},
            "decide_extension": lambda: {"granted": True, "reason": "情况属实"},
            "submit": lambda: {"measure_done": "护罩已装好。", "finished_on": clock.today(), "photos": [photo]},
            "recheck": lambda: {"passed": True, "remark": "现场合格。", "photos": [photo],
                                "officers": [city.posts["inspector2"].pk]},
            "delist": lambda: {"remark": "整改到位"},
            "look_back": lambda: {"holds": False, "remark": "护罩又被拆下。", "new_due": city.day(10)},
            "stop_use": lambda: {"measure": "停止使用该设备", "officers": [city.posts["inspector2"].pk]},
            "transfer": lambda: {"authority": "市场监督管理局", "accepted_ref": "收文1号", "reason": "属特种设备"},
            "add_evidence": lambda: {"remark": "补充照片", "photos": [photo]},
            "remind": lambda: {"level": 1},
            "fall_due": lambda: {"level": 2},
            "escalate": lambda: {"level": 3},
            "press": lambda: {"level": 1, "wait": "listing"},
            "absorb": lambda: {"merged": self.survivor, "number": "x"},
            "join": lambda: {"source": "county", "description": "又发现"},
            "register": dict,
        }  # fmt: skip
        return found.get(step, dict)()


def open_theatre() -> Iterator[Theatre]:
    with transaction.atomic():
        made = make_city()
        city = Stage(**vars(made))
        theatre = Theatre(city=city)
        with scope.acting(SYSTEM):
            _cast(theatre)
        _scenes(theatre)
        with scope.acting(SYSTEM):
            for stage, hazard in theatre.hazards.items():
                theatre.hazards[stage] = Hazard.objects.get(pk=hazard.pk)
                theatre.digests[stage] = sheet(theatre.hazards[stage]).digest
        theatre.photos = {post: city.photo(actor) for post, actor in theatre.actors.items()}
        yield theatre
        transaction.set_rollback(True)


def _cast(theatre: Theatre) -> None:
    """Every post of the table; the county's own posts are those of the small city."""
    city = theatre.city
    other = _enterprise(3, "青石机械有限公司", TOWN)
    for role in ROLES:
        names = {"own": role, "near": f"n_{role}"}
        if role in OFFICIALS:
            names |= {"city": f"at_city_{role}", "field": f"at_field_{role}"}
            _post(city, names["city"], role, CITY, None)
            _post(city, names["field"], role, COUNTY, None, industries=0b010)
        if role in ENTERPRISES:
            names["other"] = f"other_{role}"
            _post(city, names["other"], role, COUNTY, other)
        theatre.actors |= {f"{role}@{place}": city.actors[name] for place, name in names.items()}
    theatre.actors["system@everywhere"] = CLOCK
    assert set(theatre.actors) == set(POSTS)


def _scenes(theatre: Theatre) -> None:
    city, hazards = theatre.city, theatre.hazards
    for state in ("dispatched", "disputed", "claimed", "rectifying", "rectified", "accepted", "closed"):
        hazards[state] = city.in_state(state, grade="general")
    hazards["found"] = city.found(grade="general")
    for state in ("dismissed", "transferred"):
        hazards[state] = city.in_state(state)
    theatre.survivor = city.found(grade="general").pk
    stop = {"measure": "停止使用该设备", "officers": [city.posts["inspector2"].pk]}
    theatre.survivors = {
        "major": city.found(grade="major").pk,
        "stopped": city.do(city.inspector, city.found(grade="general"), "stop_use", **stop).pk,
    }
    hazards["not_graded"] = city.found()
    hazards["stopped"] = city.do(city.inspector, city.found(grade="general"), "stop_use", **stop)
    for state in ("dispatched", "disputed", "claimed", "rectified"):
        hazards[f"major_{state}"] = city.in_state(state, grade="major")
        listed = city.in_state(state, grade="major")
        hazards[f"major_{state}_listed"] = city.do(city.office, listed, "list", level="county")
    hazards["major"] = city.rectifying(grade="major")
    hazards["major_listed"] = city.do(city.office, city.rectifying(grade="major"), "list", level="county")
    listed = city.do(city.office, city.rectifying(grade="major"), "list", level="county")
    hazards["major_published"] = city.do(city.office, listed, "publish", where="县政府网站")
    hazards["major_accepted"] = city.accepted(grade="major")
    hazards["major_accepted_listed"] = city.do(city.office, city.accepted(grade="major"), "list", level="county")
    hazards["city_listed"] = city.do(city.city_office, city.accepted(grade="major"), "list", level="city")
    hazards["asked"] = city.do(
        city.principal, city.rectifying(), "ask_extension", due=city.day(40), reason="备件未到货"
    )
    with clock.at(clock.now() - timedelta(days=60)):
        hazards["past_due"] = city.rectifying()
    hazards["group_dispatched"] = city.dispatched(source="group")
    hazards["signed_by_one"] = city.sign(city.principal, city.dispatched())
    hazards["rechecked_by_regulator"] = city.do(
        city.regulator, city.rectified(), "recheck", passed=True, remark="现场合格。"
    )
    assert OFFICE in city.actors
