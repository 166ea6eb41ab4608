"""What each step does to a bulletin; the table in `flow.py` says who, when and whether."""

from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from anlan.bulletins import needs, rulings, sealing, writing
from anlan.bulletins.figures import showing
from anlan.bulletins.figures.computing import Computed, compute
from anlan.bulletins.figures.declared import catalogue
from anlan.bulletins.figures.rows import Asked, month_after
from anlan.bulletins.models import Bulletin, FigureRow, Remark, Writing
from anlan.campaigns.models import Campaign
from anlan.identity import roles
from anlan.identity.holders import Whom, holders
from anlan.kernel import clock, scope
from anlan.kernel.errors import Conflict, Invalid
from anlan.kernel.flow import Taking
from anlan.kernel.ids import new_id
from anlan.kernel.ledger.write import encode
from anlan.kernel.numbering import take_numbers
from anlan.kernel.papers.paper import official_number
from anlan_verify import canonical

COUNTER = "bulletin"
PORTION = 2000
LONGEST_LABEL = 200
QUARTER = 3


def draft(taking: Taking) -> None:
    """The record comes with its campaign and months."""
    record: Bulletin = taking.record
    computed = compute(asked_of(record, taking))
    facts = facts_of(record)
    record.title, record.addressees = writing.title(facts), writing.addressees()
    record.content = writing.begun(computed.figures, computed.tables, facts)
    for section in record.content:
        section["version"] = 1
    _keep(taking, computed)
    _wrote(taking)
    for section in record.content:
        _version(taking, section)
    taking.notes["figures"] = len(record.figures)


def asked_of(record: Bulletin, taking: Taking) -> Asked:
    return Asked(
        campaign=record.campaign_id,
        territory=record.region,
        first=record.first_month,
        last=record.last_month,
        until=taking.at,
    )


def facts_of(record: Bulletin) -> dict[str, str]:
    """What a draft says of itself."""
    campaign = Campaign.objects.values_list("zh", flat=True).get(pk=record.campaign_id)
    # What is asked once a quarter is not missed within a month, nor before the quarter is over.
    end = month_after(record.last_month, 1)
    whole = month_after(record.first_month, QUARTER) <= end <= clock.day_of(record.counted_at)
    each_quarter = "，达不到每季度至少研究一次的要求" if whole else ""
    facts = {"campaign": campaign, "period": period_words(record), "each_quarter": each_quarter}
    if record.withdraws is not None:
        facts["withdrawn"] = f"《{record.withdraws.title}》（{record.withdraws.number}）"
    return facts


def period_words(record: Bulletin) -> str:
    """2026年第二季度, 2026年上半年, 2026年4月, 2026年1月至4月."""
    first, last = record.first_month, record.last_month
    year = f"{first.year}年"
    if first.year != last.year:
        return f"{year}{first.month}月至{last.year}年{last.month}月"
    if first.month == last.month:
        return f"{year}{first.month}月"
    if (first.month, last.month) == (1, 12):
        return f"{year}度"
    if (first.month, last.month) in ((1, 6), (7, 12)):
        return f"{year}{'上' if first.month == 1 else '下'}半年"
    if last.month - first.month == 2 and last.month % 3 == 0:
        return f"{year}第{'一二三四'[last.month // 3 - 1]}季度"
    return f"{year}{first.month}月至{last.month}月"


def _keep(taking: Taking, computed: Computed) -> None:
    record: Bulletin = taking.record
    record.figures, record.tables, record.counted_at = computed.figures, computed.tables, taking.at
    rows = []
    for figure, mine in computed.rows.items():
        for place, row in enumerate(sorted(mine, key=lambda row: -row.value)):
            rows.append(
                FigureRow(
                    id=new_id(), of_id=record.pk, edition=record.edition, figure=figure, place=place, kind=row.kind, key=row.key,
                    label=row.label[:LONGEST_LABEL], note=row.note, region=row.region, month=row.month, value=row.value,
                )
            )  # fmt: skip
    taking.later.append(lambda: FigureRow.objects.bulk_create(rows, batch_size=PORTION))


