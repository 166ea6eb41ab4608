"""`anlan import`: the operator's way in, with the same checks."""

from argparse import Namespace

import pytest

from anlan.identity.models import Region
from anlan.kernel import scope
from anlan.kernel.actor import SYSTEM
from anlan.registry.models import Enterprise
from anlan.site.cli import import_, main
from anlan.site.cli.trouble import CommandTrouble
from tests.registry.books import book
from tests.registry.test_imports import GOOD

pytestmark = pytest.mark.django_db(databases=["default", "owner"])


def run(kind, path, *, dry=False):
    return import_.run(Namespace(kind=kind, file=path, dry_run=dry))


def test_a_workbook_is_checked_then_loaded(town, tmp_path, capsys):
    path = book(tmp_path / "a.xlsx", "enterprises", GOOD)
    assert run("enterprises", path, dry=True) == 0
    assert "2 rows are in order; nothing was loaded." in capsys.readouterr().out
    assert run("enterprises", path) == 0
    assert "Loaded 2 enterprises." in capsys.readouterr().out
    assert run("enterprises", path) == 1
    said = capsys.readouterr().out
    assert "enterprises B2" in said
    assert "registered already" in said
    assert "Nothing was loaded" in said
    with scope.acting(SYSTEM):
        assert Enterprise.objects.count() == 2


def test_regions_from_a_table(town, tmp_path, capsys):
    path = tmp_path / "r.csv"
    path.write_text("code,name\n141022,翼城县\n141022100000,唐兴镇\n", encoding="utf-8-sig")
    assert run("regions", path, dry=True) == 0
    assert not Region.objects.filter(code=141022000000).exists()


def test_loaded_regions_stay(town, tmp_path, capsys):
    path = tmp_path / "r.csv"
    path.write_text("code,name\n141022,翼城县\n141022100000,唐兴镇\n", encoding="utf-8-sig")
    assert run("regions", path) == 0
    assert Region.objects.get(code=141022100000).parent_id == 141022000000
    path.write_text("code,name\n9,错\n")
    with pytest.raises(CommandTrouble, match=r"row 2\.code"):
        run("regions", path)
    path.write_bytes("code,name\n141022,翼城县\n".encode("gbk"))
    with pytest.raises(CommandTrouble, match="UTF-8"):
        run("regions", path)


def test_what_is_no_workbook_is_said(town, tmp_path):
    path = tmp_path / "a.xlsx"
    path.write_text("x")
    with pytest.raises(CommandTrouble, match="Excel"):
        run("people", path)
    with pytest.raises(CommandTrouble, match="no file"):
        run("people", tmp_path / "absent.xlsx")


def test_it_is_a_command(capsys):
    with pytest.raises(SystemExit) as left:
        main(["import", "--help"])
    assert left.value.code == 0
    assert "--dry-run" in capsys.readouterr().out
