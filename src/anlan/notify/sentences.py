"""What a message of each kind says, and why somebody is told: the words alone."""

from typing import Any

from django.utils.translation import gettext_lazy as _

SENTENCES: dict[str, tuple[Any, Any]] = {
    "hazard.waits": (_("%(number)s waits for you: %(place)s"), _("%(by)s did “%(step)s”; it is now “%(state)s”.")),
    "hazard.extension": (
        _("Extension asked for: %(number)s, %(place)s"),
        _("%(by)s asks for more time, until %(asked)s."),
    ),
    "hazard.told": (_("“%(step)s” on your hazard %(number)s: %(place)s"), _("Done by %(by)s.")),
    "hazard.remind": (_("Due soon: %(number)s, %(place)s"), _("It is “%(state)s”.")),
    "hazard.late": (
        _("Overdue: %(number)s, %(place)s"),
        _("It is “%(state)s” and past its time; reminder level %(level)s."),
    ),
    "hazard.owed": (_("Owed: %(wait)s, %(number)s, %(place)s"), _("It is past its time; reminder level %(level)s.")),
    "visit.assigned": (_("You go on visit %(number)s: %(place)s"), _("Named by %(by)s.")),
    "visit.announced": (_("A visit is announced: %(number)s"), _("%(by)s announces it. %(words)s")),
    "visit.changed": (_("“%(step)s” on visit %(number)s: %(place)s"), _("Done by %(by)s; it is now “%(state)s”.")),
    "visit.arrived": (_("A visit has begun: %(number)s"), _("%(by)s has arrived.")),
    "visit.recorded": (_("The record of visit %(number)s waits for signatures: %(place)s"), _("Closed by %(by)s.")),
    "visit.signed_for": (
        _("Your signature was taken on another device: %(number)s, %(place)s"),
        _("It was taken on %(by)s's device. If you did not sign, say so at once."),
    ),
    "visit.remind": (_("Visit soon: %(number)s, %(place)s"), _("It is “%(state)s”.")),
    "visit.late": (
        _("Visit overdue: %(number)s, %(place)s"),
        _("It is “%(state)s” and past its time; reminder level %(level)s."),
    ),
    "report.waits": (_("Citizen's report %(number)s waits for you: %(place)s"), _("It is now “%(state)s”.")),
    "report.urgent": (
        _("Urgent citizen's report %(number)s: %(place)s"),
        _("It says “%(words)s”. Look at it at once."),
    ),
    "report.contested": (
        _("Answer contested: %(number)s, %(place)s"),
        _("The reporter does not agree; look at it again."),
    ),
    "report.told": (_("Citizen's report %(number)s: %(place)s"), _("It is now “%(state)s”.")),
    "report.remind": (_("Citizen's report due soon: %(number)s, %(place)s"), _("It is “%(state)s”.")),
    "report.late": (
        _("Citizen's report overdue: %(number)s, %(place)s"),
        _("It is “%(state)s” and past its time; reminder level %(level)s."),
    ),
    "risk.reported": (
        _("Reported on the spot: %(place)s (%(number)s)"),
        _("“%(words)s” Make a hazard of it, or answer it."),
    ),
    "risk.due": (_("To be assessed again: %(place)s (%(number)s)"), ""),
    "risk.due_many": (_("To be assessed again: %(count)s risk points"), _("The first is %(place)s (%(number)s).")),
    "reward.waits": (_("A reward waits for your decision: %(number)s, %(place)s"), ""),
    "reward.confirm": (_("A voucher was paid out: confirm %(number)s, %(place)s"), _("Paid out by %(by)s.")),
    "reward.wrong": (
        _("Your payment was not confirmed: %(number)s, %(place)s"),
        _("%(by)s says that it is not right."),
    ),
    "reward.remind": (_("A reward is not decided yet: %(number)s, %(place)s"), ""),
    "reward.late": (_("A reward is not decided yet: %(number)s, %(place)s"), ""),
    "bulletin.waits": (_("A bulletin waits for you: %(place)s"), _("It is now “%(state)s”.")),
    "bulletin.remark": (_("A remark on your bulletin: %(place)s"), _("%(by)s wrote it; it waits for an answer.")),
    "bulletin.back": (_("Your bulletin was sent back: %(place)s"), _("%(by)s: %(reason)s")),
    "bulletin.issued": (_("A bulletin was issued: %(number)s"), _("%(place)s")),
    "task.waits": (_("Task %(number)s waits for you: %(place)s"), _("It is now “%(state)s”.")),
    "task.remind": (_("Task due soon: %(number)s, %(place)s"), _("It is “%(state)s”.")),
    "task.late": (
        _("Task overdue: %(number)s, %(place)s"),
        _("It is “%(state)s” and past its time; reminder level %(level)s."),
    ),
    "instrument.waits": (_("%(number)s waits for you: %(place)s"), _("It is now “%(state)s”.")),
    "instrument.served": (
        _("%(number)s was served on you: %(place)s"),
        _("Read it, confirm its receipt, and answer in time."),
    ),
    "instrument.told": (_("Receipt confirmed: %(number)s, %(place)s"), _("Confirmed by %(by)s.")),
    "instrument.answered": (_("Answered: %(number)s, %(place)s"), _("%(by)s answered.")),
    "instrument.withdrawn": (_("Withdrawn: %(number)s, %(place)s"), _("A later instrument took its place.")),
    "instrument.remind": (_("Due soon: %(number)s, %(place)s"), _("It is “%(state)s”.")),
    "instrument.late": (
        _("Overdue: %(number)s, %(place)s"),
        _("It is “%(state)s” and past its time; reminder level %(level)s."),
    ),
    "return.opened": (
        _("The monthly return of %(number)s is open: %(place)s"),
        _("Fill it in; it is saved as you type."),
    ),
    "return.waits": (_("A monthly return waits for your review: %(place)s, %(number)s"), _("It passed the checks.")),
    "return.bounced": (
        _("Bounced by the checks: monthly return of %(number)s, %(place)s"),
        _("%(count)s kinds of trouble; each says at its box what to write instead."),
    ),
    "return.returned": (_("Sent back: monthly return of %(number)s, %(place)s"), _("%(by)s: “%(words)s”")),
    "return.accepted": (_("Accepted: monthly return of %(number)s, %(place)s"), _("Done by %(by)s.")),
    "return.to_lock": (_("A monthly return may be locked: %(place)s, %(number)s"), _("Accepted by %(by)s.")),
    "return.locked": (
        _("Locked: monthly return of %(number)s, %(place)s"),
        _("From now on it is only amended, with a reason."),
    ),
    "return.amended": (_("Amended: monthly return of %(number)s, %(place)s"), _("%(by)s: “%(words)s”")),
    "return.remind": (_("Due soon: monthly return of %(number)s, %(place)s"), _("It is “%(state)s”.")),
    "return.late": (
        _("Overdue: monthly return of %(number)s, %(place)s"),
        _("It is “%(state)s” and past its time; reminder level %(level)s."),
    ),
    "return.letter": (
        _("A supervise letter is drafted: %(place)s, monthly return of %(number)s"),
        _("It waits to be reviewed under letters and orders."),
    ),
    "leader.due": (_("%(place)s: “%(words)s” is still owed in %(number)s"), ""),
    "leader.missed": (
        _("%(place)s: “%(words)s” was not done in %(number)s"),
        _("It is a fact now and counts in the assessment."),
    ),
    "assessment.waits": (_("Yearly assessment %(number)s waits for you: %(place)s"), _("It is now “%(state)s”.")),
    "assessment.told": (_("Yearly assessment %(number)s: %(place)s"), _("It is now “%(state)s”.")),
    "assessment.remind": (_("Yearly assessment due soon: %(number)s, %(place)s"), _("It is “%(state)s”.")),
    "assessment.late": (
        _("Yearly assessment overdue: %(number)s, %(place)s"),
        _("It is “%(state)s” and past its time; reminder level %(level)s."),
    ),
    "reward.alarm": (
        _("A payment contradicts itself: %(number)s, %(place)s"),
        _("Nothing more is paid for it until somebody has looked."),
    ),
}
"""By kind: the title and the detail, with the facts as `_readable` names them."""