WITHHELD = frozenset({"content", "figures", "tables", "typed", "changed", "writer_ids"})
"""Text and figures are kept by section and edition in tables of their own; on issue their digest enters the ledger."""


def _wrote(taking: Taking) -> None:
    record: Bulletin = taking.record
    taking.withheld |= WITHHELD
    person = str(taking.actor.person)
    if person not in record.writer_ids:
        record.writer_ids = [*record.writer_ids, person]


def _version(taking: Taking, section: dict[str, Any]) -> None:
    row = Writing(
        id=new_id(),
        of_id=taking.record.pk,
        section=section["code"],
        version=section["version"],
        text=writing.lines_of(section),
        person_id=taking.actor.person,
        name=taking.actor.name,
        at=taking.at,
    )
    taking.later.append(lambda: Writing.objects.bulk_create([row]))


def write(taking: Taking) -> None:
    """One section; two who write different ones do not undo each other, and who comes second to the same one is told."""
    record: Bulletin = taking.record
    data: needs.Write = taking.data
    section = next((one for one in record.content if one["code"] == data.section), None)
    if section is None:
        raise Invalid(fields={"section": [_("The bulletin has no such section.")]})
    blocks = writing.blocks_of(data.text, figures=record.figures, tables=record.tables)
    taking.withheld |= {"text", "seen"}
    if (blocks, data.title) == (section["blocks"], section["title"]):
        return
    if data.seen is not None and section["version"] > data.seen:
        if section.get("by") == str(taking.actor.person):
            raise Conflict(
                _("You wrote in this section elsewhere meanwhile. Load the page again."), code="bulletin.written"
            )
        raise Conflict(
            _("Somebody else wrote in this section meanwhile. Load the page again."), code="bulletin.written"
        )
    new = section | {
        "title": data.title,
        "blocks": blocks,
        "version": record.version + 1,
        "by": str(taking.actor.person),
    }
    record.content = [new if one is section else one for one in record.content]
    _wrote(taking)
    _version(taking, new)


def retitle(taking: Taking) -> None:
    taking.record.title, taking.record.addressees = taking.data.title, taking.data.addressees
    _wrote(taking)


def state_figure(taking: Taking) -> None:
    record: Bulletin = taking.record
    data: needs.StateFigure = taking.data
    if data.figure not in record.figures:
        raise Invalid(fields={"figure": [_("The bulletin has no such figure.")]})
    typed = {code: entry for code, entry in record.typed.items() if code != data.figure}
    if data.text:
        if len(data.reason) < 2:
            raise Invalid(fields={"reason": [_("Say why it differs from what was computed.")]})
        if "{" in data.text or "}" in data.text:
            raise Invalid(fields={"text": [_("Write it without braces.")]})
        by = {"by": taking.actor.name, "at": canonical.timestamp(taking.at)}
        typed[data.figure] = {"text": data.text, "reason": data.reason} | by
    record.typed = typed
    _wrote(taking)


def refresh(taking: Taking) -> None:
    """Compute anew; what changed is kept beside, and what a person typed stays until they take it back."""
    record: Bulletin = taking.record
    before = record.figures
    record.edition += 1
    _keep(taking, compute(asked_of(record, taking)))
    lost = [code for code in writing.named(record.content) if code not in record.figures]
    lost += [part for code in lost for part in _parts(code) if part in before and part not in record.figures]
    for code in lost:  # a text may name what is no longer known: it keeps what it had, and the rows behind it
        record.figures[code] = before[code] | {"stale": True}
    old = FigureRow.objects.filter(of=record, edition=record.edition - 1, figure__in=lost)
    kept = [_moved(row, record.edition) for row in old.order_by("figure", "place")]
    taking.later.append(lambda: FigureRow.objects.bulk_create(kept, batch_size=PORTION))
    words = [(one.code, showing.words_of(one, record.figures[one.code])) for one in showing.known(record.figures)]
    by_code = catalogue().by_code
    record.changed = [
        {
            "figure": code,
            "before": showing.words_of(by_code[code], before[code]) if code in before else "",
            "after": after,
        }
        for code, after in words
        if code not in before or showing.words_of(by_code[code], before[code]) != after
    ]
    _wrote(taking)
    taking.notes["changed"] = record.changed


