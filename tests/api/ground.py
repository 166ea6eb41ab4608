"""What stands in one county of the small city: a record of every kind that an address may name, made by its own people."""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from anlan.assessments.actions import open_round, publish_card
from anlan.assessments.cards import shipped
from anlan.assessments.models import Assessment
from anlan.bulletins.actions import draft as draft_bulletin
from anlan.campaigns import actions as campaigns
from anlan.campaigns.actions import open_campaign
from anlan.campaigns.models import Campaign, Return
from anlan.campaigns.returns.shipped import texts
from anlan.chain.actions import add_card, give_duty
from anlan.directives import actions as directives
from anlan.directives.models import Proposal
from anlan.enforcement import actions as enforcement
from anlan.experts.actions import add_certificate, add_expert, declare_avoidance, keep_group, note_absence
from anlan.identity.models import Organisation, Person
from anlan.identity.roles import INSPECTOR
from anlan.inspections.actions.draws import announce_draw
from anlan.inspections.actions.visit import plan_visit
from anlan.inspections.models import Draw
from anlan.kernel import clock, scope
from anlan.kernel.actor import SYSTEM, Actor
from anlan.kernel.flow.clockwork import tick
from anlan.kernel.ids import new_id
from anlan.plans import actions as plans
from anlan.registry.actions import add_site
from anlan.registry.models import Enterprise
from anlan.reports.actions import handle, submit, take_step
from anlan.reports.loading import load_categories
from anlan.reports.models import ReportPhoto, Rule
from anlan.rewards.actions import load_rules
from anlan.rewards.models import Reward
from anlan.risks import actions as risks
from anlan.standards.actions import add_item, create_checklist, draft_edition
from anlan.standards.models import Item
from tests.factories import COUNTY, NEIGHBOUR, NEIGHBOUR_TOWN, TOWN, City
from tests.reports.conftest import _member, make_citizen

JOINED = "/join"
"""Any citizen may join any report: it is no record of a territory to them."""


def meant(address: str, name: str) -> str:
    """The name of a parameter among the ids made here, where two rooms call different things alike."""
    workers = name == "report_id" and ("worker-reports" in address or "/sent/" in address)
    return "worker_report_id" if workers else name


PUBLIC = frozenset({"checklist_id", "edition_id", "item_id"})
"""What may be asked on a visit is public: these answer everybody, and are changed by their keepers alone."""


@dataclass(frozen=True)
class Side:
    """One of the two counties: `n_` is the neighbour's."""

    city: City
    prefix: str

    def actor(self, name: str) -> Actor:
        return self.city.actors[self.prefix + name]

    @property
    def enterprise(self) -> Enterprise:
        return self.city.n_enterprise if self.prefix else self.city.enterprise

    @property
    def region(self) -> int:
        return NEIGHBOUR if self.prefix else COUNTY


def ground_of(city: City, prefix: str, *, name: str = "苍溪", lists: dict[str, UUID] | None = None) -> dict[str, UUID]:
    """By the names that addresses use; every text begins with `name`, so that a leak can be read. `lists` were made before."""
    side = Side(city, prefix)
    made = _risks(side, name) | _chain(side, name) | _experts(side, name) | _visits(side, name)
    made |= _returns(side, name) | _bulletins(side, name) | _directives(side, name) | _plans(side, name)
    made |= _assessment(side, name) | _instruments(side, name)
    return made | (lists or lists_of(city, prefix, name=name)) | _reports(side, name)


def _risks(side: Side, name: str) -> dict[str, UUID]:
    manager, firm = side.actor("safety_manager"), side.enterprise
    with scope.acting(manager):
        site = add_site(actor=manager, enterprise=firm.pk, data={"name": f"{name}二厂"})
        facts = {"enterprise": firm.pk, "name": f"{name}1号炉", "unit": f"{name}熔炼车间", "place": f"{name}炉前"}
        point = risks.register_point(actor=manager, data=facts)
        source = risks.add_source(
            actor=manager, point=point.pk, data={"name": f"{name}金属液喷溅", "accidents": ["burns"]}
        )
        control = risks.add_control(
            actor=manager, source=source.pk,
            data={"kind": "engineering", "words": f"{name}炉前挡板", "tier": "team", "cycle": "daily"},
        )  # fmt: skip
    report = risks.file_report(
        point=point.pk, report=new_id(), data={"words": f"{name}护栏松动，走路要扶墙。"}, address="198.51.100.7"
    )
    assert point.unit_id is not None
    return {
        "site_id": site.pk, "point_id": point.pk, "unit_id": point.unit_id, "source_id": source.pk,
        "control_id": control.pk, "worker_report_id": report.pk,
    }  # fmt: skip


