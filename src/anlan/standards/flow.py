"""An edition of a checklist from its draft to its publication, and out of force again."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from anlan.kernel.flow import Flow, Step
from anlan.standards import checks, needs, rules, steps
from anlan.standards.models import Edition
from anlan.standards.states import STATES

KEEPERS = _("the committee office, or the regulator of the industry, of the list's territory")
NOTICE_54 = "国办发〔2024〕54号"

STEPS = (
    Step(
        name="draft",
        label=_("Begin an edition"),
        source=(),
        target=("draft",),
        by=rules.is_keeper,
        who=KEEPERS,
        needs=needs.Draft,
        do=steps.draft,
    ),
    *(
        Step(name=name, label=label, source=("draft",), by=rules.is_keeper, who=KEEPERS, needs=asks, do=do, quiet=True)
        for name, label, asks, do in (
            ("add_item", _("Add an item"), needs.AddItem, steps.add_item),
            ("edit_item", _("Change an item"), needs.ChangeItem, steps.edit_item),
            ("move_item", _("Move an item"), needs.MoveItem, steps.move_item),
            ("remove_item", _("Remove an item"), needs.OneItem, steps.remove_item),
            ("fill", _("Take all items from a file"), needs.Fill, steps.fill),
        )
    ),
    Step(
        name="review",
        label=_("Review"),
        source=("draft",),
        target=("reviewed",),
        by=rules.is_keeper,
        who=_("a keeper of the list who did not write this edition"),
        needs=needs.Review,
        guards=(checks.HasItems(), checks.NotAuthor()),
        do=steps.review,
        consequence=_("Its items can no longer be changed; it may be published or sent back."),
    ),
    Step(
        name="send_back",
        label=_("Send back"),
        source=("reviewed",),
        target=("draft",),
        by=rules.is_keeper,
        who=KEEPERS,
        needs=needs.SendBack,
        do=steps.send_back,
        listed=False,
        consequence=_("It becomes a draft again and must be reviewed anew."),
    ),
    Step(
        name="publish",
        label=_("Publish"),
        source=("reviewed",),
        target=("published",),
        by=rules.is_keeper,
        who=KEEPERS,
        needs=needs.Publish,
        guards=(checks.HasItems(),),
        do=steps.publish,
        basis=NOTICE_54,
        consequence=_(
            "Visits ask from it from that day on, and the edition before it ends. Its words can never be changed."
        ),
    ),
    Step(
        name="replace",
        label=pgettext_lazy("step", "Replaced"),
        source=("published", "replaced"),
        target=("replaced",),
        by=rules.is_keeper,
        who=KEEPERS,
        needs=needs.Replace,
        do=steps.replace,
        quiet=True,
    ),
    Step(
        name="restore",
        label=_("Restored"),
        source=("replaced",),
        target=("published",),
        by=rules.is_keeper,
        who=KEEPERS,
        needs=needs.Restore,
        do=steps.restore,
        quiet=True,
    ),
    Step(
        name="withdraw",
        label=_("Withdraw"),
        source=("draft", "reviewed", "published"),
        target=("withdrawn",),
        by=rules.is_keeper,
        who=KEEPERS,
        needs=needs.Withdraw,
        do=steps.withdraw,
        listed=False,
        consequence=_("From today on no visit asks from it. Visits made with it keep it."),
    ),
)


def _place(edition: Edition) -> dict[str, Any]:
    checklist = edition.checklist
    bit = checklist.industry.bit if checklist.industry is not None else None
    return {"region": checklist.region, "industry_bit": bit, "enterprise_id": None}


EDITION = Flow(
    name="edition",
    label=_("Edition of a checklist"),
    model="standards.Edition",
    states=STATES,
    steps=STEPS,
    place=_place,
    untracked=frozenset({"id", "version", "state", "clock"}),
)
