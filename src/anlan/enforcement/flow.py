"""The instrument's whole life in one table. What each kind says and needs is data (`kinds.py`)."""

from dataclasses import replace
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from anlan.enforcement import checks, needs, notices, rules, rulings, steps
from anlan.enforcement.models import Instrument
from anlan.enforcement.models.instrument import INSIDE
from anlan.enforcement.states import STATES
from anlan.kernel.flow import Flow, Step
from anlan.kernel.flow.clock_steps import climbing_steps, is_clock

OFFICERS = _("an official of the issuing side")
LAW = "《中华人民共和国行政处罚法》（2021）"

STEPS = (
    Step(
        name="draft",
        label=_("Draft an instrument"),
        source=(),
        target=("drafted",),
        by=rules.may_draft,
        who=_("an official of the issuing side, or the platform"),
        needs=needs.Draft,
        do=steps.draft,
        then=notices.moved,
        internal=True,
    ),
    Step(
        name="review",
        label=_("Review"),
        source=("drafted",),
        target=("reviewed",),
        by=rules.may_review,
        who=_("the office or a regulator of the issuing side who did not write it"),
        needs=needs.Review,
        guards=(
            checks.NotDrafter(),
            checks.Complete(),
            checks.Certified(),
            checks.Preceded(),
            checks.HearingTold(),
            checks.CaseOpen(),
            checks.NotHeavier(),
            checks.OneDecision(),
        ),
        do=steps.review,
        then=notices.moved,
        basis=f"{LAW}第五十八条：法制审核",
        internal=True,
    ),
    Step(
        name="amend",
        label=_("Edit the draft"),
        source=("drafted", "returned"),
        target=("drafted",),
        by=rules.may_write,
        who=OFFICERS,
        needs=needs.Amend,
        do=steps.amend,
        then=notices.moved,
        consequence=_("Whoever edits it can no longer review or approve it. Earlier versions are kept."),
        internal=True,
    ),
    Step(
        name="send_back",
        label=_("Return to the drafter"),
        source=("drafted", "reviewed", "approved"),
        target=("returned",),
        by=rules.may_send_back,
        who=_("a reviewer or approver of the issuing side"),
        needs=needs.SendBack,
        do=steps.send_back,
        then=notices.moved,
        listed=False,
        consequence=_("Review and approval are void; it goes through both again."),
        internal=True,
    ),
    Step(
        name="approve",
        label=pgettext_lazy("instrument", "Approve"),
        source=("reviewed",),
        target=("approved",),
        by=rules.may_approve,
        who=_("a leader, the office or a regulator of the issuing side who did not write it"),
        needs=needs.Approve,
        guards=(
            checks.NotDrafter(),
            checks.NotReviewer(),
            checks.Complete(),
            checks.Certified(),
            checks.Preceded(),
            checks.DaysPassed(),
            checks.CaseOpen(),
            checks.NotHeavier(),
            checks.OneDecision(),
            checks.HasOrgan(),
        ),
        do=steps.approve,
        then=notices.moved,
        consequence=_("These very words are approved, bound by their digest. Nothing else can be numbered."),
        internal=True,
    ),
    Step(
        name="number",
        label=_("Number and seal"),
        source=("approved",),
        target=("numbered",),
        by=rules.keeps_seal,
        who=_("a keeper of the organ's seal"),
        needs=needs.Number,
        guards=(
            checks.HasOrgan(),
            checks.TextAsApproved(),
            checks.Preceded(),
            checks.DaysPassed(),
            checks.CaseOpen(),
            checks.NotHeavier(),
            checks.OneDecision(),
        ),
        do=steps.number,
        then=notices.moved,
        consequence=_("It gets the next number of the year. From then on nothing in it can be changed."),
        internal=True,
    ),
    Step(
        name="serve",
        label=_("Record service"),
        source=("numbered",),
        target=("served", "numbered"),
        by=rules.may_write,
        who=OFFICERS,
        needs=needs.Serve,
        do=steps.serve,
        then=notices.served,
        basis=f"{LAW}第六十一条：七日内送达",
        consequence=_("Once it is served the addressee is bound by it and sees it in the platform."),
    ),
    Step(
        name="confirm",
        label=_("Confirm receipt"),
        source=("served", "answered"),
        by=rules.is_addressee,
        who=_("a post of the addressee"),
        needs=needs.Confirm,
        guards=(checks.NotConfirmed(),),
        do=steps.confirm,
        then=notices.confirmed,
    ),
    Step(
        name="answer",
        label=pgettext_lazy("instrument", "Answer"),
        source=("served", "answered"),
        target=("answered",),
        by=rules.may_answer,
        who=_("a post of the addressee, or an official who enters what came in on paper"),
        needs=needs.Reply,
        do=steps.answer,
        then=notices.answered,
    ),
    Step(
        name="put_to_file",
        label=_("Put to file"),
        source=("served", "answered"),
        target=("filed",),
        by=rules.may_write,
        who=OFFICERS,
        needs=needs.PutToFile,
        guards=(checks.AnswerNotOwed(),),
        do=steps.put_to_file,
        then=notices.over,
        internal=True,
    ),
    Step(
        name="publish",
        label=pgettext_lazy("instrument", "Publish"),
        source=("served", "answered", "filed"),
        by=rules.may_publish,
        who=_("a leader, the office or a regulator of the issuing side who did not write it"),
        needs=needs.Publish,
        guards=(checks.NotPublished(), checks.NotDrafter(), checks.MayBeRead()),
        do=steps.publish,
        listed=False,
        consequence=_("Everybody can read it without signing in."),
    ),
    Step(
        name="retract",
        label=_("Take back from the public"),
        source=("served", "answered", "filed"),
        by=rules.may_publish,
        who=_("a leader, the office or a regulator of the issuing side"),
        needs=needs.Retract,
        guards=(checks.Published(),),
        do=steps.retract,
        listed=False,
        consequence=_("Its public address then says why, and nothing else."),
    ),
    Step(
        name="discard",
        label=_("Discard"),
        source=("drafted", "returned", "reviewed", "approved", "numbered"),
        target=("discarded",),
        by=rules.may_discard,
        who=_("an official of the issuing side, or the platform"),
        needs=needs.Discard,
        do=steps.discard,
        then=notices.over,
        listed=False,
        consequence=_("It is never served. A number it was given already stays used."),
        internal=True,
    ),
    Step(
        name="withdraw",
        label=_("Withdrawn by a later one"),
        source=("served", "answered", "filed"),
        target=("withdrawn",),
        by=is_clock,
        who=_("the platform, when the later instrument is served"),
        needs=needs.Withdraw,
        do=steps.withdraw,
        then=notices.withdrawn,
        quiet=True,
    ),
    *(
        replace(one, internal=True)
        for one in climbing_steps(
            ("drafted", "returned", "reviewed", "approved", "numbered", "served", "answered"), notices.climbed
        )
    ),
)


def _place(record: Instrument) -> dict[str, Any]:
    return {"region": record.region, "industry_bit": _field(record), "enterprise_id": record.known_to_id}


def _place_inside(record: Instrument) -> dict[str, Any]:
    field = None if record.desks else record.industry_bit
    return {"region": record.issuer, "industry_bit": field, "enterprise_id": None}


def _field(record: Instrument) -> int | None:
    """Without its field an entry is read by whoever reads the instrument, and by no other department of the territory."""
    return record.industry_bit if record.served_at or not record.desks else None


INSTRUMENT = Flow(
    name="instrument",
    label=_("Instrument"),
    model="enforcement.Instrument",
    states=STATES,
    steps=STEPS,
    due=rulings.due,
    ladder=rulings.ladder,
    place=_place,
    inside=INSIDE,
    place_inside=_place_inside,
)
