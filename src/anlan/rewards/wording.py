"""Words of the room: what codes, lines and fields are called where people read them."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from anlan.kernel import clock, timeline
from anlan.kernel.forms import yuan
from anlan.kernel.phrases import NOTHING, choice_words, left_words, plain_words
from anlan.rewards.flow import REWARD
from anlan.rewards.models import Reward

MARKS: dict[str, Any] = {
    "V": gettext_lazy("verified"),
    "B": gettext_lazy("clause base of a third party"),
    "B+": gettext_lazy("clause base and an independent page agree"),
    "W": gettext_lazy("secondary page"),
    "K": gettext_lazy("own knowledge, to be confirmed"),
}
WAYS = [("wechat", gettext_lazy("WeChat transfer")), ("voucher", gettext_lazy("voucher"))]
MEANS = [("cash", gettext_lazy("cash")), ("bank", gettext_lazy("bank transfer"))]
EXCLUDES = [
    ("kin", gettext_lazy("The reporter is close kin of somebody on duty (declared)")),
    ("penalised", gettext_lazy("The matter was penalised before the report")),
    ("malicious", gettext_lazy("The report was malicious")),
]
TRUTHS = [
    ("paid", gettext_lazy("The money went out")),
    ("not_paid", gettext_lazy("No money went out, or it came back")),
]
OPTIONS: dict[str, list[tuple[Any, Any]]] = {"means": MEANS, "excludes": EXCLUDES, "way": WAYS, "finding": TRUTHS}
BILL_STATES: dict[str, Any] = {
    "NEW": gettext_lazy("not yet with the service"),
    "ACCEPTED": gettext_lazy("taken by the service"),
    "PROCESSING": gettext_lazy("being processed"),
    "WAIT_USER_CONFIRM": gettext_lazy("waits for the reporter to confirm"),
    "TRANSFERING": gettext_lazy("being transferred"),
    "CANCELING": gettext_lazy("being cancelled"),
    "SUCCESS": pgettext_lazy("bill", "paid"),
    "FAIL": pgettext_lazy("bill", "failed"),
    "CANCELLED": pgettext_lazy("bill", "cancelled"),
}
VOUCHER_STATES: dict[str, Any] = {
    "WAIT_USER_CONFIRM": gettext_lazy("waits to be cashed"),
    "TRANSFERING": gettext_lazy("paid out, to be confirmed"),
}
SOURCES: dict[str, Any] = {
    "answer": gettext_lazy("answer of the service"),
    "query": gettext_lazy("asked"),
    "callback": gettext_lazy("callback"),
    "refusal": pgettext_lazy("reward", "refused"),
    "silence": gettext_lazy("no answer"),
    "person": gettext_lazy("an official"),
    "alarm": gettext_lazy("alarm"),
    "finding": pgettext_lazy("payment", "settled"),
}
WHYS: dict[str, Any] = {
    "conflict": gettext_lazy("the service says otherwise than before"),
    "amount": gettext_lazy("the service names another amount"),
    "lost": gettext_lazy("the service no longer knows it"),
    "statement": gettext_lazy("it stands in the service's list of payments"),
    "twice": gettext_lazy("it stands more than once in the service's list of payments"),
}
FINDINGS: dict[str, Any] = {
    "paid": gettext_lazy("it was paid"),
    "not_paid": gettext_lazy("it was not paid"),
    "recovered": gettext_lazy("the money came back"),
}
PROBLEMS: dict[str, Any] = {
    "OVERDUE_CLOSE": gettext_lazy("The reporter did not confirm within 24 hours; the service closed it."),
    "NOT_ENOUGH": gettext_lazy(
        "The merchant's balance does not suffice. Top it up; the transfer is sent again by itself."
    ),
    "FREQUENCY_LIMITED": gettext_lazy("The service takes no more requests just now; it is sent again by itself."),
    "SIGN_ERROR": gettext_lazy("The service does not accept our signature. An administrator must look at the keys."),
    "NO_AUTH": gettext_lazy("The merchant may not pay in this scene. An administrator must have it granted."),
    "ACCOUNT_FROZEN": gettext_lazy("The payee's account takes no money."),
    "PAYEE_ACCOUNT_ABNORMAL": gettext_lazy("The payee's account takes no money."),
    "REALNAME_CHECK_FAIL": gettext_lazy("The name is not the one that WeChat knows."),
    "NAME_NOT_CORRECT": gettext_lazy("The name is not the one that WeChat knows."),
}
"""What the service's codes mean; others are shown as they are [K]."""
DIFFERENCES: dict[str, tuple[Any, Any]] = {
    "unknown": (
        gettext_lazy("Paid by the service, no bill of ours"),
        gettext_lazy("Find out who ordered it: the number is none that this platform gave."),
    ),
    "not_ours": (
        gettext_lazy("Paid by the service, not paid in our books"),
        gettext_lazy(
            "Nothing more is paid for this reward. Ask the service in writing, then settle it on the reward's page."
        ),
    ),
    "twice": (
        gettext_lazy("Paid more than once by the service"),
        gettext_lazy("Ask the service in writing; settle it on the reward's page with the sum that went out."),
    ),
    "not_theirs": (
        gettext_lazy("Paid in our books, not in the service's list"),
        gettext_lazy(
            "Look at the list of the next day first; a transfer about midnight stands there. Else ask the service."
        ),
    ),
    "amount": (
        gettext_lazy("The amounts differ"),
        gettext_lazy("Keep both receipts and ask the service in writing; nothing more is paid for this reward."),
    ),
}
FORMULAS: dict[str, Any] = {"fixed": gettext_lazy("fixed amount"), "share": gettext_lazy("share of the fine")}
FIELDS: dict[str, Any] = {
    "amount_fen": gettext_lazy("Amount (yuan)"),
    "reason": gettext_lazy("Reason"),
    "claim_by": gettext_lazy("Claim by"),
    "way": gettext_lazy("Way of payment"),
    "year": gettext_lazy("Year of the budget"),
}
"""What the timeline shows of a change; other fields are the platform's own."""


