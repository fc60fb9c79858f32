"""What the commands print, and the only place that prints: values as text for a person, in which
every character can be seen, or as JSON on one line for a machine.

A test holds that nothing else in the project writes to standard output or standard error.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable
from dataclasses import asdict
from typing import TYPE_CHECKING

import click

from archive.escaping import for_json, for_terminal

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

CLEAR = "\r\033[K"  # to the start of the terminal's line, and empty it


def say(line: str = "") -> None:
    """Print one line for a person."""
    click.echo(for_terminal(line))


def say_lines(text: str) -> None:
    """Print lines for a person: a text, a table. What is in it as a title, a name or another
    value of one line went through `for_terminal` before."""
    click.echo(for_terminal(text, multiline=True))


def say_json(value: object) -> None:
    """Print a value as JSON on one line."""
    click.echo(for_json(value))


def say_state(
    state: DataclassInstance, lines: Iterable[str], *, json_: bool, is_wrong: bool
) -> None:
    """Print how something is, as JSON or as these lines; exit code 3 where something is wrong."""
    if json_:
        say_json(asdict(state))
    else:
        say_lines("\n".join(lines))
    if is_wrong:
        raise SystemExit(3)


def say_document(text: str) -> None:
    """Print a document, such as a feed, whose own rules say what may be in its lines."""
    click.echo(for_terminal(text, multiline=True), nl=False)


def complain(sentence: object) -> None:
    """Print a sentence, such as an error's, on standard error, after the program's name."""
    click.echo(f"zhengwen: {for_terminal(str(sentence))}", err=True)


def remark(sentence: str) -> None:
    """Print a sentence about what was printed, on standard error, where it disturbs no pipe."""
    click.echo(for_terminal(sentence), err=True)


def somebody_watches() -> bool:
    """Whether standard error is a terminal, and not the mail of cron or a log."""
    return sys.stderr.isatty()


def sum_up(*sentences: str) -> None:
    """Print how a command ended, on standard error where that is a terminal; cron gets nothing."""
    if somebody_watches():
        for sentence in sentences:
            remark(sentence)


def rewrite_line(text: str) -> None:
    """Show how far the work is: the terminal's last line, written anew each time."""
    click.echo(f"{CLEAR}{for_terminal(text)} ", nl=False, err=True)


def end_line() -> None:
    """End a line that was written anew, so that what follows begins a new one."""
    click.echo(err=True)


def clear_line() -> None:
    """Take a progress bar off the terminal before something else is printed."""
    if sys.stderr.isatty():
        click.echo(CLEAR, nl=False, err=True)