def _parts(code: str) -> list[str]:
    """What a share is made of: its page leads there."""
    figure = catalogue().by_code.get(code)
    return [one for one in (figure.of, figure.among) if one] if figure else []


def _moved(row: FigureRow, edition: int) -> FigureRow:
    """The same row in a later edition."""
    row.pk, row.edition = new_id(), edition
    return row


def remark(taking: Taking) -> None:
    record: Bulletin = taking.record
    data: needs.Remark = taking.data
    if data.section not in {one["code"] for one in record.content}:
        raise Invalid(fields={"section": [_("The bulletin has no such section.")]})
    answered = Remark.objects.filter(of=record, pk=data.settles, settles=None).first() if data.settles else None
    if data.settles and (answered is None or Remark.objects.filter(settles=answered).exists()):
        raise Invalid(fields={"settles": [_("There is no such open remark.")]})
    row = Remark(
        id=new_id(),
        of=record,
        section=data.section,
        text=data.text,
        settles=answered,
        person_id=taking.actor.person,
        name=taking.actor.name,
        at=taking.at,
    )
    taking.later.append(lambda: Remark.objects.bulk_create([row]))


def signers(region: int) -> list[tuple[UUID, str, str]]:
    """Who may be asked to approve: (person, name, post), leaders first. Call where all posts are seen."""
    posts = holders(Whom(roles=[roles.LEADER, roles.OFFICE], region=region, nearest=True))
    posts = [post for post in posts if post.region == region]
    posts.sort(key=lambda post: (post.role != roles.LEADER, post.person.name))
    return [(post.person_id, post.person.name, str(roles.ROLES[post.role].label)) for post in posts]


def review(taking: Taking) -> None:
    record: Bulletin = taking.record
    data: needs.Review = taking.data
    if data.signer is not None:
        with scope.elevated("whoever approves may be anybody of the territory's leaders"):
            known = {person for person, _name, _post in signers(record.region)}
        if data.signer not in known:
            raise Invalid(fields={"signer": [_("There is no such leader or office post here.")]})
        if str(data.signer) in record.writer_ids or data.signer == taking.actor.person:
            raise Invalid(fields={"signer": [_("Whoever wrote or reviewed it does not approve it.")]})
    record.reviewer_id, record.signer_id, record.reason = taking.actor.person, data.signer, ""


def send_back(taking: Taking) -> None:
    record: Bulletin = taking.record
    record.reason = taking.data.reason
    record.reviewer_id = record.signer_id = record.approver_id = None
    record.approver_name = ""


def approve(taking: Taking) -> None:
    taking.record.approver_id, taking.record.approver_name = taking.actor.person, taking.actor.name


def issue(taking: Taking) -> None:
    """The number is taken in this transaction: who fails gives it back, so that none is missing."""
    record: Bulletin = taking.record
    day = taking.data.day or clock.day_of(taking.at)
    if abs((day - clock.day_of(taking.at)).days) > FARTHEST:
        raise Invalid(fields={"day": [_("At most %(n)s days from today.") % {"n": FARTHEST}]})
    record.issued_on, record.year = day, day.year
    with scope.elevated("numbers count on wherever the last bulletin lies"):
        record.order = take_numbers(COUNTER, region=record.region, year=day.year)
    record.number = official_number(rulings.stem(record.region), record.year, record.order)
    record.digest = sealing.digest_of(record)
    taking.digest = record.digest
    taking.notes["printed"] = encode(writing.printed(record.content, record.figures, record.typed))


FARTHEST = 31
"""Days that a bulletin may be dated before or after the day of its issue."""


def discard(taking: Taking) -> None:
    taking.record.reason = taking.data.reason
