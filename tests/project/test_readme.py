"""The READMEs and CONTRIBUTING, run as they are written: each command in the order of the page,
in a shell, against stand-ins; each block of Python against the demo's archive."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from datetime import datetime
from pathlib import Path

import jsonschema
import pytest
import yaml

from crawler.demo.server import answer
from tests.conftest import ROOT, apart, check
from tests.rigs.documents import blocks
from tests.standin.pages import CHINA, Story
from tests.standin.thepaper import ThePaper
from tests.standin.web import LoopbackWeb

README, CHINESE = "README.md", "README.zh.md"
BIN = Path(sys.executable).parent
HALF_WRITTEN = shutil.ignore_patterns("*.pyc.[0-9]*")  # of the process that tests meanwhile
TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z")


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """The folder in which `zhengwen demo` was run, and what it printed."""
    folder = tmp_path_factory.mktemp("demo")
    done = subprocess.run(
        [sys.executable, "-m", "crawler", "demo"],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT), "PATH": f"{BIN}:{os.environ['PATH']}"},
        capture_output=True,
        text=True,
        check=True,
    )
    return folder, done.stdout


@pytest.fixture
def newcomer(tmp_path: Path, web: LoopbackWeb, thepaper: ThePaper) -> dict[str, str]:
    """A folder with the environment that the README makes, and the web that its commands use."""
    activate = tmp_path / ".venv" / "bin" / "activate"
    activate.parent.mkdir(parents=True)
    activate.write_text(f'PATH="{BIN}:$PATH"\n', "utf-8")
    thepaper.add(
        story(1, "关于疫情防控的通报", ["疫情防控期间请戴口罩。", "构建人类命运共同体。"]),
        story(2, "开展演练", ["疫情防控演练今天举行，现场备有口罩。"]),
        story(4150096, "春季招聘", ["岗位一千二百个，做好疫情防控，防汛物资备足。"]),
    )
    shown = Path(tmp_path / "page.html")
    shown.write_text(answer("/article/1001")[2], "utf-8")
    return {**os.environ, **web.environ(), "HOME": str(tmp_path), "PYTHONPATH": str(ROOT)}


def story(number: int, title: str, text: list[str]) -> Story:
    return Story(
        number,
        title,
        text,
        account="济南高新区",
        published=datetime(2020, 2, 3, 9, 0, tzinfo=CHINA),
    )


def run(folder: Path, environ: dict[str, str], commands: list[str]) -> list[tuple[str, str]]:
    """Run the commands in one shell, as a reader does, that stops at the first failure; returns
    each with what it printed."""
    script = folder / "page.sh"
    script.write_text("\n".join(f"{line}\necho '<<<>>>'" for line in commands), "utf-8")
    done = subprocess.run(
        ["/bin/sh", "-e", str(script)],
        cwd=folder,
        env=environ,
        capture_output=True,
        text=True,
        timeout=800,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    printed = done.stdout.split("<<<>>>\n")
    assert len(printed) == len(commands) + 1
    return list(zip(commands, printed, strict=False))


def test_every_command_of_the_readme_runs(tmp_path: Path, newcomer: dict[str, str]) -> None:
    """The Chinese one has the same commands, see below."""
    printed = dict(run(tmp_path, newcomer, runnable(README)))

    output = {command.partition("#")[0].strip(): text for command, text in printed.items()}
    assert "thepaper-1 " in next(text for line, text in output.items() if "口罩 OR 消毒" in line)
    assert "thepaper-2 " not in next(
        text for line, text in output.items() if "口罩 OR 消毒" in line
    )
    assert "thepaper-1 " in next(text for line, text in output.items() if "title:" in line)
    assert output["zhengwen search 疫情 --count-by month"].split() == [
        "month",
        "articles",
        "2020-02",
        "3",
    ]
    assert "春季招聘" in output["zhengwen show thepaper-4150096"]
    assert "thepaper-1" in next(text for line, text in output.items() if "sqlite-utils" in line)
    assert (tmp_path / "package" / "bagit.txt").is_file()


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A copy of this checkout, to be changed; what is compiled of it is good there too."""
    copy = tmp_path / "zhengwen"
    for path in (
        "archive",
        "crawler",
        "tests",
        "benchmarks",
        "docs",
        *(p.name for p in ROOT.glob("[!.]*.*")),
    ):
        if (ROOT / path).is_dir():
            shutil.copytree(ROOT / path, copy / path, ignore=HALF_WRITTEN)
        elif (ROOT / path).is_file():
            shutil.copy(ROOT / path, copy / path)
    activate = copy / ".venv" / "bin" / "activate"
    activate.parent.mkdir(parents=True)
    activate.write_text(f'PATH="{BIN}:$PATH"\n', "utf-8")
    return copy


