"""The shipped kinds: each loads, and asks for what the collection of domain facts says the document must hold."""

import pytest

from anlan.enforcement.kinds import MARKS, kinds

REQUIRED = {
    "supervise_letter": {"matter", "demands", "due", "feedback", "level"},
    "warning_letter": {"risk", "demands", "due"},
    "interview_notice": {"matter", "held_on", "held_at", "place", "chair", "materials", "interviewee"},
    "interview_minutes": {"held_on", "place", "chair", "attended", "matter", "stated", "demands", "due"},
    "exposure": {"facts", "ground", "medium", "publish_on", "demands"},
    "joint_punishment": {"facts", "ground", "measures", "bodies", "from_on", "until_on", "repair"},
    "criticism": {"matter", "facts", "ground", "demands", "due"},
    "site_record": {"unit", "address", "person", "place", "time", "officers", "findings", "signatures"},
    "site_measures": {"facts", "ground", "measure", "term", "review_body", "court", "officers"},
    "rectification_order": {"problems", "due", "basis", "review_body", "court", "officers"},
    "recheck_opinion": {"results", "opinion", "officers"},
    "penalty_notice": {"party", "facts", "evidence", "ground", "penalty", "contact", "officers"},
    "hearing_notice": {"party", "facts", "ground", "penalty", "threshold", "contact", "officers"},
    # The six of article 59: party and address; facts and evidence; type and basis; performance and deadline; review and
    # suit; organ and day (given with the number).
    "penalty_decision": {
        "party", "address", "uscc", "facts", "evidence", "penalty", "ground", "performance", "due", "review_body",
        "court", "officers",
    },
}  # fmt: skip
TWO_OFFICERS = {
    "site_record", "site_measures", "rectification_order", "recheck_opinion", "penalty_notice", "hearing_notice",
    "penalty_decision",
}  # fmt: skip


def test_all_fourteen_are_shipped() -> None:
    assert set(kinds()) == set(REQUIRED)


@pytest.mark.parametrize("code", sorted(REQUIRED))
def test_a_kind_asks_for_what_its_document_must_hold(code: str) -> None:
    kind = kinds()[code]
    assert {field.code for field in kind.required} == REQUIRED[code]
    assert kind.basis
    assert all(field.mark in MARKS for field in kind.fields), "a field without an evidence mark"
    assert kind.officers == (2 if code in TWO_OFFICERS else 0)


def test_the_gates_follow_the_order_of_the_documents() -> None:
    before = {code: {one for gate in kind.gates for one in gate.kinds} for code, kind in kinds().items()}
    assert before["interview_minutes"] == {"interview_notice"}
    assert before["site_measures"] == {"site_record"}
    assert before["recheck_opinion"] == {"rectification_order", "site_measures", "penalty_decision"}
    assert before["penalty_decision"] == {"penalty_notice", "hearing_notice"}
    free = set(REQUIRED) - {"interview_minutes", "site_measures", "recheck_opinion", "penalty_decision"}
    assert not any(before[code] for code in free)


def test_a_decision_waits_the_five_days_for_statement_and_hearing() -> None:
    (gate,) = kinds()["penalty_decision"].gates
    assert (gate.after_days, gate.waivable, gate.mark) == (5, True, "V")


def test_what_the_penalty_law_serves_within_seven_days() -> None:
    assert {code for code, kind in kinds().items() if kind.serve_days == 7} == {
        "penalty_notice", "hearing_notice", "penalty_decision"
    }  # fmt: skip


def test_a_number_tells_its_kind() -> None:
    stems = [kind.stem for kind in kinds().values()]
    assert len(set(stems)) == len(stems)
