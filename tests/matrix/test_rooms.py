"""The walls between rooms stand, and a breach is seen."""

import ast
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
WEB = ("django.http", "django.views", "django.shortcuts", "django.urls", "django.template", "ninja")
DOMAIN = ("models", "actions", "rules", "rulings", "checks", "flow", "steps", "queries", "notices", "sheet")
"""Parts of a room that think; the kernel's own are all but its delivery."""
DELIVERY = ("api", "forms", "operations", "pages", "timeline")


def _imports(path: Path) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    return found


def _domain() -> list[Path]:
    source = ROOT / "src" / "anlan"
    kernel = [path for path in (source / "kernel").rglob("*.py") if path.stem not in DELIVERY]
    rooms = [
        path
        for room in ("campaigns", "files", "hazards", "identity", "notify", "registry", "reports", "standards")
        for part in DOMAIN
        for path in [source / room / f"{part}.py", *(source / room / part).rglob("*.py")]
    ]
    return [path for path in [*kernel, *rooms] if path.exists()]


def test_the_domain_imports_no_web_framework() -> None:
    assert len(_domain()) > 60
    wrong = [
        f"{path.relative_to(ROOT)}: {name}"
        for path in _domain()
        for name in sorted(_imports(path))
        if name.startswith(WEB)
    ]
    assert wrong == []


def _lint(source: Path) -> subprocess.CompletedProcess[str]:
    command = [
        Path(sys.executable).with_name("lint-imports"),
        "--no-logo",
        "--no-cache",
        "--config",
        ROOT / "pyproject.toml",
    ]
    environment = os.environ | {"PYTHONPATH": str(source)}
    return subprocess.run(command, cwd=source, env=environment, capture_output=True, text=True, check=False)


@pytest.mark.slow
def test_a_planted_breach_of_each_wall_is_named(tmp_path: Path) -> None:
    source = tmp_path / "src"
    shutil.copytree(ROOT / "src", source, ignore=lambda folder, names: [
        name for name in names if not name.endswith(".py") and not (Path(folder) / name).is_dir()])  # fmt: skip
    assert _lint(source).returncode == 0
    breaches = {
        "anlan/kernel/codes.py": "anlan.hazards.models",
        "anlan/files/models.py": "anlan.notify.models",
        "anlan/hazards/rules.py": "anlan.hazards.actions",
        "anlan/registry/models.py": "ninja",
        "anlan_verify/merkle.py": "django.utils",
    }
    for path, name in breaches.items():
        with (source / path).open("a", encoding="utf-8") as file:
            file.write(f"\nimport {name}\n")
    answer = _lint(source)
    assert answer.returncode == 1
    assert "4 broken" in answer.stdout
    for path in breaches:
        assert path.removesuffix(".py").replace("/", ".") in answer.stdout
