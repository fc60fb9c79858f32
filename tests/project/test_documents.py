"""The documents are true: commands and options exist, what they name is there, texts agree with the
program."""

from __future__ import annotations

import ast
import configparser
import re
import tomllib
from importlib.util import find_spec
from pathlib import Path

import click
import pytest

from archive import platforms
from archive.handover import operator_file
from archive.platforms.kit import toml
from archive.platforms.kit.table import table
from crawler.cli import cli
from tests.conftest import ROOT
from tests.rigs.documents import blocks, documents, words

SHELL = [block for document in documents() for block in blocks(document, "sh")]
LINES = [(block.document, line) for block in SHELL for line in block.commands]
LINK = re.compile(r"\]\((?!https?://|mailto:)([^)#\s]+)?(?:#([^)\s]+))?\)")
FILE = re.compile(r"`((?:archive|crawler|tests|docs|benchmarks)/[a-z_/]+(?:\.\w+)?)`")
MODULE = re.compile(r"python -m ([a-z][\w.]+)")
QUOTED = re.compile(r"^\| `([^|]*)`", re.M)


@pytest.mark.parametrize(("document", "line"), LINES, ids=[f"{d}: {c[:60]}" for d, c in LINES])
def test_commands_and_options_exist(document: str, line: str) -> None:
    for command in words(line):
        if Path(command[0]).name != "zhengwen":
            continue
        arguments = command[1:]
        with click.Context(cli, info_name="zhengwen") as context:
            name = next((word for word in arguments if word in cli.list_commands(context)), None)
            known = {option for parameter in cli.params for option in parameter.opts}
            if name is not None:
                subcommand = cli.get_command(context, name)
                assert subcommand is not None
                known |= {option for parameter in subcommand.params for option in parameter.opts}
        known |= {"--help", "-h", "--version"}
        options = {
            word.partition("=")[0] for word in arguments if word.startswith("-") and word != "-"
        }

        assert name or "--help" in options or "--version" in options, f"{line}: no such command"
        assert options <= known, f"{line}: no option {sorted(options - known)}"


@pytest.mark.parametrize("document", documents())
def test_links_lead_somewhere(document: str) -> None:
    for path, anchor in LINK.findall((ROOT / document).read_text("utf-8")):
        target = (ROOT / document).parent / path if path else ROOT / document
        assert target.exists(), f"{document}: {path}"
        if anchor:
            assert anchor in anchors(target), f"{document}: {path}#{anchor}"


def anchors(document: Path) -> set[str]:
    """The anchors of a document's headings, as GitHub makes them."""
    headings = re.findall(r"^#+ (.*)$", document.read_text("utf-8"), re.M)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("document", documents())
def test_files_and_modules_that_are_named_are_there(document: str) -> None:
    text = (ROOT / document).read_text("utf-8")
    for path in FILE.findall(text):
        assert (ROOT / path).exists(), f"{document}: {path}"
    for module in MODULE.findall(text):
        assert find_spec(module), f"{document}: python -m {module}"


@pytest.mark.parametrize("document", ["README.md", "README.zh.md", "docs/platforms.md"])
def test_descriptions_of_platforms_can_be_used(document: str, tmp_path: Path) -> None:
    described = blocks(document, "toml")
    assert described
    for block in described:
        (tmp_path / "yunxi.toml").write_text(block.text, "utf-8")
        platform = toml.described(toml.read_all(tmp_path)[0])

        address = platform.locate("https://www.yunxi.example/news/12.html")
        assert address and (address.role, address.id) == ("article", "12")
        assert platform.locate("https://www.yunxi.example/rss.xml")


def test_keys_of_descriptions_are_all_explained() -> None:
    text = (ROOT / "docs" / "platforms.md").read_text("utf-8")

    assert all(f"| `{key}` " in text or f"| `[{key}]` " in text for key in toml.KEYS)


def test_the_operators_file_of_the_documents_can_be_read(tmp_path: Path) -> None:
    (block,) = blocks("docs/hand-over.md", "toml")
    (tmp_path / operator_file.NAME).write_text(block.text, "utf-8")

    assert operator_file.read(tmp_path).package == tomllib.loads(block.text)["package"]


def test_the_table_of_platforms_is_theirs() -> None:
    text = (ROOT / "docs" / "platforms.md").read_text("utf-8")
    known = platforms.load()
    assert table(known.values()) in text, f"put in:\n{table(known.values())}"
    undescribed = {name for name, platform in known.items() if not platform.about}
    assert undescribed == {"demo"}


@pytest.mark.parametrize("package", ["archive", "crawler"])
def test_the_architecture_draws_the_floors_that_are_there(package: str) -> None:
    (drawing,) = blocks("docs/architecture.md", "text")
    contract = configparser.ConfigParser()
    contract.read(ROOT / "setup.cfg", "utf-8")
    layers = contract[f"importlinter:contract:{package}"]["layers"]
    floors = [set(line.split(" | ")) for line in layers.split("\n") if line and line != "__main__"]

    part = drawing.text.partition(f"{package}/  ")[2].partition("▼")[0]
    assert [set(names) for names in drawn(part)] == floors


def test_every_dependency_has_its_reason() -> None:
    setup = configparser.ConfigParser()
    setup.read(ROOT / "setup.cfg", "utf-8")
    extras = setup["options.extras_require"]
    needed = "".join([setup["options"]["install_requires"], extras["variants"], extras["handover"]])
    table = (ROOT / "docs" / "architecture.md").read_text("utf-8").partition("## Dependencies")[2]

    rows = " ".join(re.findall(r"^\| (.*?) \|", table, re.M))
    assert set(re.findall(r"^([\w-]+) >=", needed, re.M)) <= set(re.findall(r"[\w-]+", rows))


def drawn(part: str) -> list[list[str]]:
    """The names of each floor in a part of the drawing."""
    return [
        re.split(r", ", names) for names in re.findall(r"^  ([a-z_]+(?:, [a-z_]+)*)  ", part, re.M)
    ]


@pytest.mark.slow
@pytest.mark.parametrize("document", ["docs/troubleshooting.md", "docs/verification.md"])
def test_quoted_messages_are_the_programs(document: str) -> None:
    text = (ROOT / document).read_text("utf-8")
    pieces = [
        piece.strip(" ;,.:()`")
        for message in QUOTED.findall(text)
        for alternative in message.split("`, `")
        for piece in re.split(r"…| \(", alternative)
    ]
    texts = messages()

    assert document != "docs/troubleshooting.md" or len(pieces) > 40
    for piece in filter(None, pieces):
        assert any(piece in text for text in texts), f"{document}: {piece!r} is said nowhere"


def messages() -> list[str]:
    """Every text of the program, with `{}` in place of what is filled in."""
    texts = []
    for package in ("archive", "crawler"):
        for path in (ROOT / package).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text("utf-8"))):
                if isinstance(node, ast.Constant) and isinstance(node.value, str):
                    texts.append(node.value)
                elif isinstance(node, ast.JoinedStr):
                    parts = [
                        part.value if isinstance(part, ast.Constant) else "{}"
                        for part in node.values
                    ]
                    texts.append("".join(map(str, parts)))
    return texts