def mark_words(mark: str) -> str:
    return str(MARKS.get(mark, ""))


def percent(permille: int) -> str:
    return f"{permille / 10:g} %"


def line_words(line: dict[str, Any]) -> str:
    """One line of a computation, in the reader's language."""
    facts = line.get("facts", {})
    limit = yuan(facts.get("limit_fen", 0))
    match line["code"]:
        case "no_rule":
            return _("No rule was in force for this kind of report on the day it came in.")
        case "fixed":
            return _("Fixed amount for this kind of report")
        case "share":
            return _("%(share)s of the fine of %(fine)s yuan") % {
                "share": percent(facts["share_permille"]),
                "fine": yuan(facts["fine_fen"]),
            }
        case "share_no_fine":
            return _("%(share)s of the fine; no fine was imposed so far") % {"share": percent(facts["share_permille"])}
        case "least":
            return _("At least %(limit)s yuan") % {"limit": limit}
        case "most":
            return _("At most %(limit)s yuan") % {"limit": limit}
        case "uplift":
            return _("%(share)s more for an employee who gave the real name") % {"share": percent(facts["permille"])}
        case "uplift_no_name":
            return _("No uplift for an employee: the real name was not checked")
        case "joint":
            return _("Joint report of %(names)s: paid to the first signatory") % {"names": facts["names"]}
        case "cap_month" | "cap_year" | "cap_month_unknown" | "cap_year_unknown":
            return _cap_words(line, limit)
    return _exclusion_words(line, facts)