GROUNDS: dict[str, Any] = {
    "decides": _("You are told because your post decides on extensions here."),
    "responsible": _("You are told because your enterprise is responsible for it."),
    "owes": _("You are told because your post owes it."),
    "duty": _("You are told because what is written cannot wait, and your post is on duty for it."),
    "settles": _("You are told because your post answers for what is reported at your enterprise's risk points."),
    "keeps": _("You are told because your enterprise keeps these risk points."),
    "confirms": _("You are told because another finance officer than the one who paid must confirm it."),
    "pays": _("You are told because your post pays rewards here."),
    "assessed": _("You are told because your unit is assessed."),
    "waited_for": _("You are told because it waits for your post."),
    "addressed": _("You are told because it is addressed to your enterprise or unit."),
    "drafted": _("You are told because you wrote this instrument."),
    "fills": _("You are told because your unit fills in this return."),
    "reviews": _("You are told because your unit looks at this return first."),
    "locks": _("You are told because your office locks the returns of this campaign."),
    "returns_office": _("You are told as the committee office of the campaign, because it is still not done."),
    "leads": _("You are told because it is your own duty."),
    "campaign_office": _("You are told because your office keeps watch over the leaders' duties here."),
    "concerned": _("You are told because the bulletin concerns your unit."),
    "goes": _("You are told because you go on this visit."),
    "planned": _("You are told because you planned this visit."),
    "visited": _("You are told because your enterprise is visited."),
    "signed_for": _("You are told because the signature is yours."),
    "signs": _("You are told because your signature belongs under it."),
    "county_regulator": _("You are told as the county's regulator of this field, because it was not done in time."),
    "county_office": _("You are told as the county committee office, because it is still not done."),
    "city_office": _("You are told as the city committee office, because it is still not done."),
}
"""By what `why` of a message says."""
