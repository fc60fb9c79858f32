"""The promises of the project about itself: style, types, layers, and a README that is true."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

from archive import platforms
from archive.platforms.kit.table import table
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


def test_the_architecture_names_rooms_that_are_there() -> None:
    section = README.split("## Architecture")[1].split("```")[1]
    rooms = {
        name
        for line in section.splitlines()
        for name in re.findall(r"^ {5}([a-z_]+(?: [a-z_]+)*)(?=  )", line)
    }
    modules = {name for path in SOURCES for name in (path.stem, path.parent.name)}

    named = {word for room in rooms for word in room.split()}
    assert len(named) >= 10
    assert named <= modules


def test_ci_runs_the_readmes_test_command() -> None:
    command = next(line for line in README.splitlines() if line.endswith("pytest"))

    assert command.partition(" && ")[0] in (ROOT / ".ci" / "run").read_text("utf-8")
    assert command.rpartition(" && ")[2] in (ROOT / ".ci" / "run").read_text("utf-8")
    assert command in (ROOT / "README.zh.md").read_text("utf-8")


def test_the_table_of_platforms_in_the_readme_is_theirs() -> None:
    assert table() in README
    assert {one.name for one in platforms.load().values() if not one.about} == {"demo"}


def test_public_names_are_told() -> None:
    for path in SOURCES:
        tree = ast.parse(path.read_text("utf-8"))
        assert ast.get_docstring(tree), path
        for node in tree.body:
            if isinstance(node, ast.FunctionDef | ast.ClassDef) and not node.name.startswith("_"):
                assert ast.get_docstring(node), f"{path}: {node.name}"
