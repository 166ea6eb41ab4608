"""Figures for Prometheus, and logs: for machines, without persons."""

import io
import json
import logging
import sys
from collections.abc import Iterator

import pytest
import structlog
from django.test import Client
from prometheus_client.parser import text_string_to_metric_families

from anlan.site import logs
from tests.factories import City

pytestmark = pytest.mark.django_db(databases=["default", "owner"])


def test_the_gauges_tell_what_waits(city: City, client: Client) -> None:
    city.found()
    answer = client.get("/metrics")
    found = {
        sample.name: sample.value
        for family in text_string_to_metric_families(answer.content.decode())
        for sample in family.samples
        if sample.name.startswith("anlan_")
    }
    assert found["anlan_database_up"] == 1
    assert found["anlan_ledger_pending"] >= 1
    assert found["anlan_ledger_size"] == 0
    assert found["anlan_calendar_days"] > 0
    assert {"anlan_queue_length", "anlan_queue_oldest_seconds"} <= set(found)


@pytest.mark.parametrize(
    ("ip", "networks", "status"),
    [
        ("127.0.0.1", [], 200),
        ("10.3.0.7", [], 404),
        ("10.3.0.7", ["10.3.0.0/24"], 200),
        ("::1", [], 200),
        ("10.4.0.7", ["10.3.0.0/24"], 404),
    ],
)
def test_only_the_machine_and_allowed_networks_read_them(
    client: Client, settings: object, ip: str, networks: list[str], status: int
) -> None:
    settings.ANLAN_METRICS_FROM = networks  # type: ignore[attr-defined]
    assert client.get("/metrics", REMOTE_ADDR=ip).status_code == status


@pytest.fixture
def stream(monkeypatch: pytest.MonkeyPatch) -> Iterator[io.StringIO]:
    root = logging.getLogger()
    before, level, config = root.handlers[:], root.level, structlog.get_config()
    held = io.StringIO()
    monkeypatch.setattr(sys, "stderr", held)
    logs.configure(readable=False)
    yield held
    root.handlers[:], root.level = before, level
    structlog.configure(**config)


def test_lines_are_json_and_name_nobody(stream: io.StringIO) -> None:
    structlog.get_logger("anlan.test").info("signed", post="p1", name="王某", phone="13800000000")
    logging.getLogger("library").warning("slow %s", "query")
    secret = "13900000000"

    def fail() -> None:
        raise RuntimeError(f"broken {len(secret)}")

    try:
        fail()
    except RuntimeError:
        structlog.get_logger("anlan.test").exception("failed")
    signed, library, failed = (json.loads(line) for line in stream.getvalue().splitlines())
    assert (signed["event"], signed["post"], signed["level"]) == ("signed", "p1", "info")
    assert (library["event"], library["logger"]) == ("slow query", "library")
    assert failed["exception"][0]["exc_type"] == "RuntimeError"
    for told in ("王某", "13800000000", secret):
        assert told not in stream.getvalue()
