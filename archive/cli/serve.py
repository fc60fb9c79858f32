"""`zhengwen serve`."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import click

from archive.archive import Archive
from archive.cli.of_collection import open_to_read
from archive.cli.output import complain, remark, say
from archive.errors import UsageError

PORT = 8001


@click.command()
@click.argument("place", required=False, type=click.Path(path_type=Path), metavar="[PACKAGE]")
@click.option(
    "--port",
    default=PORT,
    show_default=True,
    type=click.IntRange(0, 65535),
    help="Port of the room; 0: any that is free. Pages as captured are on the next free one.",
)
@click.option("--open", "open_", is_flag=True, help="Open it in the browser.")
@click.option(
    "--base-url",
    default="/",
    metavar="URL",
    help="Where a proxy shows it: a path such as /archive/, or a complete address.",
)
@click.option(
    "--replayweb",
    metavar="FOLDER",
    type=click.Path(path_type=Path),
    help="Show captured pages with their scripts too, by the npm package replaywebpage, unpacked "
    "there.",
)
@click.pass_obj
def serve(
    folder: Path,
    place: Path | None,
    port: int,
    open_: bool,
    base_url: str,
    replayweb: Path | None,
) -> None:
    """Open the reading room: search, read, compare and cite in a browser, offline.

    PACKAGE is the folder of a package that was handed over; without it the archive is shown, or
    the collection, as one archive. It needs `pip install 'zhengwen[room]'`, only reads, and answers
    to this machine alone.
    """
    serve_room = _server()
    shown = _data_of(place or folder)
    _check(shown)

    def ready(address: str) -> None:
        say(address)
        remark("Ctrl-C ends it.")
        if open_:
            click.launch(address)

    serve_room(shown, port=port, base_url=base_url, replayweb=replayweb, ready=ready)


def _check(folder: Path) -> None:
    """Report what is wrong with what is to be shown, before it is."""
    opened = open_to_read(folder)
    with opened:
        if isinstance(opened, Archive):
            opened.check_readable()
        else:
            for each in opened.unreachable:
                complain(each)


def _server() -> Callable[..., None]:
    """What serves a room. Raises UsageError where the extra is not installed."""
    try:
        import uvicorn  # noqa: F401  # Datasette brings it

        from archive.room.serving import serve
    except ImportError as error:
        raise UsageError(
            f"The reading room needs {error.name or 'more packages'}; run "
            "`pip install 'zhengwen[room]'`."
        ) from error
    return serve


def _data_of(place: Path) -> Path:
    """The archive in a package, or the archive itself."""
    is_package = (place / "bagit.txt").is_file() and (place / "data").is_dir()
    return place / "data" if is_package else place
