"""The commands as a person meets them: real processes, real signals."""

import importlib.util
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from types import ModuleType

import psutil
import pytest

from anlan.site.cli import main as command_line
from anlan.site.cli.main import prepare_database
from anlan.site.postgres import Passwords, provision, throwaway
from anlan.site.supervisor import Done, Supervisor
from anlan.site.var import read_secrets, remember_secret

ROOT = Path(__file__).resolve().parents[2]
SCRIPTS = sorted(path for path in (ROOT / "script").iterdir() if path.is_file() and path.suffix != ".py")
SLEEP = [sys.executable, "-c", "import time; time.sleep(600)"]


@pytest.fixture
def var(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("ANLAN_VAR", str(tmp_path / "var"))
    return tmp_path / "var"


@pytest.fixture
def signals() -> Iterator[None]:
    numbers = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    before = [signal.getsignal(number) for number in numbers]
    yield
    for number, handler in zip(numbers, before, strict=True):
        signal.signal(number, handler)


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.name)
def test_scripts_are_bash(script: Path) -> None:
    assert subprocess.run(["bash", "-n", str(script)], check=False).returncode == 0
    assert "lib.sh" in script.read_text() or script.name == "lib.sh"


def library(var: Path, script: str, **environment: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        ["bash", "-c", f'source "{ROOT}/script/lib.sh"; {script}'],
        env=dict(os.environ) | {"ANLAN_VAR": str(var)} | environment,
        cwd="/",
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_missing_thing_is_a_note_at_home_and_an_error_in_ci(var: Path) -> None:
    wish = 'debian no-such-package-anywhere "This test" test -e /nonexistent'
    home = library(var, f"apt-get() {{ false; }}; {wish}; echo went on", CI="")
    assert (home.returncode, home.stdout) == (0, "went on\n")
    assert "apt-get install no-such-package-anywhere" in home.stderr
    ci = library(var, f"apt-get() {{ false; }}; {wish}; echo went on", CI="true")
    assert (ci.returncode, ci.stdout) == (1, "")


def test_the_source_stamp_changes_with_the_sources_only(var: Path, tmp_path: Path) -> None:
    folder = tmp_path / "front"
    (folder / "node_modules").mkdir(parents=True)
    (folder / "a.ts").write_text("1")
    first = library(var, f"sources_hash {folder}").stdout
    (folder / "node_modules" / "b.js").write_text("1")
    assert library(var, f"sources_hash {folder}").stdout == first
    (folder / "a.ts").write_text("2")
    assert library(var, f"sources_hash {folder}").stdout != first


def test_a_killed_child_is_started_again_and_a_stop_leaves_nothing(var: Path, signals: None) -> None:
    said: list[str] = []
    seen: list[int] = []
    supervisor = Supervisor(environment=dict(os.environ), logs=True, say=said.append)
    supervisor.add("first", SLEEP)
    supervisor.add("second", ["bash", "-c", "sleep 601 & sleep 602"])

    def killing() -> bool:
        process = supervisor.children[0].process
        assert process is not None
        if process.pid not in seen:
            seen.append(process.pid)
            if len(seen) == 3:
                os.kill(os.getpid(), signal.SIGTERM)
                return True
            process.kill()
        return False

    everyone: set[psutil.Process] = set()
    others = set(psutil.Process().children(recursive=True))  # the tests' own database server lives on

    def watching() -> bool:
        everyone.update(set(psutil.Process().children(recursive=True)) - others)
        return killing()

    assert supervisor.run(started=watching) == 0
    assert len(seen) == 3
    assert sum("started again" in words for words in said) == 2
    assert len(everyone) >= 4
    assert gone(everyone)


def test_what_a_killed_child_leaves_behind_goes_before_its_successor_comes(var: Path, signals: None) -> None:
    supervisor = Supervisor(environment=dict(os.environ), logs=True)
    supervisor.add("web", ["bash", "-c", "sleep 603 & wait"])
    first: list[int] = []
    left: list[psutil.Process] = []

    def killing() -> bool:
        process = supervisor.children[0].process
        assert process is not None
        if not left:
            left.extend(psutil.Process(process.pid).children())
            if left:
                first.append(process.pid)
                process.kill()
        elif process.pid != first[0]:
            assert gone(left)
            raise Done(0)
        return False

    assert supervisor.run(started=killing) == 0


def gone(processes: Iterable[psutil.Process]) -> bool:
    """A kill takes a moment to arrive; a zombie without a parent that asks is gone too."""
    alive = psutil.wait_procs(list(processes), timeout=30)[1]
    return all(process.status() == psutil.STATUS_ZOMBIE for process in alive)


def test_a_child_that_cannot_live_is_given_up_with_its_last_words(var: Path, signals: None) -> None:
    said: list[str] = []
    supervisor = Supervisor(environment=dict(os.environ), logs=True, say=said.append)
    supervisor.add("web", ["bash", "-c", "echo no such city >&2; exit 3"])
    assert supervisor.run() == 1
    assert "no such city" in said[-1]
    assert sum("started again" in words for words in said) == 4


def test_started_may_end_it_all(var: Path, signals: None) -> None:
    supervisor = Supervisor(environment=dict(os.environ), logs=True)
    supervisor.add("web", SLEEP)

    def once() -> bool:
        raise Done(7)

    assert supervisor.run(started=once) == 7
    process = supervisor.children[0].process
    assert process is not None
    assert process.poll() is not None


def anlan(var: Path, *arguments: str, **environment: str) -> "subprocess.CompletedProcess[str]":
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("DATABASE_", "ANLAN_"))}
    return subprocess.run(
        [sys.executable, "-m", "anlan.site.cli", *arguments],
        env=clean | {"ANLAN_VAR": str(var)} | environment,
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_demo_names_a_way_out_of_a_taken_port(var: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        answer = anlan(var, "demo", "run", "--port", str(port), ANLAN_MODE="demo")
    assert answer.returncode == 1
    assert f"--port {port + 1}" in answer.stderr
    assert "Traceback" not in answer.stderr
    assert not (var / "pg").exists()


def test_the_demo_never_touches_a_city(var: Path) -> None:
    answer = anlan(var, "demo", "run")
    assert answer.returncode == 1
    assert "ANLAN_MODE=demo" in answer.stderr


def test_trouble_with_the_database_is_a_sentence(var: Path) -> None:
    answer = anlan(var, "migrate", DATABASE_URL="postgresql://me@127.0.0.1:1/anlan")
    assert answer.returncode == 1
    assert "cannot be reached" in answer.stderr
    assert "Traceback" not in answer.stderr


def test_the_web_process_never_learns_the_owner(var: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with throwaway() as admin:
        urls = provision(admin=admin, passwords=Passwords(owner="owner", app="app", backup="backup"))
        for name, url in urls.environment().items():
            monkeypatch.setenv(name, url)
        prepare_database("any")
        assert os.environ["DATABASE_OWNER_URL"] == urls.owner
        prepare_database("app")
        assert os.environ["DATABASE_URL"] == urls.app
        assert not {"DATABASE_OWNER_URL", "DATABASE_BACKUP_URL"} & os.environ.keys()


def test_every_command_explains_itself(capsys: pytest.CaptureFixture[str], signals: None) -> None:
    with pytest.raises(SystemExit):
        command_line(["--help"])
    listed = capsys.readouterr().out
    for name in ("backup", "demo", "manage", "migrate", "restore", "serve", "up", "worker"):
        assert f"    {name}" in listed


def test_secrets_are_written_once_and_read_back(var: Path) -> None:
    first = remember_secret("ANLAN_SECRET_KEY")
    assert len(first) >= 50
    assert remember_secret("ANLAN_SECRET_KEY") == first
    remember_secret("OTHER", "given=with=signs")
    assert read_secrets() == {"ANLAN_SECRET_KEY": first, "OTHER": "given=with=signs"}


def translations_check() -> ModuleType:
    spec = importlib.util.spec_from_file_location("translations_check", ROOT / "script" / "checks" / "translations.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_a_missing_or_fuzzy_translation_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    module = translations_check()
    monkeypatch.setattr(module, "ROOT", tmp_path)
    monkeypatch.setattr(module, "SOURCES", tmp_path)
    (tmp_path / "a.py").write_text(
        '_("one")\ngettext_lazy("two " "joined")\npgettext("room", "three")\nngettext("four", "fours", 4)\nother("no")\n'
    )
    (tmp_path / "a.html").write_text(
        "{% load i18n %}{% translate 'five' %}{% translate 'six' context 'room' %}{% blocktranslate count n=n %}one {{ n }}{% plural %}many {{ n }}{% endblocktranslate %}"
    )
    texts = module.gathered()
    assert set(texts) == {
        (None, "one"),
        (None, "two joined"),
        ("room", "three"),
        (None, "four"),
        (None, "five"),
        ("room", "six"),
        (None, "one %(n)s"),
    }
    catalogue = tmp_path / "django.po"
    catalogue.write_text(
        'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n\nmsgid "one"\nmsgstr "一"\n\n#, fuzzy\nmsgid "two joined"\nmsgstr "二"\n\nmsgid "four"\nmsgid_plural "fours"\nmsgstr[0] ""\n'
    )
    wrong = module.complaints(catalogue, texts)
    assert any(line.startswith("fuzzy: 'two joined'") for line in wrong)
    assert any(line.startswith("untranslated: 'four'") for line in wrong)
    assert any(line.startswith("missing: 'three'") for line in wrong)
    assert not any("'one'" in line for line in wrong)
