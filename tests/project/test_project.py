"""The promises of the project about itself: style, types, layers, and a README that is true."""

from __future__ import annotations

import ast
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from tests.conftest import ROOT

# One after the other: what mypy has read of the packages serves the next that asks it.
pytestmark = pytest.mark.xdist_group("mypy")

README = (ROOT / "README.md").read_text("utf-8")
SPELLED = [
    "archive",
    "crawler",
    "tests",
    "benchmarks",
    "docs",
    "README.md",
    "CHANGELOG.md",
    "setup.cfg",
]
SOURCES = sorted([*(ROOT / "archive").rglob("*.py"), *(ROOT / "crawler").rglob("*.py")])


@pytest.mark.e2e
@pytest.mark.parametrize(
    "command",
    [
        ["-m", "ruff", "check", "."],
        ["-m", "ruff", "format", "--check", "."],
        ["-m", "mypy"],
        ["-m", "vulture"],
        ["-m", "codespell_lib", *SPELLED],
    ],
    ids=["ruff", "format", "mypy", "vulture", "codespell"],
)
def test_the_tools_find_nothing(command: list[str]) -> None:
    done = subprocess.run([sys.executable, *command], cwd=ROOT, capture_output=True, text=True)

    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.e2e
def test_the_layers_hold() -> None:
    program = str(Path(sys.executable).with_name("lint-imports"))
    done = subprocess.run([program], cwd=ROOT, capture_output=True, text=True)

    assert done.returncode == 0, done.stdout + done.stderr


def test_ci_runs_the_readmes_test_command() -> None:
    command = next(line for line in README.splitlines() if line.endswith("pytest"))

    assert command.partition(" && ")[0] in (ROOT / ".ci" / "run").read_text("utf-8")
    assert command.rpartition(" && ")[2] in (ROOT / ".ci" / "run").read_text("utf-8")
    assert command in (ROOT / "README.zh.md").read_text("utf-8")


def test_the_workflow_runs_ci() -> None:
    workflow = yaml.safe_load((ROOT / ".github" / "workflows" / "ci.yml").read_text("utf-8"))
    job = workflow["jobs"]["tests"]

    assert job["runs-on"] == "ubuntu-latest"
    assert [step["run"] for step in job["steps"] if "run" in step] == ["bash .ci/run"]


def test_public_names_have_docstrings() -> None:
    for path in SOURCES:
        tree = ast.parse(path.read_text("utf-8"))
        assert ast.get_docstring(tree), path
        for node in tree.body:
            if isinstance(node, ast.FunctionDef | ast.ClassDef) and not node.name.startswith("_"):
                assert ast.get_docstring(node), f"{path}: {node.name}"


# A line in a copy of the checkout, and the contract that it breaks.
CLIMBING = {
    "archive/warc/writer.py: import archive.index.indexer": "The floors of archive/",
    "archive/page/urls.py: import archive.page.page": "The floors of archive/page/",
    "archive/platforms/kit/feeds.py: import archive.platforms.gov": "A platform imports kit",
    "archive/platforms/kit/json_lists.py: import archive.platforms": "What a platform is made with",
    "archive/page/page.py: import crawler.requests": "The archive never imports the crawler",
    "crawler/wire/recorder.py: import crawler.spider.spider": "The floors of crawler/",
    "crawler/hosts/throttle.py: import crawler.wire.tap": "The floors of crawler/",
    "crawler/spider/media.py: import crawler.spider.spider": "The floors of crawler/spider/",
}


@pytest.mark.e2e
@pytest.mark.parametrize("line", CLIMBING)
def test_an_import_that_climbs_is_reported(line: str, tmp_path: Path) -> None:
    for name in ("archive", "crawler"):
        shutil.copytree(ROOT / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "setup.cfg", tmp_path)
    file, _, statement = line.partition(": ")
    with (tmp_path / file).open("a", encoding="utf-8") as source:
        source.write(f"{statement}\n")

    program = str(Path(sys.executable).with_name("lint-imports"))
    done = subprocess.run([program, "--no-cache"], cwd=tmp_path, capture_output=True, text=True)

    importer, imported = file.removesuffix(".py").replace("/", "."), statement.split()[1]
    assert done.returncode == 1
    assert re.search(rf"{CLIMBING[line]}.* BROKEN", done.stdout), done.stdout
    assert re.search(rf"{importer} -> {imported} \(l\.\d+\)", done.stdout), done.stdout


@pytest.mark.slow
def test_benchmarks_and_rigs_import_what_is_there() -> None:
    """They run seldom, so that a module which moved would be missed for long."""
    paths = [*(ROOT / "benchmarks").rglob("*.py"), *(ROOT / "tests").rglob("*.py")]
    nodes = [node for path in paths for node in ast.walk(ast.parse(path.read_text("utf-8")))]
    imported = {node.module or "" for node in nodes if isinstance(node, ast.ImportFrom)}
    in_settings = {  # a class that Scrapy imports by its path
        match[1]
        for node in nodes
        if isinstance(node, ast.Constant)
        and (match := re.fullmatch(r"((?:\w+\.)+)[A-Z]\w+", str(node.value)))
    }
    names = {name.strip(".") for name in imported | in_settings}
    ours = {name for name in names if name.split(".")[0] in ("archive", "crawler", "tests")}

    missing = [
        name
        for name in sorted(ours)
        if not (ROOT / name.replace(".", "/")).is_dir()
        and not (ROOT / name.replace(".", "/")).with_suffix(".py").exists()
    ]
    assert len(ours) > 100 and missing == []