@pytest.mark.e2e
def test_the_newcomers_way_is_as_contributing_says(checkout: Path) -> None:
    """Sets of tests are only collected here, and what test_project runs is not run again."""
    (description,) = blocks("CONTRIBUTING.md", "toml")
    target = checkout / "my-archive" / "platforms" / "yunxi.toml"
    target.parent.mkdir(parents=True)
    target.write_text(description.text, "utf-8")
    environ = {
        **os.environ,
        "PYTHONPATH": str(checkout),
        "PYTEST_ADDOPTS": "-n0 -p no:cacheprovider",
    }
    commands = []
    for line in runnable("CONTRIBUTING.md"):
        command = line.partition("#")[0].strip()
        if command.startswith("ruff"):
            continue
        if re.match(r"pytest (?!-k)", command):
            command += " --collect-only -q"
        commands.append(f"if {command}; then exit 9; fi" if "# fails" in line else command)

    printed = dict(run(checkout, environ, commands))

    assert "yunxi-1 " in printed["zhengwen search 防汛"]
    assert "云溪县召开全县防汛工作会议" in printed["zhengwen show yunxi-1"]
    (case,) = (checkout / "tests" / "platforms" / "xinmin").glob("*/expected.json")
    (article,) = json.loads(case.read_text("utf-8"))["articles"]
    assert article["title"] == "云溪县召开全县防汛工作会议"


def runnable(document: str) -> list[str]:
    """The commands of a document that need no network, in its order."""
    return [command for block in blocks(document, "sh") for command in block.runnable]


def test_both_readmes_have_the_same_commands_and_examples() -> None:
    def bare(document: str) -> list[list[str]]:
        return [
            [line.partition("#")[0].rstrip() for line in block.text.splitlines()]
            for language in ("text", "sh", "python", "toml")
            for block in blocks(document, language)
        ]

    assert bare(README) == bare(CHINESE)
    english, chinese = ((ROOT / name).read_text("utf-8") for name in (README, CHINESE))
    assert english.count("\n## ") == chinese.count("\n## ")
    links = [set(re.findall(r"\]\(([^)]+)\)", text)) for text in (english, chinese)]
    assert links[0] ^ links[1] == {README, CHINESE}


def test_the_readmes_are_short() -> None:
    for name in (README, CHINESE):
        assert len((ROOT / name).read_text("utf-8").splitlines()) <= 120


@pytest.mark.e2e
def test_the_readme_shows_the_output_of_the_demo(demo: tuple[Path, str]) -> None:
    (shown,) = blocks(README, "text")

    for part in re.split(r"\n\n(?=\$ )", shown.text.strip()):
        assert TIME.sub("TIME", part) in TIME.sub("TIME", demo[1])


@pytest.mark.e2e
@pytest.mark.parametrize("document", [README, "docs/python.md"])
def test_every_block_of_python_runs(document: str, demo: tuple[Path, str], tmp_path: Path) -> None:
    shutil.copytree(demo[0] / "zhengwen-demo", tmp_path / "my-archive")
    (tmp_path / "page.html").write_text(answer("/article/1001")[2], "utf-8")
    program = "\n".join(block.text for block in blocks(document, "python"))
    done = subprocess.run(
        [sys.executable, "-c", program],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
    )

    assert done.returncode == 0, done.stderr
    assert "demo-1001" in done.stdout


def test_the_projects_own_citation_is_valid() -> None:
    schema = json.loads((ROOT / "tests" / "rigs" / "schemas" / "cff-1.2.0.json").read_text("utf-8"))
    citation = yaml.load((ROOT / "CITATION.cff").read_text("utf-8"), yaml.BaseLoader)
    jsonschema.validate(citation, schema, format_checker=jsonschema.FormatChecker())
    assert f"version = {citation['version']}\n" in (ROOT / "setup.cfg").read_text("utf-8")
    newest = re.search(
        r"^## \[(\d[\d.]*)\] - (\S+)$", (ROOT / "CHANGELOG.md").read_text("utf-8"), re.M
    )
    assert newest and newest.groups() == (citation["version"], citation["date-released"])


@pytest.mark.e2e
def test_cffconvert_takes_the_projects_own_citation() -> None:
    check(apart("cffconvert", "cffconvert"), "--validate", "-i", str(ROOT / "CITATION.cff"))
