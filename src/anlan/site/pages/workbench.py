"""The workbench: the first thing each post must see after signing in. Every line of it is a link."""

from collections.abc import Callable, Iterable
from datetime import timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from anlan.hazards.flow import HAZARD
from anlan.hazards.queries import Row, board
from anlan.hazards.queries import workbench as waiting
from anlan.hazards.wording import limit_words, source_words, state_view
from anlan.identity import roles
from anlan.identity.models import Post
from anlan.inspections.queries.self_check import open_slots, plans_of
from anlan.inspections.queries.visits import announced_to, to_go
from anlan.inspections.wording_self_check import cycle_words, period_words
from anlan.inspections.wording_self_check import state_words as self_check_words
from anlan.kernel import clock
from anlan.kernel.actor import Actor
from anlan.site.menu import IN_THE_FIELD
from anlan.site.pages import (
    assessment_tasks,
    directive_tasks,
    instrument_tasks,
    ledger_words,
    plan_tasks,
    report_tasks,
    reward_tasks,
    visit_tasks,
)
from anlan.site.pages.access import address, open_to
from anlan.site.pages.calendar_reach import reach
from anlan.site.pages.return_tasks import returns
from anlan.site.pages.words import due_view

RANKED = 8
MOST_CHECKS = 6
SOON = timedelta(days=30)
Section = dict[str, Any]


@require_GET
@open_to()
def workbench(request: HttpRequest, actor: Actor) -> HttpResponse:
    context = {
        "title": _("Workbench"),
        "duty": roles.ROLES[actor.role].duty if actor.role in roles.ROLES else "",
        "in_the_field": actor.role in IN_THE_FIELD,
    }
    build = BENCHES.get(actor.role, _citizen)
    return render(request, "site/workbench.html", context | build(actor))


def _office(actor: Actor) -> dict[str, Any]:
    found = board(actor)
    return {
        "figures": _figures(found.total),
        "reconciles": found.total if found.total.reconciles() else None,
        "ranking": _ranking(found.rows),
        "links": instrument_tasks.alert_links(actor),
        "every_area": address("board") if sum(1 for row in found.rows if row.late) > RANKED else "",
        "sections": [
            _tasks(_("Waits for you"), waiting.waiting_for(actor), more=_list("mine=1")),
            *returns(actor),
            *directive_tasks.section(actor),
            *plan_tasks.section(actor),
            *_reports(actor, _("Citizens' reports that wait for you")),
            *instrument_tasks.sections(actor),
            *assessment_tasks.sections(actor),
            _tasks(_("Listed, not yet published"), waiting.to_publish(actor), more=_list(waiting.TO_PUBLISH.query())),
            _tasks(
                _("Major hazards not listed for supervision"),
                waiting.listing_candidates(actor, limit=10),
                more=_list(waiting.CANDIDATES.query()),
                empty=_("Every open major hazard is listed."),
            ),
            _tasks(
                _("Longest overdue"),
                waiting.open_hazards(actor, late=True, limit=10),
                more=_list("late=1&sort=due_at"),
                empty=_("Nothing is overdue."),
                quiet=True,
            ),
        ],
        "buttons": _buttons(("board", _("Overdue board"), "chart-bar"), ("hazards:new", _("New finding"), "plus")),
    }


def _regulator(actor: Actor) -> dict[str, Any]:
    return {
        "links": instrument_tasks.alert_links(actor),
        "figures": _figures(board(actor).total),
        "sections": [
            _tasks(_("Waits for you"), waiting.waiting_for(actor), more=_list("mine=1")),
            *returns(actor),
            *directive_tasks.section(actor),
            *plan_tasks.section(actor),
            *_reports(actor, _("Citizens' reports to look at on the spot")),
            *instrument_tasks.sections(actor),
            *assessment_tasks.sections(actor),
            _tasks(
                _("Open in your field, by time left"),
                waiting.open_hazards(actor, limit=10),
                more=_list("state=open&sort=due_at"),
                quiet=True,
            ),
        ],
        "buttons": _buttons(("hazards:new", _("New finding"), "plus"), ("board", _("Overdue board"), "chart-bar")),
    }


def _inspector(actor: Actor) -> dict[str, Any]:
    return {
        "main_button": _button("hazards:new", _("New finding"), "camera-plus"),
        "visits": visit_tasks.section(_("Your visits"), to_go(actor), empty=_("No visit in the coming days.")),
        "sections": [
            _tasks(
                _("Rechecks and signatures that wait for you"),
                waiting.waiting_for(actor),
                more=_list("mine=1"),
                empty=_("No recheck and no signature waits for you."),
            ),
            *_reports(actor, _("Citizens' reports to look at on the spot")),
            *instrument_tasks.sections(actor),
            _tasks(_("What you found"), waiting.found_by(actor, limit=10), quiet=True),
        ],
    }


