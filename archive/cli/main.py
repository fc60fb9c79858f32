"""The commands that need no crawler. Each is a file of its own, imported when it is typed."""

from __future__ import annotations

from pathlib import Path

import click

from archive.cli.program import LazyCommand, Program
from archive.cli.stopping import run
from archive.folder import archive_dir


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
