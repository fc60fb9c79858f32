"""The promises of the project about itself: style, types, layers, and a README that is true."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import ROOT

README = (ROOT / "README.md").read_text("utf-8")
SOURCES = sorted([*(ROOT / "archive").rglob("*.py"), *(ROOT / "crawler").rglob("*.py")])


@pytest.mark.parametrize(
    "command",
    [["-m", "ruff", "check", "."], ["-m", "ruff", "format", "--check", "."], ["-m", "mypy"]],
    ids=["ruff", "format", "mypy"],
)
def test_the_tools_find_nothing(command: list[str]) -> None:
    done = subprocess.run([sys.executable, *command], cwd=ROOT, capture_output=True, text=True)

    assert done.returncode == 0, done.stdout + done.stderr


def test_the_layers_hold() -> None:
    program = str(Path(sys.executable).with_name("lint-imports"))
    done = subprocess.run([program], cwd=ROOT, capture_output=True, text=True)

    assert done.returncode == 0, done.stdout + done.stderr


def test_ci_runs_the_readmes_test_command() -> None:
    command = next(line for line in README.splitlines() if line.endswith("pytest"))

    assert command.partition(" && ")[0] in (ROOT / ".ci" / "run").read_text("utf-8")
    assert command.rpartition(" && ")[2] in (ROOT / ".ci" / "run").read_text("utf-8")
    assert command in (ROOT / "README.zh.md").read_text("utf-8")


def test_public_names_have_docstrings() -> None:
    for path in SOURCES:
        tree = ast.parse(path.read_text("utf-8"))
        assert ast.get_docstring(tree), path
        for node in tree.body:
            if isinstance(node, ast.FunctionDef | ast.ClassDef) and not node.name.startswith("_"):
                assert ast.get_docstring(node), f"{path}: {node.name}"
