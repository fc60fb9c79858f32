"""A program of many commands: how each is imported when it is typed, and how an error becomes a
sentence and an exit code.

`zhengwen search` need not wait for what `zhengwen export` imports.
"""

from __future__ import annotations

import os
import sqlite3
import sys
from collections.abc import Callable, Mapping, Sequence
from importlib import import_module
from keyword import iskeyword
from pathlib import Path
from typing import Any

import click

from archive.cli.output import complain
from archive.errors import ArchiveError
from archive.escaping import for_terminal

Fetch = Callable[[str, Path, Sequence[str]], tuple[bytes, str, Mapping[str, str]]]
"""Fetches a URL, for an archive and with `NAME=VALUE` of settings: its body, the URL that it was
redirected to, and the headers of the response."""


PRINTING = ("extract", "news", "search", "show")
"""The commands that have done their work when nobody reads on; the others have not said all."""

EXIT_CODES = {
    0: "all well",
    1: "it failed or was asked to stop, and standard error says which; or `extract`: the page has "
    "no article",
    2: "wrong usage: nothing was done",
    3: "finished, but somebody should look: an account was blocked, silent, changed its format or "
    "could not be reached, `verify` found something, or a file or record could not be read",
    4: "another run holds the archive; nothing was touched",
}
"""What the exit code of every command says, to cron and to scripts."""


class LazyCommand(click.Command):
    """A command's name and first sentence, and where it is.

    Example:
        >>> LazyCommand("show", "archive.cli.show", "Show an article.").load()
        <Command show>
    """

    def __init__(self, name: str, module: str, help: str) -> None:
        """Note a command.

        Args:
            name: what is typed; with "_" for "-" it is the name of the command in its module, and
                one more at the end where Python has the word.
            module: the module to import.
            help: the first paragraph of the command's help, which `zhengwen --help` lists.
        """
        super().__init__(name, help=help)
        self.module = module
        self.attribute = name.replace("-", "_") + ("_" if iskeyword(name) else "")

    def load(self) -> click.Command:
        """Import the command itself.

        Raises:
            TypeError: the module has no command of that name.
        """
        command = getattr(import_module(self.module), self.attribute)
        if not isinstance(command, click.Command):
            raise TypeError(f"{self.module}.{self.attribute} is no command")
        return command


class Program(click.Group):
    """A group that imports a command when it is run or asked for its help.

    It turns the project's own errors into one sentence on standard error and the documented exit
    code. `fetch` is how a page is fetched; None in the program that opens no socket.
    """

    fetch: Fetch | None = None

    def add_lazily(self, *commands: LazyCommand) -> None:
        """Add commands that are imported later."""
        for command in commands:
            self.add_command(command)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of that name, imported now; None where there is none."""
        command = super().get_command(ctx, cmd_name)
        return command.load() if isinstance(command, LazyCommand) else command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """The command that the arguments begin with. Raises UsageError where there is none."""
        if self.get_command(ctx, args[0]) is None:
            from archive.cli.usage import no_command

            raise no_command(args[0], self, ctx)
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the commands and their first sentences without importing them."""
        names = self.list_commands(ctx)
        width = formatter.width - 6 - max(map(len, names))
        with formatter.section("Commands"):
            formatter.write_dl(
                [(name, self.commands[name].get_short_help_str(width)) for name in names]
            )

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command; an error ends it with its exit code."""
        try:
            return super().invoke(ctx)
        except ArchiveError as error:
            complain(error)
            ctx.exit(error.exit_code)
        except BrokenPipeError:
            # Whoever read our output has seen enough, as in `zhengwen search … | head`.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            ctx.exit(0 if ctx.invoked_subcommand in PRINTING else 1)
        except (sqlite3.DatabaseError, OSError) as error:
            if isinstance(error, sqlite3.Error) and not _is_of_the_disk(error):
                complain(
                    f"archive.db is not as this program makes it ({error}); run `zhengwen verify`, "
                    "then `zhengwen rebuild`."
                )
                ctx.exit(1)
            from archive.cli.disk_errors import sentence_of  # not before it is needed: 3 ms

            complain(sentence_of(error, ctx.obj or Path()))
            ctx.exit(1)
        except click.ClickException as error:
            raise _shown(error, f"{ctx.command_path} {ctx.invoked_subcommand or ''}") from None

    def make_context(self, *given: Any, **named: Any) -> click.Context:
        """The context of the program, as click makes it of what was typed."""
        try:
            return super().make_context(*given, **named)
        except click.ClickException as error:
            raise _shown(error) from None


def _is_of_the_disk(error: sqlite3.Error) -> bool:
    """Whether SQLite could not read or write, and not what it read was wrong; Python's own errors
    have no code."""
    code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR) & 0xFF
    return code not in (sqlite3.SQLITE_ERROR, sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)


def _shown(error: click.ClickException, typed: str = "zhengwen") -> click.ClickException:
    """An error of click, which prints it; what was typed, such as the names that a shell found for
    a `*`, is in its message."""
    if isinstance(error, click.exceptions.NoArgsIsHelpError):
        return error
    if isinstance(error, click.UsageError):
        from archive.cli.usage import wrong_usage  # not before something is wrong

        return wrong_usage(error, typed)
    return click.ClickException(for_terminal(error.format_message()))
