"""`anlan reports` learns and suggests on the command line."""

import argparse
import json

import pytest

from anlan.site.cli import reports as command
from anlan.site.cli.trouble import CommandTrouble
from tests.factories import COUNTY, City
from tests.reports.conftest import Town
from tests.reports.test_lessons import EBIKE, past, town

__all__ = ["past", "town"]
pytestmark = pytest.mark.django_db(databases=["default", "owner"])


def _run(*words: str) -> int:
    parser = argparse.ArgumentParser()
    command.add_arguments(parser)
    return command.run(parser.parse_args(words))


def test_it_learns_and_says_what_it_reached(past: Town, capsys: pytest.CaptureFixture[str]) -> None:
    assert _run("learn", "--region", str(COUNTY)) == 0
    said = capsys.readouterr().out
    assert "category: learnt from 400 reports, measured on 100 later ones" in said
    assert _run("suggest", EBIKE, "--region", str(COUNTY), "--json") == 0
    found = json.loads(capsys.readouterr().out)
    assert found["category"][0]["label"] == "ebike"
    assert found["category"][0]["sure"] is True
    assert found["unit"][0]["name"] == past.unit.name
    assert _run("suggest", "有人被困，加微信", "--region", str(COUNTY)) == 0
    said = capsys.readouterr().out
    assert "urgent: 被困" in said
    assert "doubtful: 加微信" in said


def test_it_says_when_there_is_too_little(city: City, capsys: pytest.CaptureFixture[str]) -> None:
    assert _run("learn", "--region", str(COUNTY)) == 1
    assert "not learnt" in capsys.readouterr().out
    assert _run("suggest", "楼道堵了") == 0
    assert "nothing learnt yet" in capsys.readouterr().out


@pytest.mark.parametrize("words", [("suggest", "  "), ("learn", "--region", "7")])
def test_what_it_cannot_use_is_said_plainly(city: City, words: tuple[str, ...]) -> None:
    with pytest.raises(CommandTrouble):
        _run(*words)