def _leader(actor: Actor) -> dict[str, Any]:
    rows = waiting.to_sign(actor)
    photos = waiting.photos_before(row.hazard.pk for row in rows)
    cards = [_task(row) | {"photos": [_photo(one) for one in photos.get(row.hazard.pk, [])]} for row in rows]
    return {
        "cards": cards,
        "cards_title": _("Waits for your signature"),
        "sections": [
            *instrument_tasks.sections(actor),
            *directive_tasks.section(actor),
            *plan_tasks.section(actor),
            _tasks(
                _("Longest overdue in your territory"),
                waiting.open_hazards(actor, late=True, limit=5),
                more=_list("late=1&sort=due_at"),
                empty=_("Nothing is overdue."),
                quiet=True,
            ),
        ],
        "buttons": _buttons(("board", _("Overdue board"), "chart-bar")),
    }


def _expert(actor: Actor) -> dict[str, Any]:
    return {
        "main_button": _button("hazards:new", _("New finding"), "camera-plus"),
        "visits": visit_tasks.section(_("Your visits"), to_go(actor), empty=_("No visit in the coming days.")),
        "sections": [_tasks(_("What you found"), waiting.found_by(actor), empty=_("You have found nothing yet."))],
    }


def _enterprise(actor: Actor) -> dict[str, Any]:
    return {
        "main_button": _button("hazards:new", _("Report what you found yourself"), "camera-plus"),
        "visits": visit_tasks.section(_("Visits of your enterprise"), announced_to(actor)),
        "links": _own_checks(actor),
        "sections": [
            _tasks(
                _("Your hazards, by time left"),
                waiting.open_hazards(actor),
                more=_list("state=open&sort=due_at"),
                empty=_("No open hazard. Thank you."),
            ),
            *instrument_tasks.sections(actor),
        ],
    }


def _own_checks(actor: Actor) -> list[dict[str, Any]]:
    """The enterprise's own checks that are due, or over and not yet too late: one press away."""
    due = [one for one in open_slots(plans_of(actor.enterprises), clock.today()) if one.to_do]
    return [
        {
            "url": address("inspections:self-check-do", one.plan.enterprise_id, one.cycle, one.period.isoformat()),
            "label": cycle_words(one.cycle),
            "words": f"{period_words(one.cycle, one.period)} · {self_check_words(one.state)}",
            "icon": "checklist",
        }
        for one in due[:MOST_CHECKS]
    ]


def _auditor(actor: Actor) -> dict[str, Any]:
    return {
        "ledger": True,
        "head": ledger_words.head_view(),
        "entries": ledger_words.newest(10),
        "refused": ledger_words.refusals(10),
        "entries_url": address("audit"),
        "refused_url": address("identity:refusals"),
        "sections": [],
    }


def _system_admin(actor: Actor) -> dict[str, Any]:
    calendar = reach()
    return {
        "notices": [calendar["warning"]] if calendar["warning"] else [],
        "links": _links(
            ("calendar", _("Working days"), calendar["words"], "calendar"),
            ("settings", _("Settings of the city"), _("Time limits, signers, reminders and escalation."), "settings"),
            ("identity:organisations", _("Organisations"), _("Bodies in which people hold posts."), "sitemap"),
            ("identity:regions", _("Regions"), _("Administrative divisions and their codes."), "map"),
            (
                "registry:imports",
                _("Imports"),
                _("People, organisations and enterprises from workbooks."),
                "file-upload",
            ),
        ),
        "sections": [],
    }


def _security_admin(actor: Actor) -> dict[str, Any]:
    today = clock.today()
    ending = Post.objects.filter(valid_to__gte=today, valid_to__lte=today + SOON).values("pk").order_by()[:100].count()
    words = _("%(n)s posts end within 30 days.") % {"n": ending} if ending else _("No post ends within 30 days.")
    return {
        "links": _links(
            ("identity:people", _("People and posts"), words, "users"),
            ("identity:organisations", _("Organisations"), _("Bodies in which people hold posts."), "sitemap"),
        ),
        "sections": [],
    }


def _dispatcher(actor: Actor) -> dict[str, Any]:
    waits = _("Citizens' reports that wait for you")
    return {
        "figures": report_tasks.counts(actor),
        "sections": _reports(actor, waits, empty=_("Every report is on its way.")),
        "buttons": _buttons(
            ("reports:desk", _("Dispatch desk"), "inbox"), ("reports:list", _("Citizens' reports"), "message-report")
        ),
    }


def _reports(actor: Actor, title: str, *, empty: str = "") -> list[Section]:
    found = report_tasks.section(actor, title, empty=empty)
    return [found] if found else []


