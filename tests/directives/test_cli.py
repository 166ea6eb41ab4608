"""`anlan directives read`: a table for people, one JSON object for programs, a clear word when it cannot."""

import json
from pathlib import Path

import pytest

from anlan.site.cli.main import main
from tests.directives.conftest import TEXT


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "通知.txt"
    path.write_text(TEXT)
    return path


def test_json_with_places_in_the_text(file: Path, capsys: pytest.CaptureFixture[str]):
    assert main(["directives", "read", str(file), "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert (found["kind"], found["number"], found["dated"]) == ("text", "澜安办〔2026〕40号", "2026-11-18")
    first = found["tasks"][0]
    assert (first["who"], first["when"]["due"]) == ("县应急局", "2026-12-20")
    low, high = first["span"]
    assert found["text"][low:high] == first["text"]
    low, high = first["original"]
    assert TEXT[low:high] == first["text"]
    assert found["tasks"][1]["how_often"]["every"] == "month"
    assert found["tasks"][2]["when"] == {
        "text": "于收到本通知之日起5个工作日内",
        "due": None,
        "rule": {"working_days": 5, "after": "received"},
    }


def test_a_table_for_people(file: Path, capsys: pytest.CaptureFixture[str]):
    assert main(["directives", "read", str(file)]) == 0
    said = capsys.readouterr().out
    assert "4 tasks proposed." in said
    assert "by: 2026-12-20 (12月20日前)" in said
    assert "how often: 每月25日前" in said


def test_the_day_it_came_in_tells_the_year(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    path = tmp_path / "a.txt"
    path.write_text("关于报送总结的通知\n各单位：\n请于3月底前报送总结。")
    assert main(["directives", "read", str(path), "--received", "2027-01-05", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["tasks"][0]["when"]["due"] == "2027-03-31"


def test_what_cannot_be_read_says_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    assert main(["directives", "read", str(tmp_path / "none.txt")]) == 1
    empty = tmp_path / "empty.txt"
    empty.write_text("  ")
    assert main(["directives", "read", str(empty)]) == 1
    assert "anlan directives: " in capsys.readouterr().err
    with pytest.raises(SystemExit):
        main(["directives", "read", str(empty), "--received", "gestern"])
