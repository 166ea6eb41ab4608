"""
Who may do what, written down from the description of the loop and not from its code.

A cell names posts as `role@place`. Places of officials: `own` (the hazard's county, all fields), `city` (the city above),
`field` (the county, another supervision field), `near` (the neighbour county). Places of enterprises: `own` (the one that
must rectify), `other` (another of the county), `near`. The rest is forbidden: that is the point of the table.
"""

OFFICIALS = ("office", "regulator", "inspector", "group_leader", "leader", "expert", "auditor")
ENTERPRISES = ("principal", "safety_manager")
APART = ("citizen", "dispatcher", "finance", "system_admin", "security_admin", "audit_admin")
"""Hazards do not exist for them: what became of a citizen's report they read on the report."""

POSTS = (
    *(f"{role}@{place}" for role in OFFICIALS for place in ("own", "city", "field", "near")),
    *(f"{role}@{place}" for role in ENTERPRISES for place in ("own", "other", "near")),
    *(f"{role}@{place}" for role in APART for place in ("own", "near")),
    "system@everywhere",
)
NEVER_SEE = frozenset(
    {post for post in POSTS if post.endswith(("@field", "@near", "@other"))} | {f"{role}@own" for role in APART}
)
"""Those for whom the hazard does not exist, whatever its state."""
ENTERPRISE_SEES = ("dispatched", "disputed", "claimed", "rectifying", "rectified", "accepted", "closed")
"""The enterprise that must rectify sees a county's finding from its dispatch on."""


def _in_office(*roles: str) -> frozenset[str]:
    return frozenset(f"{role}@{place}" for role in roles for place in ("own", "city"))


REGULATORS, OFFICES = _in_office("regulator"), _in_office("office")
INSPECTORS = _in_office("inspector", "group_leader")
PRINCIPAL, ENTERPRISE = frozenset({"principal@own"}), frozenset({"principal@own", "safety_manager@own"})
CLOCK = frozenset({"system@everywhere"})
NOBODY: frozenset[str] = frozenset()
FINDER = frozenset({"inspector@own"})

OPEN = ("found", "dispatched", "disputed", "claimed", "rectifying", "rectified", "accepted")
AFTER_DISPATCH = OPEN[1:]

STEPS: dict[str, tuple[tuple[str, ...], frozenset[str]]] = {
    # step: (the states it may be taken from, the posts that may take it)
    "register": ((), NOBODY),  # opens a record, is never taken on one
    "amend": (("found",), FINDER | REGULATORS),
    "grade": (("found",), FINDER | REGULATORS),
    "dispatch": (("found",), REGULATORS | OFFICES),
    "dismiss": (("found",), REGULATORS),
    "merge": (OPEN, REGULATORS),
    "split": (OPEN, REGULATORS),
    "sign": (("dispatched",), PRINCIPAL | _in_office("inspector")),
    "refuse": (("dispatched",), PRINCIPAL | _in_office("inspector")),
    "arbitrate": (
        ("disputed",),
        REGULATORS | OFFICES,
    ),  # none of them found it, all stand at the finder's level or above
    "plan": (("claimed",), ENTERPRISE),
    "list": (AFTER_DISPATCH, OFFICES),
    "publish": (AFTER_DISPATCH, OFFICES),
    "ask_extension": (("rectifying",), PRINCIPAL),
    "decide_extension": (("rectifying",), REGULATORS),
    "submit": (("rectifying",), ENTERPRISE),
    "recheck": (("rectified",), INSPECTORS | REGULATORS),
    "delist": (("accepted",), OFFICES),
    "close": (("accepted",), REGULATORS),
    "look_back": (("closed",), OFFICES | INSPECTORS),
    "stop_use": (OPEN[:-1], INSPECTORS | REGULATORS),
    "transfer": (OPEN, REGULATORS),
    "add_evidence": (
        (*OPEN, "closed"),
        ENTERPRISE | _in_office("regulator", "office", "inspector", "group_leader", "expert"),
    ),
    "remind": (OPEN, CLOCK),
    "fall_due": (OPEN, CLOCK),
    "escalate": (OPEN, CLOCK),
    "press": (AFTER_DISPATCH, CLOCK),
}
PARTS_OF_OTHER_ACTS = ("absorb", "join")
"""Taken by a merge and by a second finding; nobody takes them by themselves."""

STAGES = {
    # stage: the state it stands in. Plain ones are general hazards nobody asked anything of.
    **{state: state for state in (*OPEN, "closed", "dismissed", "transferred")},
    "not_graded": "found",
    "stopped": "found",
    **{f"major_{state}": state for state in ("dispatched", "disputed", "claimed")},
    **{f"major_{state}_listed": state for state in ("dispatched", "disputed", "claimed", "rectified")},
    "major": "rectifying",
    "major_listed": "rectifying",
    "major_published": "rectifying",
    "major_rectified": "rectified",
    "major_accepted": "accepted",
    "major_accepted_listed": "accepted",
    "city_listed": "accepted",
    "asked": "rectifying",
    "past_due": "rectifying",
    "group_dispatched": "dispatched",
    "signed_by_one": "dispatched",
    "rechecked_by_regulator": "accepted",
}
PLAIN = (*OPEN, "closed", "dismissed", "transferred")

