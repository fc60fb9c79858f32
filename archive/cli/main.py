"""The program's commands: which there are, and how an error becomes a sentence and an exit code.

A command is a file of its own, imported when it is typed: `zhengwen search` need not wait for what
`zhengwen export` imports.
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
from archive.cli.stopping import run
from archive.errors import ArchiveError
from archive.escaping import for_terminal
from archive.folder import archive_dir

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


@click.group(cls=Program, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="zhengwen")
@click.option(
    "--archive",
    "folder",
    type=click.Path(path_type=Path),
    help="Folder of the archive [default: $ZHENGWEN_ARCHIVE or .].",
)
@click.pass_context
def cli(context: click.Context, folder: Path | None) -> None:
    """Zhengwen archives what Chinese government accounts publish on news platforms."""
    context.obj = archive_dir(folder)


# The sentences are those of the commands themselves; a test compares them.
cli.add_lazily(
    LazyCommand(
        "evict",
        "archive.cli.storage",
        "Delete the WARC files of SHARD here; from then on they are read from S3.",
    ),
    LazyCommand(
        "export",
        "archive.cli.export",
        "Make DEST: a folder to hand over, with data, evidence, descriptions and a checksum of "
        "every file.",
    ),
    LazyCommand(
        "extract",
        "archive.cli.extract",
        "Print the article of one page as JSON; no archive is needed. Exit code 1 if the page "
        "holds none.",
    ),
    LazyCommand(
        "follow",
        "archive.cli.follow",
        "Follow the accounts of these account pages (adds them to accounts.csv).",
    ),
    LazyCommand(
        "import",
        "archive.cli.import_",
        "Take in web archives of other programs: WARC, ARC and WACZ, record by record.",
    ),
    LazyCommand("index", "archive.cli.index", "Bring archive.db up to date with the WARC files."),
    LazyCommand(
        "mirror",
        "archive.cli.mirror",
        "Bring a search server for many readers in step with the archive.",
    ),
    LazyCommand(
        "news",
        "archive.cli.news",
        "Say what is new, changed, missing, withdrawn and back, with what changed.",
    ),
    LazyCommand(
        "plot", "archive.cli.plot", "Draw a chart, and write the table that it draws next to it."
    ),
    LazyCommand(
        "merge",
        "archive.cli.collection",
        "Make ARCHIVE, one archive, of the shards of COLLECTION, which stays as it is.",
    ),
    LazyCommand(
        "new-platform",
        "archive.cli.new_platform",
        "Begin a platform in a checkout: its file, its fixture folder and a failing test.",
    ),
    LazyCommand(
        "pull",
        "archive.cli.storage",
        "Bring WARC files of SHARD back from S3, where they are missing or damaged here.",
    ),
    LazyCommand(
        "push",
        "archive.cli.storage",
        "Store the WARC files of SHARD, a sealed one, at ADDRESS (s3://BUCKET/PREFIX).",
    ),
    LazyCommand(
        "read-pictures",
        "archive.cli.read_pictures",
        "Read the text in the pictures of articles, of the newest first, so that it can be "
        "searched.",
    ),
    LazyCommand("rebuild", "archive.cli.index", "Make archive.db again from the WARC files alone."),
    LazyCommand(
        "remove",
        "archive.cli.remove",
        "Take an import out again, by a line of the hash chain that says who did it and why.",
    ),
    LazyCommand(
        "save-fixture",
        "archive.cli.save_fixture",
        "Cut the latest capture of a page out of the archive, as a test case of its platform.",
    ),
    LazyCommand(
        "seal",
        "archive.cli.seal",
        "Close SHARD of a collection for good: checked, packed, with a digest of every file.",
    ),
    LazyCommand(
        "search",
        "archive.cli.search",
        "Search title, text and attachments of all articles.",
    ),
    LazyCommand(
        "serve",
        "archive.cli.serve",
        "Open the reading room: search, read, compare and cite in a browser, offline.",
    ),
    LazyCommand(
        "show",
        "archive.cli.show",
        "Show an article, all its versions, or what changed between them and when it was missing.",
    ),
    LazyCommand("sign", "archive.cli.sign", "Sign the hash chain of the archive as it is now."),
    LazyCommand(
        "split",
        "archive.cli.collection",
        "Make COLLECTION of ARCHIVE: a folder of archives that are read as one.",
    ),
    LazyCommand(
        "status",
        "archive.cli.status",
        "Say what is followed, what the last crawl saw of each account, and what is wrong. Exit "
        "code 3 if something is.",
    ),
    LazyCommand(
        "unseal",
        "archive.cli.seal",
        "Open a sealed SHARD again, by a line of its hash chain that says why.",
    ),
    LazyCommand(
        "verify",
        "archive.cli.verify",
        "Check every byte of an archive: WARC files, hash chain, database, full-text index. Exit "
        "code 3 if something is wrong.",
    ),
)


def main() -> None:
    """The program `python -m archive`."""
    run(cli, "python -m archive")
