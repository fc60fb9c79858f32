"""The reading room as a plugin of Datasette, of 0.65 and of 1.0: routes of its own, and nothing of
Datasette's templates, JSON or permissions."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl
from weakref import WeakKeyDictionary

from archive.room import routes, working
from archive.room.answer import Answer
from archive.room.asked import LANGUAGES, Asked, language_of, values_of
from archive.room.hosts import REFUSED, is_own_host

NAME = "zhengwen"  # of the plugin, in Datasette's configuration
COLLECTION = "collection"  # in it: the folder of one, of which Datasette has no database
PREFIX = "room"
METHODS = ("GET", "HEAD")
MOST_FIELDS = 50  # of a query


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """How the room is served: the names of hosts that it answers to besides those of this machine,
    and the origin on which pages are replayed."""

    hosts: tuple[str, ...] = ()
    replay: str | None = None


_settings: WeakKeyDictionary[Any, Settings] = WeakKeyDictionary()


def configure(datasette: Any, settings: Settings) -> None:
    """Say how the room of a Datasette is served, before its routes are asked for."""
    _settings[datasette] = settings


def settings_of(datasette: Any) -> Settings:
    """How the room is served: as `configure` says, else as the plugin's configuration does, whose
    `hosts` is a list of names."""
    given = (datasette.plugin_config(NAME) or {}).get("hosts", [])
    return _settings.get(datasette) or Settings(hosts=tuple(map(str, given)))


def register(datasette: Any) -> list[tuple[str, Callable[..., Awaitable[Any]]]]:
    """The routes of the room; none where no database of this Datasette is an archive's."""
    folder = folder_of(datasette)
    if folder is None:
        return []

    async def room(request: Any, datasette: Any) -> Any:
        return await _answered(folder, request, datasette)

    return [(rf"^/{PREFIX}(?P<rest>/.*)?$", room)]


def folder_of(datasette: Any) -> Path | None:
    """The folder of the collection that the plugin's configuration names, else of the first
    database that is called `archive.db`."""
    named = (datasette.plugin_config(NAME) or {}).get(COLLECTION)
    if isinstance(named, str):
        return Path(named)
    paths = (Path(database.path) for database in datasette.databases.values() if database.path)
    return next((path.parent for path in paths if path.name == "archive.db"), None)


def menu(datasette: Any) -> list[dict[str, str]]:
    """The link to the room in Datasette's own menu."""
    if folder_of(datasette) is None:
        return []
    return [{"href": datasette.urls.path(f"/{PREFIX}/"), "label": "Reading room 阅览室"}]


async def _answered(folder: Path, request: Any, datasette: Any) -> Any:
    from datasette.utils.asgi import Response

    settings = settings_of(datasette)
    if not is_own_host(request.headers.get("host", ""), settings.hosts):
        return Response.text(REFUSED, status=421)
    if request.method not in METHODS:
        return Response.text("The reading room only reads.", status=405)
    if request.query_string.count("&") >= MOST_FIELDS:
        return Response.text("The address has more values than any page takes.", status=400)
    asked = _asked(request, datasette, settings)
    if request.url_vars["rest"] is None:
        return Response.redirect(asked.link(""))
    # A program waits for what it asked for; a person is informed that it is being made.
    is_person = "text/html" in request.headers.get("accept", "")
    answer = await working.wait_for(
        (folder, repr(asked)),
        lambda: routes.answer(folder, asked),
        working.PATIENCE if is_person else None,
    )
    return _response(answer or routes.waiting(asked), is_head=request.method == "HEAD")


def _asked(request: Any, datasette: Any, settings: Settings) -> Asked:
    values = values_of(parse_qsl(request.query_string, errors="replace"))
    chosen = next((name for name in LANGUAGES if name == values.get("lang")), None)
    return Asked(
        root=str(datasette.urls.path(f"/{PREFIX}")),
        path=(request.url_vars["rest"] or "/")[1:],
        values=values,
        query=request.query_string,
        language=chosen or language_of(request.headers.get("accept-language", "")),
        chosen=chosen,
        replay=settings.replay,
        site=f"{request.scheme}://{request.host}",
        moment=request.headers.get("accept-datetime"),
    )


def _response(answer: Answer, *, is_head: bool) -> Any:
    from datasette.utils.asgi import Response

    return Response(
        b"" if is_head else answer.body,
        status=answer.status,
        headers=answer.all_headers,
        content_type=answer.content_type,
    )
