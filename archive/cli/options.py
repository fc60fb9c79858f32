"""Options that several commands have, each with one meaning and one help text."""

from __future__ import annotations

import os
from collections.abc import Callable
from getpass import getuser
from pathlib import Path
from typing import Any, TypeVar

import click

from archive.cli.types import Day

Command = TypeVar("Command", bound=Callable[..., Any])


def as_json(command: Command) -> Command:
    """`--json`, which every reading command has; passed as `json_`."""
    return click.option("--json", "json_", is_flag=True, help="One JSON value a line.")(command)


def quickly(command: Command) -> Command:
    """`--quick`: a check without the part that takes longest; passed as `quick`."""
    return click.option(
        "--quick",
        is_flag=True,
        help="Do not make the database again from the WARC files to compare the two.",
    )(command)


def of_platform(command: Command) -> Command:
    """`--platform` and `--account`: which articles."""
    command = click.option(
        "--account", help="Only articles of this account (its id, or any name that it has or had)."
    )(command)
    return click.option("--platform", help="Only articles of this platform.")(command)


def of_days(command: Command) -> Command:
    """`--since` and `--until`: the days of publication, both inclusive."""
    command = click.option(
        "--until", type=Day(), help="Only articles published on this day or earlier."
    )(command)
    return click.option(
        "--since", type=Day(), help="Only articles published on this day or later (YYYY-MM-DD)."
    )(command)


def with_settings(help: str) -> Callable[[Command], Command]:
    """`-s NAME=VALUE`, as in Scrapy; passed as `settings`."""
    return click.option("-s", "--set", "settings", multiple=True, metavar="NAME=VALUE", help=help)


def by_operator(command: Command) -> Command:
    """`--operator`: who does what the hash chain is to say."""
    return click.option(
        "--operator",
        help="Who does it [default: the operator that datasheet.toml names, else the user's name].",
    )(command)


def default_operator(folder: Path) -> str:
    """Who does it, where the command line does not say."""
    from archive.handover import operator_file  # not before it is needed

    if named := operator_file.read(folder).package.get("operator"):
        return named
    try:
        return getuser()
    except (KeyError, OSError):
        return f"user {os.getuid()}"  # a container's user has no name
