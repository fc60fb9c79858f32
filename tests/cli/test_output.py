"""What the commands print of hostile titles, names and messages."""

from __future__ import annotations

import json
import logging
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from archive.archive import Archive
from archive.cli.main import cli
from archive.warc import chaining
from crawler.logs import SafeFormatter
from tests.rigs.history import OTHER, STORY, History

STEERING = "\x1b[2J\x1b]0;owned\x07\x9b1m\u202e\u200b\rzhengwen: all well"
TITLE = f"防控通报{STEERING}"
FORGED = "demo-9: forged"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An archive of an article with a hostile title, source and text, which was edited."""
    folder = tmp_path_factory.mktemp("hostile")
    story = replace(
        STORY, title=TITLE, source=f"发布{STEERING}", text=[f"防控工作。{STEERING}", *STORY.text]
    )
    edited = replace(story, title=f"更正{TITLE}", text=[*story.text, f"新增\x1b[31m一段\n{FORGED}"])
    history = History(folder)
    for hour, shown in enumerate((story, edited)):
        history.run(24 * hour, "-", walk=[shown, OTHER], more=[shown])
    (folder / "accounts.csv").write_text(
        f"platform,account_id,name,url\nthepaper,900,{STEERING.partition(chr(13))[0]},https://www.thepaper.cn/gov_900\n",
        "utf-8",
    )
    chaining.extend(folder)
    Archive(folder).index()
    return folder


def run(folder: Path, *words: str) -> Result:
    return CliRunner().invoke(cli, ["--archive", str(folder), *words])


COMMANDS = [
    ["search", "防控"],
    ["search", "防控", "--count-by", "account"],
    ["show", "thepaper-5700001"],
    ["show", "thepaper-5700001", "--versions"],
    ["show", "thepaper-5700001", "--diff"],
    ["show", "thepaper-5700001", "--markdown"],
    ["status"],
    ["rebuild", "--compare"],
]
TYPED = [
    ["show", f"thepaper-1{STEERING}"],
    ["search", "a", "--limit", STEERING],
    ["search", "a", "--since", STEERING],
    ["search", "a", "--status", STEERING],
    [f"--{STEERING}"],
    [STEERING],
    ["verify", "--package", f"/nowhere/{STEERING}\n{FORGED}"],
    ["extract", f"/nowhere/{STEERING}\n{FORGED}"],
    ["follow", f"https://evil.example/{STEERING}"],
]


def is_seen(text: str) -> bool:
    return text.replace("\n", "").replace("\t", "").isprintable()


@pytest.mark.parametrize("words", COMMANDS, ids=" ".join)
@pytest.mark.parametrize("as_json", [False, True], ids=["text", "json"])
def test_no_command_lets_a_terminal_be_steered(
    folder: Path, words: list[str], as_json: bool
) -> None:
    done = run(folder, *words, *(["--json"] if as_json else []))

    assert done.exit_code in (0, 3), done.output
    assert is_seen(done.output)
    if as_json:
        for line in done.stdout.splitlines():
            json.loads(line)


def test_the_title_is_there_and_its_characters_are_named(folder: Path) -> None:
    assert "防控通报\\x1b[2J" in run(folder, "search", "防控").output
    (line,) = run(folder, "show", "thepaper-5700001", "--json").stdout.splitlines()
    assert json.loads(line)["title"] == Archive(folder).article("thepaper-5700001").title
    assert "\u202e" in json.loads(line)["title"] and "\\u202e" in line


@pytest.mark.parametrize("words", TYPED, ids=range(len(TYPED)))
def test_no_message_lets_a_terminal_be_steered(folder: Path, words: list[str]) -> None:
    done = run(folder, *words)

    assert done.exit_code in (1, 2) and done.output
    assert is_seen(done.output)
    assert FORGED not in done.output.splitlines()


def record(message: str, *arguments: object, error: bool = False) -> logging.LogRecord:
    information = None
    if error:
        try:
            raise ValueError(message % arguments)
        except ValueError:
            information = sys.exc_info()
    return logging.LogRecord("x", logging.ERROR, "x.py", 1, message, arguments, information)


@pytest.fixture(params=["\n", "\r\n", "\r", "\x0b", "\x85", "\u2028", "\x1b[1A"])
def breaking(request: pytest.FixtureRequest) -> Iterator[str]:
    """What a program takes for the end of a line, or goes to another with."""
    yield request.param


def test_no_address_begins_a_line_of_the_log(breaking: str) -> None:
    shown = SafeFormatter("%(levelname)s %(message)s").format(
        record("asked %s", f"/a{breaking}ERROR forged")
    )

    assert shown.splitlines() == [shown] and shown.isprintable()


def test_a_traceback_stays_lines_and_is_seen(breaking: str) -> None:
    shown = SafeFormatter("%(levelname)s %(message)s").format(
        record("bad %s", f"{breaking}\x1b[2J\u202e", error=True)
    )

    assert len(shown.splitlines()) > 2 and is_seen(shown)
