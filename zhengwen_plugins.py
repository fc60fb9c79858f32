"""The plugins of sqlite-utils and Datasette, which let their own search take queries of any length
on an archive's database, and leave every other database alone. Datasette shows the reading room of
an archive too, at `/room/`.

Both programs load this file by its entry point wherever they are started, on whatever database. So
it has a name of its own, at the top level: the package `archive` may be hidden by a file of that
name in the current folder. It imports only what both programs bring, takes our package from where
it is itself and not from the current folder, and whatever fails leaves the program as it is.
"""

from __future__ import annotations

import importlib
import os
import re
import sqlite3
import sys
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from functools import wraps
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from typing import Any

import click
import pluggy

HOME = Path(__file__).resolve().parent
PARSER = Path("search", "parser.py")  # is in our package and in no other that is called `archive`
INDEXES = "SELECT sql FROM sqlite_master WHERE sql LIKE '%VIRTUAL TABLE%USING FTS%'"
# in our full-text indexes
MARK = re.compile('content="(articles|media_text|attachment_text)" by zhengwen')
TABLES = ("articles", "media_text", "attachment_text")
NOTHING = '"\ue006"'  # a query that finds nothing in an index of ours
AS_IT_IS = "zhengwen: the query is searched for as it is, and may find less ({})."
NO_ROOM = "zhengwen: there is no reading room ({})."
ARCHIVE = "archive.db"

for_sqlite_utils = pluggy.HookimplMarker("sqlite_utils")
for_datasette = pluggy.HookimplMarker("datasette")


class NoQuery(Exception):
    """What was typed is no query; the message says why."""


@for_sqlite_utils
def register_commands(cli: click.Group) -> None:
    """Wrap `sqlite-utils search`: the query is rewritten where the table is ours."""
    command = getattr(cli, "commands", {}).get("search")
    search = getattr(command, "callback", None)
    if command is None or search is None:
        return

    @wraps(search)
    def rewriting(**given: Any) -> Any:
        return search(**{**given, **_rewritten(given)})

    command.callback = rewriting


def _rewritten(given: dict[str, Any]) -> dict[str, Any]:
    """What `search` is to be called with in another way; nothing where the table is not ours."""
    try:
        if given["dbtable"] not in TABLES or not _is_ours_at(Path(given["path"])):
            return {}
        return {"q": _fts_query(given["q"], is_phrase=given["quote"]), "quote": False}
    except NoQuery as error:
        raise click.ClickException(str(error)) from error
    except Exception as error:  # a program of others goes on whatever fails here
        click.echo(AS_IT_IS.format(type(error).__name__), err=True)
        return {}


def _is_ours_at(path: Path) -> bool:
    if not path.is_file():
        return False
    with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as connection:
        return _is_ours(connection)


def _is_ours(connection: sqlite3.Connection, *, alone: bool = False) -> bool:
    """Whether the database has full-text indexes of ours; `alone`: and no others."""
    try:
        indexes = [str(row[0]) for row in connection.execute(INDEXES)]
    except (sqlite3.Error, UnicodeDecodeError):
        return False  # what is wrong with the file the program itself says
    are_ours = [MARK.search(sql) is not None for sql in indexes]
    return all(are_ours) and bool(are_ours) if alone else any(are_ours)


@for_datasette(trylast=True)
def prepare_connection(conn: sqlite3.Connection) -> None:
    """Put our rewriting in the place of Datasette's quoting.

    Datasette asks `escape_fts(:search)` of SQL, for whatever table is searched. So the function is
    ours only in a database whose full-text indexes are all ours.
    """
    try:
        if _is_ours(conn, alone=True):
            conn.create_function("escape_fts", 1, _escape_of(_fts_parser()))
    except Exception as error:  # a program of others goes on whatever fails here
        click.echo(AS_IT_IS.format(type(error).__name__), err=True)


@for_datasette
def register_routes(datasette: Any) -> list[tuple[str, Callable[..., Any]]]:
    """The pages of the reading room, where one of the databases is an archive's."""
    room = _room_of(datasette)
    return room.register(datasette) if room else []


@for_datasette
def menu_links(datasette: Any) -> list[dict[str, str]]:
    """The link to the reading room in Datasette's menu."""
    room = _room_of(datasette)
    return room.menu(datasette) if room else []


def _room_of(datasette: Any) -> Any:
    """The module `archive.room.plugin` of ours; None where no database is an archive's and no
    collection is named, or it cannot be had."""
    try:
        paths = [Path(each.path) for each in datasette.databases.values() if each.path]
        has_archive = any(path.name == ARCHIVE and _is_ours_at(path) for path in paths)
        if not has_archive and "collection" not in (datasette.plugin_config("zhengwen") or {}):
            return None
        with _without_current_folder():
            _fts_parser()
            return importlib.import_module("archive.room.plugin")
    except ImportError:
        return None  # the extra `room` is not installed
    except Exception as error:  # a program of others goes on whatever fails here
        click.echo(NO_ROOM.format(type(error).__name__), err=True)
        return None


def _escape_of(parser: Any) -> Callable[[str], str]:
    def escape(query: str) -> str:
        """The query for the index; what cannot be searched for finds nothing, because an SQL
        function has no better way to say it."""
        with _without_current_folder():
            try:
                return str(parser.fts_query(query))
            except parser.UsageError:
                return NOTHING

    return escape


def _fts_query(query: str, *, is_phrase: bool) -> str:
    """Raises NoQuery for what our parser does not take."""
    parser = _fts_parser()
    with _without_current_folder():
        try:
            return str(parser.fts_query(parser.phrase(query) if is_phrase else query))
        except parser.UsageError as error:
            raise NoQuery(str(error)) from error


def _fts_parser() -> Any:
    """The module `archive.search.parser` of ours. Raises ImportError where it cannot be had."""
    with _without_current_folder():
        package = sys.modules.get("archive") or _loaded()
        file = getattr(package, "__file__", None)
        if not file or not (Path(file).parent / PARSER).is_file():
            raise ImportError("another module is called archive")
        return importlib.import_module("archive.search.parser")


def _loaded() -> Any:
    """Our package `archive`, from where this file is."""
    place = HOME / "archive"
    spec = spec_from_file_location(
        "archive", place / "__init__.py", submodule_search_locations=[str(place)]
    )
    if spec is None or spec.loader is None or not (place / PARSER).is_file():
        raise ImportError(f"there is no package archive in {HOME}")
    package = sys.modules["archive"] = module_from_spec(spec)
    try:
        spec.loader.exec_module(package)
    except BaseException:
        del sys.modules["archive"]
        raise
    return package


@contextmanager
def _without_current_folder() -> Iterator[None]:
    """Imports find nothing in the current folder, which may be anybody's."""
    before, here = sys.path[:], os.path.realpath(os.curdir)
    sys.path[:] = [path for path in before if path and os.path.realpath(path) != here]
    try:
        yield
    finally:
        sys.path[:] = before
