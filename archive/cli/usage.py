"""Wrong usage as one sentence: what was typed, what is wrong with it, and what to type."""

from __future__ import annotations

import re
from pathlib import Path
from typing import IO, Any

import click

from archive.cli.output import complain
from archive.errors import suggestion

EXTRA = re.compile(r"Got unexpected extra arguments? \((?P<typed>.*)\)", re.DOTALL)
WRONG = re.compile(r"(?P<typed>.*) is not (?:a valid|in the range)", re.DOTALL)


class WrongUsage(click.UsageError):
    """Wrong usage that is printed as every other error is."""

    def show(self, file: IO[Any] | None = None) -> None:
        """Print the sentence on standard error."""
        complain(self.message)


def wrong_usage(error: click.UsageError, typed: str = "zhengwen") -> WrongUsage:
    """What click says about a command line, as one sentence that helps.

    Args:
        error: click's own.
        typed: the program and the command, where the error does not know them.
    """
    path = error.ctx.command_path if error.ctx else typed
    return WrongUsage(_sentence(error, error.ctx, f"`{path} --help` says what it takes."))


def no_command(name: str, program: click.Group, context: click.Context) -> click.UsageError:
    """The error for a command that there is not, with the one that was meant."""
    known = suggestion(name, program.list_commands(context))
    path = context.command_path
    return click.UsageError(
        f"There is no command {name}; {known or f'`{path} --help` lists the commands.'}", context
    )


def _sentence(error: click.UsageError, context: click.Context | None, more: str) -> str:
    match error:
        case click.NoSuchOption():
            return _no_option(error.option_name, context, more)
        case click.MissingParameter(param=click.Parameter() as parameter):
            return f"{_name(parameter)} is missing; {more}"
        case click.BadParameter(param=click.Parameter() as parameter):
            return _of_value(parameter, error.message)
    if (extra := EXTRA.match(error.message)) and context:
        return _extra(extra["typed"], context, more)
    message = error.format_message()
    return message if ";" in message else f"{message.rstrip('.')}; {more}"


def _no_option(typed: str, context: click.Context | None, more: str) -> str:
    meant = suggestion(typed, _options(context)) if typed.startswith("--") else ""
    if not meant and context and typed in _options(context.parent):
        program, _, command = context.command_path.rpartition(" ")
        return f"{typed} goes before the command: `{program} {typed} … {command} …`."
    if not meant and context and context.command.name == "search":
        meant = "write NOT before a word that must not be there, as in 疫情 NOT 演练."
    return f"There is no option {typed}; {meant or more}"


def _options(context: click.Context | None) -> list[str]:
    """The long names of the options of a command."""
    parameters = context.command.get_params(context) if context else []
    return [name for each in parameters for name in each.opts if name.startswith("--")]


def _name(parameter: click.Parameter) -> str:
    """As it is typed, or as the usage calls it."""
    if isinstance(parameter, click.Option):
        return max(parameter.opts, key=len)
    return (parameter.metavar or (parameter.name or "").upper()).rstrip(".").strip("[]")


def _of_value(parameter: click.Parameter, message: str) -> str:
    name, kind = _name(parameter), parameter.type
    wrong = WRONG.match(message)
    if isinstance(kind, click.IntRange) and wrong:
        bounds = f"{kind.min} on" if kind.max is None else f"{kind.min} to {kind.max}"
        return f"{name} is {wrong['typed']}; give a number from {bounds}."
    todo = "; give another." if isinstance(kind, click.Path) and ";" not in message else "."
    return f"Invalid value for {name}: {message.rstrip('.')}{todo}"


def _extra(typed: str, context: click.Context, more: str) -> str:
    """About arguments that the command does not take; people name the archive so."""
    program = context.find_root().command_path
    if Path(typed).is_dir():
        command = context.command.name
        return (
            f"{typed} is one argument too many; the archive is named before the command: "
            f"`{program} --archive {typed} {command}`."
        )
    return f"{typed} is more than this command takes; {more}"