def _cap_words(line: dict[str, Any], limit: str) -> str:
    if line["code"].endswith("_unknown"):
        return _("Anonymous: the cap a person cannot be counted")
    period = _("month and category") if line["code"] == "cap_month" else _("year")
    asked = {"limit": limit, "period": period}
    match line["effect"]:
        case "ok":
            return _("Within the cap of %(limit)s yuan for one person, by %(period)s") % asked
        case "cuts":
            return _("Cut to what is left of the cap of %(limit)s yuan for one person, by %(period)s") % asked
    return _("The cap of %(limit)s yuan for one person, by %(period)s, is reached") % asked


def _exclusion_words(line: dict[str, Any], facts: dict[str, Any]) -> str:
    stops = line["effect"] == "stops"
    match line["code"]:
        case "anonymous":
            return _("Anonymous reports are not rewarded here")
        case "duty":
            return _("Found by somebody on duty: excluded") if stops else _("Not found by somebody on duty")
        case "known":
            if stops:
                return _("Known before the report came in: hazard %(hazard)s") % facts
            return _("Not known before the report came in")
        case "first":
            if stops:
                return _("Reported before by another: report %(report)s") % facts
            return _("The first report of it")
        case "once":
            if stops:
                return _("Another report of the same hazard was rewarded already: %(report)s") % facts
            return _("No other report of the same hazard was rewarded")
        case "kin":
            return _("Close kin of somebody on duty (declared): excluded") if stops else _("No kinship declared")
        case "penalised":
            return _("Penalised before the report: excluded") if stops else _("No penalty before the report stated")
        case "malicious":
            return _("Malicious report: excluded") if stops else _("Not stated to be malicious")
    return str(line["code"])


def lines_view(reward: Reward) -> list[dict[str, Any]]:
    """The computation line by line, as the page and the API show it."""
    return [
        {
            "words": line_words(line),
            "effect": line["effect"],
            "fen": line["fen"],
            "basis": line.get("basis", ""),
            "mark": line.get("evidence", ""),
            "mark_words": mark_words(line.get("evidence", "")),
        }
        for line in reward.computation
    ]


def bill_state_words(way: str, state: str) -> str:
    found = (VOUCHER_STATES.get(state) if way == "voucher" else None) or BILL_STATES.get(state)
    return str(found or state)


def problem_words(text: str) -> str:
    """A bill's problem with the meaning of its code, where that is known."""
    code = text.partition(" ")[0]
    return f"{PROBLEMS[code]} ({code})" if code in PROBLEMS else text


def event_words(body: dict[str, Any]) -> str:
    """What was said of a bill, in a line; whom it was said by is an official's name, never a payee's."""
    parts = [str(body[key]) for key in ("by", "receipt", "document", "reason", "words", "remark") if body.get(key)]
    parts += [str(words[body[key]]) for key, words in (("why", WHYS), ("finding", FINDINGS)) if body.get(key) in words]
    if body.get("finding") and body.get("fen"):
        parts.append(_("%(yuan)s yuan") % {"yuan": yuan(int(body["fen"]))})
    return " · ".join(parts)


def way_words(code: str) -> str:
    return choice_words(WAYS, code) if code else ""


def state_view(reward: Reward) -> dict[str, Any]:
    return timeline.state_view(REWARD, reward, "late" if reward.late else "ready" if reward.state == "paying" else "")


LIMITS: dict[str, Any] = {
    "proposed": gettext_lazy("Time to approve"),
    "claimable": gettext_lazy("Time to claim"),
    "paying": gettext_lazy("Time to cash the voucher"),
}


def due_view(reward: Reward) -> dict[str, Any] | None:
    if reward.due_at is None:
        return None
    return {
        "label": str(LIMITS.get(reward.state, "")),
        "due_at": reward.due_at,
        "started_at": reward.state_since,
        "words": left_words(reward.due_at),
        "overdue": clock.now() > reward.due_at,
    }


def change_words(field: str, value: Any) -> str:
    if value in (None, "", []):
        return NOTHING
    if field == "amount_fen":
        return yuan(int(value))
    return way_words(value) if field == "way" else plain_words(value)
