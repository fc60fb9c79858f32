"""docs/cli.md, from the commands themselves."""

from __future__ import annotations

import inspect
from collections.abc import Iterator

import click

from archive.cli.program import EXIT_CODES, Program
from crawler.cli import cli
from tests.generated_docs.markdown import HEAD, cell, table


def command_line(program: Program = cli) -> str:
    """docs/cli.md: every command with its arguments, options, help and defaults, and the exit
    codes."""
    with click.Context(program, info_name="zhengwen", **program.context_settings) as context:
        names = program.list_commands(context)
        parts = [
            f"# The command line\n\n{HEAD}",
            cell(program.help or "") + "\n",
            _usage(program, context),
            table(("argument or option", "meaning"), _parameters(program, context)),
            "A command is one of " + ", ".join(f"[{name}](#{name})" for name in names) + ".\n",
            "## Exit codes\n",
            table(("code", "meaning"), [(str(code), text) for code, text in EXIT_CODES.items()]),
        ]
        for name in names:
            command = program.get_command(context, name)
            if command is None:
                raise LookupError(f"{name} is listed and not there")
            with click.Context(command, info_name=name, parent=context) as inner:
                parts += _command(name, command, inner)
    return "\n".join(part for part in parts if part)


def _command(name: str, command: click.Command, context: click.Context) -> Iterator[str]:
    yield f"## {name}\n"
    yield _prose(command.help or "")
    yield _usage(command, context)
    yield table(("argument or option", "meaning"), _parameters(command, context))
    if command.epilog:
        yield f"```text\n{command.epilog.removeprefix(chr(8)).strip()}\n```\n"
    if isinstance(command, click.Group):
        for word in command.list_commands(context):
            inner = command.commands[word]
            with click.Context(inner, info_name=word, parent=context) as within:
                yield from _command(f"{name} {word}", inner, within)


def _usage(command: click.Command, context: click.Context) -> str:
    pieces = " ".join(command.collect_usage_pieces(context))
    return f"```text\n{context.command_path} {pieces}\n```\n"


def _parameters(command: click.Command, context: click.Context) -> Iterator[tuple[str, str]]:
    for parameter in command.get_params(context):
        if isinstance(parameter, click.Argument):
            yield f"`{parameter.make_metavar(context)}`", _argument(parameter, context)
        elif record := parameter.get_help_record(context):
            names, meaning = record
            variable = parameter.envvar
            yield f"`{names}`", f"{meaning} [environment: ${variable}]" if variable else meaning


def _argument(argument: click.Argument, context: click.Context) -> str:
    """Whether an argument must be given, and how often it may be."""
    many = argument.nargs == -1
    if argument.required:
        return "one or more" if many else "required"
    return "any number, or none" if many else f"default: {argument.get_default(context)}"


def _prose(text: str) -> str:
    return "\n\n".join(map(cell, inspect.cleandoc(text).split("\n\n"))) + "\n"
