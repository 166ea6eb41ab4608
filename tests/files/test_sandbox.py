"""Jobs that misbehave in every way a decoder taken over by its input could."""

import json
import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

import pytest

from anlan.kernel import sandbox, sandbox_child
from anlan.kernel.refusals import Refused
from anlan.kernel.sandbox import Answer, Limits, run

SHORT = Limits(wall_seconds=1, cpu_seconds=1)
SMALL = Limits(memory_bytes=256 << 20, output_bytes=4 << 20, wall_seconds=60)
"""Time enough on a busy machine to run into another limit first."""


@pytest.fixture(autouse=True)
def own_slots(tmp_path, monkeypatch):
    monkeypatch.setenv("ANLAN_SANDBOX_DIR", str(tmp_path))


@pytest.fixture
def job(monkeypatch):
    """Lets a few lines of Python be the job; the true door opens to `anlan.…` alone."""

    # The child's own start, with one module more: the lines themselves.
    def start(lines, **options) -> Answer:
        body = "\n".join(f"    {line}" for line in lines.splitlines())
        module = f"import os, sys, time\ndef work(source, params):\n{body}\n"
        begin = f"import sys, types; m = types.ModuleType('anlan_job'); exec({module!r}, m.__dict__); sys.modules['anlan.job'] = m; "
        monkeypatch.setattr(sandbox, "START", begin + "from anlan.kernel.sandbox_child import main; main()")
        return run("anlan.job:work", options.pop("source", b""), **options)

    return start


def test_bytes_and_parameters_go_in_and_come_out(job, tmp_path):
    lines = "data = source.read()\nreturn {'said': params['word'], 'size': len(data)}, (data[i:i+2] for i in range(0, len(data), 2))"
    path = tmp_path / "input"
    path.write_bytes(b"abcde")
    for source in (b"abcde", path):
        with job(lines, source=source, params={"word": "安澜"}) as answer:
            assert answer.value == {"said": "安澜", "size": 5}
            assert list(answer.blocks()) == [b"ab", b"cd", b"e"]


def test_the_child_sees_no_secret_and_no_file_of_ours(job, monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "postgresql://secret")
    with tempfile.TemporaryFile() as ours:
        ours.write(b"secret")
        lines = "return {'env': dict(os.environ), 'files': len(os.listdir('/proc/self/fd')), 'cwd': os.getcwd()}, []"
        with job(lines) as answer:
            seen = answer.value
    assert "secret" not in json.dumps(seen["env"])
    assert set(seen["env"]) <= {*sandbox.ENVIRONMENT, "LC_CTYPE"}
    assert seen["files"] == 6, "three standard ones, input, output and the listing itself"
    assert seen["cwd"] == "/"


@pytest.mark.parametrize(
    ("lines", "code"),
    [
        ("x = bytearray(2 << 30)\nreturn {}, []", "sandbox.memory"),
        ("x = []\nwhile True: x.append('y' * 1000000 + str(len(x)))", "sandbox.memory"),
        ("while True: pass", "sandbox.timeout"),
        ("time.sleep(60)", "sandbox.timeout"),
        ("import signal\nsignal.signal(signal.SIGXCPU, signal.SIG_IGN)\nwhile True: pass", "sandbox.timeout"),
        ("return 1 / 0, []", "sandbox.crashed"),
        ("os.abort()", "sandbox.crashed"),
        ("os._exit(0)", "sandbox.crashed"),
        ("import ctypes\nctypes.string_at(0)", "sandbox.crashed"),
        ("def endless():\n    while True: yield bytes(1 << 20)\nreturn {}, endless()", "sandbox.crashed"),
        ("return {'n': float('nan')}, []", "sandbox.crashed"),
        ("return [1, 2], []", "sandbox.crashed"),
        ("return {'long': 'x' * (2 << 20)}, []", "sandbox.crashed"),
        ("os.write(int(sys.argv[2]), b'B' + b'\\xff' * 8)\nos._exit(0)", "sandbox.crashed"),
        ("os.write(int(sys.argv[2]), b'R' + bytes(7) + b'\\x02[]')\nos._exit(0)", "sandbox.crashed"),
        ("os.write(int(sys.argv[2]), b'R' + bytes(7) + b'\\x02{}')\nos._exit(0)", "sandbox.crashed"),
        (
            "from anlan.kernel.sandbox_child import Refusal\nraise Refusal('sandbox.timeout', code=1, message=2)",
            "sandbox.timeout",
        ),
    ],
)
def test_misbehaviour_is_one_refusal(job, lines, code):
    with pytest.raises(Refused) as refused:
        job(lines, limits=SHORT if code == "sandbox.timeout" else SMALL)
    assert refused.value.code == code
    assert refused.value.detail


def test_a_refusal_keeps_its_code(job):
    with pytest.raises(Refused) as refused:
        job("from anlan.kernel.sandbox_child import Refusal\nraise Refusal('file.bomb', size=3)")
    assert (refused.value.code, refused.value.params) == ("file.bomb", {"size": 3})


def test_grandchildren_end_with_the_job(job, tmp_path):
    note = tmp_path / "pid"
    lines = f"import subprocess\np = subprocess.Popen(['sleep', '600'])\nopen({str(note)!r}, 'w').write(str(p.pid))\ntime.sleep(60)"
    with pytest.raises(Refused, match="takes longer than 1 seconds"):
        job(lines, limits=SHORT)
    state = Path(f"/proc/{note.read_text()}/stat")
    for _ in range(500):  # a killed process needs a moment to be gone
        if not state.exists() or state.read_text().split()[2] in {"Z", "X"}:
            return
        time.sleep(0.01)
    pytest.fail("the grandchild lives on")


def test_a_free_core_is_waited_for_and_shared_by_processes(job, tmp_path, monkeypatch):
    monkeypatch.setattr(os, "cpu_count", lambda: 1)
    hold = f"import fcntl, time; f = open({str(tmp_path / 'slot-0')!r}, 'w'); fcntl.flock(f, fcntl.LOCK_EX); print('held', flush=True); time.sleep(600)"
    with subprocess.Popen([sys.executable, "-c", hold], stdout=subprocess.PIPE) as other:
        assert other.stdout.readline() == b"held\n"
        with pytest.raises(Refused, match="Too many files"):
            job("return {}, []", limits=Limits(wait_seconds=0))
        other.send_signal(signal.SIGKILL)
    with job("return {}, []", limits=Limits(wait_seconds=20)) as answer:
        assert answer.value == {}


def test_threads_take_turns(job, monkeypatch, tmp_path):
    monkeypatch.setattr(os, "cpu_count", lambda: 1)
    trace = tmp_path / "trace"
    lines = f"f = open({str(trace)!r}, 'a'); f.write('('); f.flush(); time.sleep(0.05); f.write(')'); f.close()\nreturn {{}}, []"
    threads = [threading.Thread(target=lambda: job(lines).close()) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert trace.read_text() == "()" * 4


def test_a_strangers_lock_directory_is_not_trusted(tmp_path, monkeypatch):
    link = tmp_path / "link"
    link.symlink_to(tmp_path)
    monkeypatch.setenv("ANLAN_SANDBOX_DIR", str(link))
    with pytest.raises(PermissionError):
        run("anlan.files.decode:derive", b"", params={"kind": "PNG"})


def test_only_our_own_functions_run():
    with pytest.raises(ValueError):
        run("os:system", b"")


def test_the_childs_frames_are_what_the_parent_reads():
    assert sandbox.FRAME is sandbox_child.FRAME