def _chain(side: Side, name: str) -> dict[str, UUID]:
    office, principal = side.actor("office"), side.actor("principal")
    with scope.acting(office):
        facts = {"kind": "territorial", "part": "leader", "region": side.region, "person_name": f"{name}某"}
        duty = give_duty(actor=office, data=facts | {"valid_from": clock.today()})
    with scope.acting(principal):
        facts = {
            "level": "team_leader",
            "title": f"{name}班组长",
            "holder_name": f"{name}某",
            "duties": [f"{name}巡查"],
        }
        card = add_card(actor=principal, enterprise=side.enterprise.pk, data=facts)
    return {"duty_id": duty.pk, "card_id": card.pk}


def _experts(side: Side, name: str) -> dict[str, UUID]:
    office, regulator, today = side.actor("office"), side.actor("regulator"), clock.today()
    officer = side.city.posts[f"{side.prefix}inspector"].person_id
    with scope.acting(office):
        facts = {"name": f"{name}专家", "level": "county", "region": side.region, "since": today}
        expert = add_expert(actor=office, data=facts)
        group = keep_group(actor=office, data={"name": f"{name}专家组", "region": side.region, "members": [expert.pk]})
        absence = note_absence(
            actor=office, expert=expert.pk, data={"first": today, "last": today + timedelta(days=3), "reason": name}
        )
    with scope.acting(regulator):
        for number, who in enumerate(("inspector2", "inspector"), start=1):
            person = side.city.posts[side.prefix + who].person_id
            facts = {"person": person, "number": f"{name}-{number}", "since": "2020-01-01"}
            certificate = add_certificate(actor=regulator, data=facts)
        avoidance = declare_avoidance(
            actor=regulator,
            data={"person": officer, "enterprise": side.enterprise.pk, "kind": "other", "reason": f"{name}亲属",
                  "since": "2020-01-01", "until": "2020-12-31"},
        )  # fmt: skip
    return {
        "expert": expert.pk, "expert_id": expert.pk, "group_id": group.pk, "absence_id": absence.pk,
        "certificate_id": certificate.pk, "avoidance_id": avoidance.pk,
    }  # fmt: skip


def _visits(side: Side, name: str) -> dict[str, UUID]:
    leader = side.actor("group_leader")
    with scope.acting(SYSTEM):
        body = Organisation.objects.create(
            id=new_id(), name=f"{name}应急管理局", kind="department", region=side.region, industries=-1
        )
    regulator = replace(side.actor("regulator"), organisation=body.pk, organisation_name=body.name)
    with scope.acting(regulator):
        facts: dict[str, Any] = {
            "title": f"{name}双随机", "region": side.region, "industry": "gongmao", "enterprises": 1, "officers_each": 2,
            "planned_on": clock.today(), "purpose": f"{name}计划",
        }  # fmt: skip
        held, open_ = announce_draw(actor=regulator, data=facts), announce_draw(actor=regulator, data=facts)
        # The seed of a real one comes from a signed head, which stands over what is committed alone.
        result = [{"enterprise": one["id"], "officers": [], "passed_over": []} for one in held.published["enterprises"]]
        Draw.objects.create(
            id=held.pk, notice=held, number=held.number, title=held.title, region=held.region, seed="0" * 64, digest="0" * 64,
            industry_bit=held.industry_bit, published=held.published, result=result, drawn_at=clock.now(),
            drawer_id=regulator.person, drawer_name=f"{name}某",
        )  # fmt: skip
    with scope.acting(leader):
        plan = {"enterprise": side.enterprise.pk, "kind": "supervision", "check": "group", "planned_on": clock.today()}
        visit = plan_visit(actor=leader, data=plan)
    return {"visit_id": visit.pk, "draw_id": open_.pk, "held_draw_id": held.pk}