ALSO: dict[tuple[str, str], frozenset[str]] = {
    # where a stage changes who may: other signers, fewer signers, the finder of another level
    ("group_dispatched", "sign"): PRINCIPAL | _in_office("group_leader", "leader"),
    ("group_dispatched", "refuse"): PRINCIPAL | _in_office("group_leader", "leader"),
    ("signed_by_one", "sign"): _in_office("inspector"),
    ("signed_by_one", "refuse"): _in_office("inspector"),
}

_EVERYBODY = None
CHECKS: dict[tuple[str, str], tuple[tuple[str, frozenset[str] | None], ...]] = {
    # (stage, step): the numbered rule that stops those who otherwise might, and whom it stops (None: all of them)
    **{(stage, "list"): (("IsMajor", _EVERYBODY),) for stage in STAGES if not stage.startswith(("major", "city"))},
    **{(stage, "list"): (("NotListed", _EVERYBODY),) for stage in STAGES if stage.endswith(("listed", "published"))},
    **{(stage, "publish"): (("Listed", _EVERYBODY),) for stage in STAGES if not stage.endswith("listed")},
    ("major_published", "publish"): (("NotPublished", _EVERYBODY),),
    **{(stage, "delist"): (("Listed", _EVERYBODY),) for stage in STAGES if not stage.endswith("listed")},
    ("city_listed", "delist"): (("ListingOffice", frozenset({"office@own"})),),
    ("major_accepted_listed", "close"): (("Delisted", _EVERYBODY),),
    ("city_listed", "close"): (("Delisted", _EVERYBODY),),
    **{(stage, "decide_extension"): (("Asked", _EVERYBODY),) for stage in STAGES if stage != "asked"},
    ("asked", "ask_extension"): (("NothingAsked", _EVERYBODY),),
    ("past_due", "ask_extension"): (("StillTimeToAsk", _EVERYBODY),),
    ("major_listed", "ask_extension"): (("StillTimeToAsk", _EVERYBODY),),  # listed: twenty working days ahead
    ("major_published", "ask_extension"): (("StillTimeToAsk", _EVERYBODY),),
    ("not_graded", "dispatch"): (("Graded", _EVERYBODY),),
    ("stopped", "stop_use"): (("NotStopped", _EVERYBODY),),
    # the county's regulator graded and dispatched it
    **{
        (stage, "arbitrate"): (("NotPartyToDispute", frozenset({"regulator@own"})),)
        for stage in ("disputed", "major_disputed", "major_disputed_listed")
    },
    **{
        (stage, step): (("Delisted", _EVERYBODY),)
        for stage in STAGES
        if stage.endswith(("listed", "published"))
        for step in ("merge", "transfer")
    },
    **{(stage, step): (("NotRegraded", FINDER),) for stage in ("found", "stopped") for step in ("amend", "grade")},
    ("rechecked_by_regulator", "merge"): (("NotInvolved", frozenset({"regulator@own"})),),
    ("rechecked_by_regulator", "transfer"): (("NotInvolved", frozenset({"regulator@own"})),),
    ("rechecked_by_regulator", "close"): (("NotRectifierNorRechecker", frozenset({"regulator@own"})),),
}


def expected(stage: str, step: str, post: str) -> str:
    """What trying this must come to: `taken`, `not_found`, `wrong_state`, `forbidden`, or `check.Name`."""
    state = STAGES[stage]
    if step in PARTS_OF_OTHER_ACTS or step == "register":
        return "not_found"
    if post in NEVER_SEE or (post in ENTERPRISE and state not in ENTERPRISE_SEES):
        return "not_found"
    states, posts = STEPS[step]
    if state not in states:
        return "wrong_state"
    if post not in ALSO.get((stage, step), posts):
        return "forbidden"
    for name, stopped in CHECKS.get((stage, step), ()):
        if stopped is None or post in stopped:
            return f"check.{name}"
    return "taken"


LEADS_TO: dict[str, str] = {
    "dispatch": "dispatched",
    "dismiss": "dismissed",
    "merge": "dismissed",
    "refuse": "disputed",
    "arbitrate": "claimed",  # tried with the decision to uphold
    "plan": "rectifying",
    "submit": "rectified",
    "recheck": "accepted",  # tried as passed
    "close": "closed",
    "look_back": "rectifying",  # tried as a false closing
    "transfer": "transferred",
}


def leads_to(stage: str, step: str) -> str:
    """The state after the step was taken, with the data the matrix tries it with."""
    if step == "sign":
        return "claimed" if stage == "signed_by_one" else "dispatched"
    return LEADS_TO.get(step, STAGES[stage])