def _citizen(actor: Actor) -> dict[str, Any]:
    return {
        "links": _links(
            (
                "citizen",
                _("Report what you see"),
                _("A photo, a place, a few words; follow it and be told."),
                "camera-plus",
            ),
            ("notify:inbox", _("Inbox"), _("Messages to you."), "bell"),
            ("identity:me", _("My account"), _("Password, second factor, sessions."), "user-circle"),
        ),
        "sections": [],
    }


BENCHES: dict[str, Callable[[Actor], dict[str, Any]]] = {
    roles.OFFICE: _office,
    roles.REGULATOR: _regulator,
    roles.INSPECTOR: _inspector,
    roles.GROUP_LEADER: _inspector,
    roles.LEADER: _leader,
    roles.EXPERT: _expert,
    roles.PRINCIPAL: _enterprise,
    roles.SAFETY_MANAGER: _enterprise,
    roles.DISPATCHER: _dispatcher,
    roles.FINANCE: reward_tasks.finance,
    roles.AUDITOR: _auditor,
    roles.AUDIT_ADMIN: _auditor,
    roles.SYSTEM_ADMIN: _system_admin,
    roles.SECURITY_ADMIN: _security_admin,
}


def _figures(total: Row) -> list[dict[str, Any]]:
    share = f"{100 * total.late / total.open:.1f} %" if total.open else "0 %"
    return [
        {"label": _("Open"), "value": f"{total.open:,}", "url": _list(total.queries["open"])},
        {
            "label": _("Overdue"),
            "value": f"{total.late:,}",
            "url": _list(total.queries["late"]),
            "tone": "late" if total.late else "",
            "words": _("%(share)s of the open ones") % {"share": share},
        },
        {"label": _("Major, open"), "value": f"{total.major:,}", "url": _list(total.queries["major"])},
        {
            "label": _("Major, overdue"),
            "value": f"{total.major_late:,}",
            "url": _list(total.queries["major_late"]),
            "tone": "late" if total.major_late else "",
        },
        {"label": _("Found in all"), "value": f"{total.found:,}", "url": _list(total.queries["found"])},
    ]


def _ranking(rows: Iterable[Row]) -> list[dict[str, Any]]:
    """Where most is overdue."""
    late = sorted((row for row in rows if row.late), key=lambda row: -row.late)[:RANKED]
    return [
        {
            "label": row.label,
            "late": row.late,
            "open": row.open,
            "late_url": _list(row.queries["late"]),
            "open_url": _list(row.queries["open"]),
        }
        for row in late
    ]


def _tasks(title: str, rows: list[waiting.Waiting], *, more: str = "", empty: str = "", quiet: bool = False) -> Section:
    """`quiet` rows are for looking: they carry no button."""
    return {
        "title": title,
        "rows": [_task(row, quiet=quiet) for row in rows],
        "more": more,
        "empty": empty or _("Nothing waits for you."),
    }


def _task(row: waiting.Waiting, *, quiet: bool = False) -> dict[str, Any]:
    hazard = row.hazard
    url = address("hazards:record", hazard.pk) or f"/hazards/{hazard.pk}/"
    act = None
    if row.declared and not quiet:
        signing = address("hazards:sign", hazard.pk) if row.step == "sign" else ""
        act = {"label": row.declared.label, "url": signing or f"{url}steps/{row.step}/", "panel": not signing}
    return {
        "url": url,
        "number": hazard.number,
        "place": hazard.place,
        "description": hazard.description,
        "enterprise": row.enterprise,
        "source": source_words(hazard.source),
        "finder": hazard.finder_name,
        "found_at": hazard.found_at,
        "rectify_due": hazard.rectify_due,
        "state": state_view(hazard),
        "waits_for": "" if act else HAZARD.state(hazard.state).waits_for,
        "major": hazard.major,
        "due": due_view(row.due, since=hazard.state_since, label=limit_words(hazard.state, row.step)),
        "act": act,
    }


def _photo(file: Any) -> dict[str, str]:
    return {"url": address("files:show", file, "display"), "thumb": address("files:show", file, "thumb")}


def _list(query: str) -> str:
    return address("hazards:list", query=query)


def _button(name: str, label: str, icon: str) -> dict[str, str] | None:
    url = address(name)
    return {"url": url, "label": label, "icon": icon} if url else None


def _buttons(*wanted: tuple[str, str, str]) -> list[dict[str, str]]:
    return [found for one in wanted if (found := _button(*one))]


def _links(*wanted: tuple[str, str, Any, str]) -> list[dict[str, Any]]:
    return [
        {"url": url, "label": label, "words": words, "icon": icon}
        for name, label, words, icon in wanted
        if (url := address(name))
    ]