def _reports(side: Side, name: str) -> dict[str, UUID]:
    """Citizens' reports: found true and not yet rectified; answered, with a reward proposed; not looked at by anybody."""
    dispatcher = side.actor("dispatcher")
    number = "2" if side.prefix else "1"
    reporter = make_citizen(phone=f"1383571000{number}", name=f"{name}市民")
    with scope.acting(SYSTEM):
        unit = Organisation.objects.create(
            id=new_id(), name=f"{name}消防救援大队", kind="department", region=side.region, industries=-1
        )
        rule = Rule.objects.create(region=side.region, unit=unit, remark=name, changed_at=clock.now())
    member = _member(side.city, f"{side.prefix}{name}核查", INSPECTOR, side.region, unit)
    town = NEIGHBOUR_TOWN if side.prefix else TOWN
    facts: dict[str, Any] = {"region": town, "category": "fire_exit", "address": f"{name}路1号"}
    with scope.acting(reporter):
        photo = side.city.photo(reporter)
        sent, rewarded = (
            submit(actor=reporter, data=facts | {"words": f"{name}：燃气味很重，{number}处。", "photos": photos})
            for number, photos in (("一", [photo]), ("二", []))
        )
        submit(actor=reporter, data=facts | {"words": f"{name}：无人查看过。"})
    found: dict[str, Any] = {
        "words": f"{name}：现场查看属实。", "on": clock.today(), "place": f"{name}楼道", "industry": "gongmao",
        "hazard_category": "site", "enterprise": side.enterprise.pk,
    }  # fmt: skip
    for report in (sent, rewarded):
        with scope.acting(dispatcher):
            sending = {"unit": unit.pk, "industry": "gongmao", "remark": name}
            take_step(actor=dispatcher, report=report.pk, step="dispatch", data=sending)
        with scope.acting(member):
            take_step(actor=member, report=report.pk, step="verify", data=found)
    handle(report=rewarded.pk, words=f"{name}已整改。")
    office = side.actor("office")
    with scope.acting(office):
        take_step(actor=office, report=rewarded.pk, step="review", data={"answer": f"{name}：已整改，谢谢。"})
    tick()
    with scope.acting(SYSTEM):
        shown = ReportPhoto.objects.get(report=sent, phase="report").pk
        reward = Reward.objects.get(report=rewarded).pk
    return {"report_id": sent.pk, "rule_id": rule.pk, "photo_id": shown, "reward_id": reward}


def _instruments(side: Side, name: str) -> dict[str, UUID]:
    """An organ with its word, a draft nobody outside may know of, and a case of penalty."""
    office, inspector = side.actor("office"), side.actor("inspector")
    handlers = []
    with scope.acting(SYSTEM):
        body = Organisation.objects.create(id=new_id(), name=f"{name}安委办", kind="committee", region=side.region)
        for number, who in enumerate(("inspector", "inspector2"), start=1):
            person, certificate = side.actor(who), f"晋{name}{number}"
            Person.objects.filter(pk=person.person).update(certificate=certificate)
            handlers.append({"name": person.name, "certificate": certificate})
    with scope.acting(office):
        facts = {"name": f"{name}安委办", "word": f"{name}安办"}
        enforcement.set_organ(actor=office, organisation=body.pk, data=facts)
    with scope.acting(inspector):
        matter = {"enterprise": side.enterprise.pk, "matter": f"{name}未设警示标志", "handlers": handlers}
        case = enforcement.open_case(actor=inspector, data=matter)
        fields = {"risk": f"{name}近期险情多发。"}
        draft = enforcement.draft(actor=inspector, kind="warning_letter", enterprise=side.enterprise.pk, fields=fields)
    return {
        "instrument_id": draft.pk, "case_id": case.pk, "penalty_case_id": case.pk, "organisation_id": body.pk,
    }  # fmt: skip


def _directives(side: Side, name: str) -> dict[str, UUID]:
    """A document from above with a task and one that comes again, its digest issued and drafted, and one still to be registered."""
    office = side.actor("office")
    with scope.acting(SYSTEM):
        unit = Organisation.objects.create(
            id=new_id(), name=f"{name}督办应急管理局", kind="department", region=side.region, industries=-1
        )
    text = f"{name}关于加强安全工作的通知\n各有关单位：\n（一）应急管理局要在12月20日前完成{name}排查。\n（二）应急管理局每月25日前报送{name}进展情况。\n"
    with scope.acting(office):
        made = directives.register(actor=office, data={"region": side.region, "text": text})
        first, again = Proposal.objects.filter(directive=made).order_by("position")
        (task,) = directives.accept(actor=office, proposal=first.pk, data={"units": [unit.pk]})
        (recurring,) = directives.accept(actor=office, proposal=again.pk, data={"units": [unit.pk]})
        draft = directives.draft_digest(actor=office)
        digest = directives.issue_digest(actor=office, draft_id=draft.pk)
        draft = directives.draft_digest(actor=office)
        intake = directives.bring_in(actor=office, data={"region": side.region, "text": f"{text}{name}再次通知。"})
        mark = {"units": [unit.pk], "what": f"{name}另一项工作", "start": 0, "end": 6}
        open_ = directives.register(actor=office, data={"region": side.region, "text": f"{text}{name}第二份。"})
        directives.add(actor=office, directive=open_.pk, data=mark)
        undecided = Proposal.objects.filter(directive=open_, ruling="")[0]
    return {
        "directive_id": made.pk, "proposal_id": undecided.pk, "directive_task_id": task.pk, "intake_id": intake.pk,
        "recurrence_id": recurring.recurrence_id, "digest_id": digest.pk, "digest_draft_id": draft.pk,
    }  # fmt: skip


