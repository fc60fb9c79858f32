"""The documents that are made of the program are as the program is, and a change of it is seen."""

from __future__ import annotations

import re
import subprocess
import sys

import click
import pytest

from archive.cli.program import EXIT_CODES, LazyCommand, Program
from archive.errors import ArchiveError
from crawler import settings as values
from crawler.cli import cli
from tests.conftest import ROOT
from tests.generated_docs import DOCUMENTS
from tests.generated_docs.command_line import command_line
from tests.generated_docs.settings import settings

SOURCE = (ROOT / "crawler" / "settings.py").read_text("utf-8")


@pytest.mark.parametrize("name", DOCUMENTS)
def test_a_generated_document_is_as_the_program_is(name: str) -> None:
    expected = DOCUMENTS[name]()

    assert (ROOT / name).read_text("utf-8") == expected, (
        "run `python -m tests.generated_docs` and commit what it writes"
    )


def changed(command: click.Command) -> str:
    """docs/cli.md of the program with a command added, or in place of its own."""
    program = Program("zhengwen", params=cli.params, help=cli.help)
    program.commands = {**cli.commands, str(command.name): command}
    return command_line(program)


def test_a_new_command_an_option_and_a_default_change_the_document() -> None:
    before = changed(cli.commands["search"])
    search = cli.get_command(click.Context(cli), "search")
    assert search is not None

    option = click.Option(["--order"], default="relevance", show_default=True, help="Best first.")
    ours = [parameter for parameter in search.params if parameter.name != "order"]
    others = {
        "command": click.Command("frobnicate", help="Do nothing."),
        "option": click.Command("search", params=[*search.params, click.Option(["--fast"])]),
        "default": click.Command("search", params=[*ours, option], help=search.help),
        "help": click.Command("search", params=search.params, help="Find."),
    }

    documents = {kind: changed(command) for kind, command in others.items()}
    assert before not in documents.values()
    assert "## frobnicate" in documents["command"] and "--fast" in documents["option"]
    assert "Best first. \\[default: relevance\\]" in documents["default"]


def test_every_command_and_every_option_is_in_the_document() -> None:
    text = (ROOT / "docs" / "cli.md").read_text("utf-8")

    with click.Context(cli) as context:
        for name in cli.list_commands(context):
            part = text.partition(f"\n## {name}\n")[2].partition("\n## ")[0]
            command = cli.get_command(context, name)
            assert command is not None and not isinstance(command, LazyCommand)
            for parameter in command.params:
                names = parameter.opts if isinstance(parameter, click.Option) else []
                assert all(f"{option}" in part for option in names), (name, parameter.name)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("RETRY_TIMES = 3 ", "RETRY_TIMES = 4 "),
        ("# tries after the first one", "# tries in all"),
        ("OVERLAP_DAYS = 3", "OVERLAP_DAYS_BEFORE = 3"),
        ("# --- politeness ---", "# --- manners ---"),
        ('"file": None,', '"file": "scrapy.core.downloader.handlers.file.FileDownloadHandler",'),
    ],
)
def test_a_changed_setting_changes_the_document(old: str, new: str) -> None:
    assert SOURCE.count(old) == 1

    assert settings(SOURCE.replace(old, new)) != settings(SOURCE)


def test_a_setting_without_a_meaning_is_refused() -> None:
    with pytest.raises(ValueError, match="DEPTH_LIMIT has no comment that says what it means"):
        settings(SOURCE + "DEPTH_LIMIT = 3\n")


def test_every_setting_is_in_the_document() -> None:
    text = (ROOT / "docs" / "settings.md").read_text("utf-8")

    documented = re.findall(r"^\| `([A-Z_]+)` \|", text, re.M)
    assert sorted(documented) == sorted(name for name in vars(values) if name.isupper())


def test_every_exit_code_of_an_error_has_its_meaning() -> None:
    kinds = [ArchiveError]
    for kind in kinds:
        kinds += kind.__subclasses__()

    assert {kind.exit_code for kind in kinds} | {0, 3} == set(EXIT_CODES)


@pytest.mark.e2e
def test_the_module_runs_as_a_program() -> None:
    before = {name: (ROOT / name).read_bytes() for name in DOCUMENTS}

    subprocess.run([sys.executable, "-m", "tests.generated_docs"], cwd=ROOT, check=True)

    assert {name: (ROOT / name).read_bytes() for name in DOCUMENTS} == before
