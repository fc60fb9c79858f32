"""Commands are imported when they are typed, and `--help` lists them all without importing one."""

from __future__ import annotations

import inspect
import subprocess
import sys

import click
import pytest
from click.testing import CliRunner

from archive.cli.program import LazyCommand
from crawler.cli import cli

NAMES = sorted(cli.commands)
# What a search may not wait for: each of these takes longer to import than a search to answer.
SLOW = {
    "archive.platforms",
    "archive.index.indexer",
    "archive.handover.export",
    "lxml",
    "numpy",
    "pandas",
    "pyarrow",
    "scrapy",
    "sqlite_utils",
    "tabulate",
    "trafilatura",
    "twisted",
}
IMPORTED = """import json, sys
from crawler.cli import cli
try:
    cli(sys.argv[1:])
finally:
    print(json.dumps(sorted(sys.modules)), file=sys.stderr)
"""


def imported_by(*words: str) -> set[str]:
    """The modules that a command imports."""
    done = subprocess.run(
        [sys.executable, "-c", IMPORTED, *words], capture_output=True, text=True, check=False
    )
    *_, modules = done.stderr.splitlines()
    return set(modules.strip('[]"').split('", "'))


@pytest.mark.parametrize("name", NAMES)
def test_the_list_of_commands_has_the_first_paragraph_of_each_commands_own_help(name: str) -> None:
    listed = cli.commands[name]

    command = cli.get_command(click.Context(cli), name)

    assert command is not None and command.name == name
    first, *_ = inspect.cleandoc(command.help or "").split("\n\n")
    assert isinstance(listed, LazyCommand) and listed.help is not None
    assert listed.help.split() == first.split()


@pytest.mark.e2e
def test_help_lists_every_command_and_imports_none() -> None:
    done = CliRunner().invoke(cli, ["--help"])
    modules = imported_by("--help")

    assert done.exit_code == 0
    listed = [line.split()[0] for line in done.output.partition("Commands:\n")[2].splitlines()]
    assert listed == NAMES
    of_cli = {module for module in modules if module.startswith("archive.cli.")}
    assert of_cli == {
        "archive.cli.main",
        "archive.cli.output",
        "archive.cli.program",
        "archive.cli.stopping",
    }


@pytest.mark.e2e
@pytest.mark.parametrize("words", [["search", "疫情"], ["show", "thepaper-1"], ["search", "-h"]])
def test_reading_imports_nothing_that_only_other_commands_need(words: list[str]) -> None:
    modules = imported_by(*words)

    assert "archive.search.filters" in modules or words[0] == "show"
    assert not modules & SLOW


def test_a_mistyped_command_is_refused_with_a_suggestion() -> None:
    done = CliRunner().invoke(cli, ["serach", "疫情"])

    assert done.exit_code == 2
    assert "search" in done.output


def test_a_module_without_the_command_is_no_quiet_failure() -> None:
    with pytest.raises(TypeError, match=r"archive\.errors\.Busy is no command"):
        LazyCommand("Busy", "archive.errors", "Not a command.").load()
