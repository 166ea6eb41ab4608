"""Schemathesis over the document: generated requests and chains of operations, as several posts; no answer is a failure.

About two minutes; `ANLAN_FUZZ_EXAMPLES` asks for more an operation.
"""

import os
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from anlan.hazards.sheet import sheet
from anlan.kernel import scope
from anlan.kernel.actor import SYSTEM
from anlan.kernel.codes import make_uscc
from anlan.site.wsgi import application
from tests.api.conftest import ROOT, Speaking
from tests.factories import COUNTY, DRAWING, TOWN, City
from tests.reports.conftest import make_town

schemathesis.serializer.alias("application/offset+octet-stream", "application/octet-stream")

pytestmark = [
    pytest.mark.django_db(databases=["default", "owner"], transaction=True),
    pytest.mark.slow,
    # Schemathesis does not close the answers it reads; a web server does.
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]
EXAMPLES = int(os.environ.get("ANLAN_FUZZ_EXAMPLES", "8"))
CHAINS = int(os.environ.get("ANLAN_FUZZ_CHAINS", "10"))
CALM = settings(
    max_examples=EXAMPLES,
    deadline=None,
    database=None,
    derandomize=True,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)
POSTS = ("regulator", "inspector", "office", "dispatcher", "principal", "citizen", "security_admin", "system_admin")
PROSE = ("reason", "remark", "measure", "measure_done", "place", "description")
JUDGED = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]


@pytest.fixture
def document(city: City) -> Any:
    return schemathesis.openapi.from_wsgi(f"{ROOT}/openapi.json", application)


@pytest.fixture
def known(city: City) -> dict[str, list[str]]:
    """Ids that exist, by the name of the path's parameter: hazards in every state and what hangs on them."""
    states = ("found", "dispatched", "disputed", "claimed", "rectifying", "rectified", "accepted", "closed")
    hazards = [city.in_state(state) for state in states] + [city.rectifying(grade="major")]
    with scope.acting(city.inspector):
        photos = [str(city.photo(city.inspector)) for _number in range(10)]
    with scope.acting(SYSTEM):
        digest = sheet(hazards[states.index("dispatched")]).digest
    town = make_town(city)
    reports = [town.in_state(state) for state in ("submitted", "screened", "dispatched", "handled", "answered")]
    return {
        "hazard_id": [str(one.pk) for one in hazards],
        "report_id": [str(one.pk) for one in reports],
        "unit": [str(town.unit.pk)],
        "of": [str(reports[0].pk)],
        "file_id": photos,
        "enterprise_id": [str(city.enterprise.pk), str(city.n_enterprise.pk)],
        "organisation": [str(city.enterprise.pk)],
        "person": [str(city.posts["expert"].person_id)],
        "post": [str(city.posts["expert"].pk)],
        "code": ["gongmao-2023"],
        "region": [str(TOWN), str(COUNTY)],
        "industry": ["gongmao"],
        "category": ["equipment"],
        "source": ["document", "county"],
        "enterprise": [str(city.enterprise.pk)],
        "responsible": [str(city.enterprise.pk)],
        "clause": [str(city.clause.pk)],
        "photos": photos,
        "officers": [str(city.posts["group_leader"].pk)],
        "survivor": [str(hazards[0].pk)],
        "due": [str(city.day(days)) for days in (10, 40, 0, -1)],
        "new_due": [str(city.day(20))],
        "finished_on": [str(city.day(0))],
        "found_at": ["2026-01-05T08:00:00+08:00"],
        "organisation_id": [str(city.enterprise.pk)],
        "uscc": [make_uscc(900, region=COUNTY // 1_000_000)],
        "cost": ["12.50", "0"],
        "digest": [digest],
        "drawing": [DRAWING],
        **{name: ["情况属实，现场可见"] for name in PROSE},
    }


def _make_real(case: Any, known: dict[str, list[str]], which: int) -> None:
    """Put in what exists, so that the rest of the request is read and acted on."""
    for name in case.path_parameters or {}:
        if name in known:
            case.path_parameters[name] = known[name][which % len(known[name])]
    if isinstance(case.body, dict):
        for name in case.body:
            if name in known:
                found = known[name][which % len(known[name])]
                case.body[name] = [found] if name in ("photos", "officers") else found


def test_no_generated_request_fails(document: Any, known: dict[str, list[str]], speak: Speaking) -> None:
    tokens = {name: speak(name).token for name in POSTS}
    asked = 0
    for result in document.get_all_operations():
        operation = result.ok()
        modes = [
            operation.as_strategy(generation_mode=mode) for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE)
        ]

        @CALM
        @given(case=st.one_of(modes), post=st.sampled_from(POSTS), real=st.booleans(), which=st.integers(0, 99))
        def asks(case: Any, post: str, real: bool, which: int) -> None:
            nonlocal asked
            if real:
                _make_real(case, known, which)
            for name in POSTS if real else [post]:
                asked += 1
                answer = case.call(headers={"Authorization": f"Bearer {tokens[name]}"})
                case.validate_response(answer, checks=JUDGED)

        asks()
    assert asked > EXAMPLES * 40


def test_no_chain_of_operations_fails(document: Any, known: dict[str, list[str]], speak: Speaking) -> None:
    token = speak("regulator").token

    class Chain(document.as_state_machine()):  # type: ignore[misc]
        def get_call_kwargs(self, case: Any) -> dict[str, Any]:
            return {"headers": {"Authorization": f"Bearer {token}"}}

        def validate_response(self, response: Any, case: Any, *args: Any, **kwargs: Any) -> None:
            case.validate_response(response, checks=JUDGED)

    Chain.run(settings=settings(CALM, max_examples=CHAINS, stateful_step_count=6))