def lists_of(city: City, prefix: str, *, name: str) -> dict[str, UUID]:
    """What may be asked on a visit, with its ledger, and what can be reported: public."""
    load_categories()
    load_rules()
    office = Side(city, prefix).actor("office")
    with scope.acting(office):
        checklist = create_checklist(actor=office, data={"zh": f"{name}检查清单"})
        edition = draft_edition(actor=office, checklist=checklist.pk)
        for code in ("1", "2"):
            add_item(actor=office, edition=edition.pk, data={"code": code, "zh": f"{name}第{code}项措施落实"})
        item = Item.objects.get(edition=edition, code="1")
    return {"checklist_id": checklist.pk, "edition_id": edition.pk, "item_id": item.pk}


def _returns(side: Side, name: str) -> dict[str, UUID]:
    """A monthly return of the county's campaign, with something written in it."""
    office = side.actor("office")
    with scope.acting(SYSTEM):
        unit = Organisation.objects.create(id=new_id(), name=f"{name}镇政府", kind="government", region=side.region)
    writer = replace(office, person=new_id(), organisation=unit.pk, organisation_name=unit.name)
    template, checks = texts("2024-campaign")
    month = clock.today().replace(day=1)
    with scope.acting(office):
        facts = {"code": "returns", "zh": f"{name}专项整治", "en": f"{name} campaign", "from_day": date(2024, 1, 1)}
        campaign = campaigns.open_campaign(actor=office, data=facts)
        version = campaigns.publish_template(
            actor=office, campaign=campaign.pk, data={"template": template, "checks": checks}
        )
        deed = {"kind": "visit", "on": clock.today(), "topic": f"{name}现场督导", "place": f"{name}客运站"}
        leader = {"people": [str(side.actor("leader").person)]}
        act = campaigns.record_act(actor=office, campaign=campaign.pk, data=deed | leader)
        campaigns.enrol(
            actor=office, campaign=campaign.pk, data={"unit": unit.pk, "filler": "unit", "from_month": month}
        )
        campaigns.open_month(actor=office, campaign=campaign.pk, month=month)
    with scope.acting(writer):
        record = Return.objects.get(unit=unit)
        written = {"cells": {"contact.name": f"{name}某"}}
        campaigns.save(actor=writer, record=record.pk, data=written)
    return {
        "return_id": record.pk, "monthly_return_id": record.pk, "campaign_id": campaign.pk, "template_id": version.pk,
        "act_id": act.pk,
    }  # fmt: skip


def _bulletins(side: Side, name: str) -> dict[str, UUID]:
    """A draft of the county's own campaign."""
    office = side.actor("office")
    month = clock.today().replace(day=1)
    with scope.acting(office):
        campaign = Campaign.objects.filter(region=side.region).first() or open_campaign(
            actor=office, data={"code": "bulletins", "zh": f"{name}专项整治", "en": "Campaign", "from_day": month}
        )
        asked = {"campaign": campaign.pk, "first_month": month, "last_month": month}
        bulletin = draft_bulletin(actor=office, data=asked)
    return {"bulletin_id": bulletin.pk}


def _plans(side: Side, name: str) -> dict[str, UUID]:
    """A plan with one item, not published: a published one is everybody's to read."""
    office = side.actor("office")
    year = clock.today().year
    with scope.acting(office):
        facts = {"code": "plan", "zh": f"{name}三年行动", "en": name, "from_day": date(year, 1, 1)}
        campaign = campaigns.open_campaign(actor=office, data=facts)
        plan = plans.open_plan(actor=office, data={"campaign": campaign.pk})
        for code in ("1", "1.1", "1.1.1", "1.1.1.1"):
            line = plans.put_line(actor=office, plan=plan.pk, data={"code": code, "name": f"{name}第{code}项"})
    return {"plan_id": plan.pk, "plan_item_id": line.pk, "sub_plan_id": line.sub_plan_id}


def _assessment(side: Side, name: str) -> dict[str, UUID]:
    """A card of the county, the year opened by it, and the assessment of one of its units."""
    office = side.actor("office")
    with scope.acting(SYSTEM):
        unit = Organisation.objects.create(
            id=new_id(), name=f"{name}镇人民政府", kind="government", region=NEIGHBOUR_TOWN if side.prefix else TOWN
        )
    card = shipped("district").model_copy(update={"year": clock.today().year, "zh": f"{name}评分表", "en": name})
    with scope.acting(office):
        version = publish_card(actor=office, data={"card": card.stored()})
        row = open_round(
            actor=office, data={"card": version.pk, "units": [unit.pk], "self_by": clock.today(), "basis": name}
        )
    with scope.acting(SYSTEM):
        record = Assessment.objects.get(round=row).pk
    return {"score_card_id": version.pk, "assessment_round_id": row.pk, "assessment_id": record}
