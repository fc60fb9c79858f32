"""Serves the reading room of one archive on this machine: Datasette with our plugin on one port,
pages as captured on another."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from archive.errors import ArchiveError, UsageError
from archive.folder import is_collection
from archive.room import limits, plugin, replay, routes, working
from archive.room.asked import Asked
from archive.room.hosts import REFUSED, is_own_host
from archive.room.scripted import Player

if TYPE_CHECKING:
    import uvicorn

SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
THIS_MACHINE = "127.0.0.1"


def serve(
    folder: Path,
    *,
    port: int,
    base_url: str = "/",
    replayweb: Path | None = None,
    ready: Callable[[str], None] = lambda address: None,
) -> None:
    """Serve an archive until it is stopped (SIGINT, SIGTERM).

    Args:
        folder: of the archive, indexed.
        port: for the room; 0: any that is free. Pages as captured are on the next free one.
        base_url: where a proxy shows the room: a path, or a complete address, whose host is then
            one of the room's.
        replayweb: the folder of ReplayWeb.page's files, which then shows captured pages with their
            scripts too.
        ready: called with the room's address once it answers.

    Raises:
        ArchiveError: the port is taken.
        UsageError: `base_url` is no address; `replayweb` has not all files.
    """
    place = urlsplit(base_url)
    if place.path[:1] not in ("", "/") or place.query or place.fragment:
        raise UsageError(
            f"The address {base_url!r} is neither a path, such as /archive/, nor one of the web's."
        )
    if replayweb and is_collection(folder):
        raise UsageError(
            "Pages of a collection are shown without their scripts; leave --replayweb out, or "
            "serve one of its shards."
        )
    path = f"{place.path.rstrip('/')}/"
    player = Player(replayweb) if replayweb else None
    with _listening(port) as own, _listening_after(port) as other:
        hosts = (place.hostname,) if place.hostname else ()
        address = f"http://{THIS_MACHINE}:{_port_of(own)}{path}{plugin.PREFIX}/"
        # a reader elsewhere, behind the proxy, does not reach the other port
        replays = None if place.hostname else f"http://{THIS_MACHINE}:{_port_of(other)}"
        settings = plugin.Settings(hosts=hosts, replay=replays)
        room = application(folder, settings, path)
        applications = [(room, own), (replay.application(folder, player), other)]
        limits.stopping.clear()
        working.begin(folder, lambda: routes.answer(folder, Asked(root=path, path="")))  # to count
        asyncio.run(_serve(applications, lambda: ready(address)))


def application(folder: Path, settings: plugin.Settings, base_path: str = "/") -> Any:
    """Datasette on an archive's database, as an ASGI application whose first page is the room."""
    from datasette.app import Datasette

    datasette = Datasette(**given(folder), settings=_limits(base_path))
    plugin.configure(datasette, settings)
    return _guarded(datasette.app(), settings.hosts, f"{base_path}{plugin.PREFIX}/", base_path)


def given(folder: Path) -> dict[str, Any]:
    """What Datasette is given of an archive: its database. Of a collection no table has all
    articles, and so it has none, and the room alone."""
    if not is_collection(folder):
        return {"files": [str(folder / "archive.db")]}
    named = {plugin.COLLECTION: str(folder.resolve())}
    return {"files": [], "metadata": {"plugins": {plugin.NAME: named}}}


def _limits(base_path: str) -> dict[str, object]:
    """Datasette's settings: no suggestions of facets, which time out on large tables, and no
    download of the database by anybody who can reach the port."""
    return {"base_url": base_path, "suggest_facets": False, "sql_time_limit_ms": 5000}


def _guarded(app: Any, hosts: Sequence[str], room: str, base_path: str) -> Any:
    """The application for requests to this machine alone; `/` leads to the room."""

    async def guarded(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "http":
            host = dict(scope["headers"]).get(b"host", b"").decode("latin-1")
            if not is_own_host(host, hosts):
                await _plain(send, 421, REFUSED.encode())
                return
            if scope["path"] in ("/", base_path):
                await _plain(send, 302, b"", location=room)
                return
        await app(scope, receive, send)

    return guarded


async def _plain(send: Any, status: int, body: bytes, location: str | None = None) -> None:
    headers = [(b"content-type", b"text/plain; charset=utf-8")]
    if location:
        headers.append((b"location", location.encode("ascii", "replace")))
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


@contextmanager
def _listening(port: int) -> Iterator[socket.socket]:
    """A socket of this machine alone. Raises ArchiveError where the port is taken."""
    try:
        bound = socket.create_server((THIS_MACHINE, port))
    except OSError as error:
        raise ArchiveError(
            f"Port {port} cannot be opened ({os.strerror(error.errno or 0)}); give another with "
            "--port."
        ) from error
    with _without_delay(bound):
        yield bound


@contextmanager
def _listening_after(port: int) -> Iterator[socket.socket]:
    """A socket on the port after this one, else on any."""
    try:
        bound = socket.create_server((THIS_MACHINE, port + 1 if port else 0))
    except (OSError, OverflowError):  # it is taken, or there is none: any other will do
        bound = socket.create_server((THIS_MACHINE, 0))
    with _without_delay(bound):
        yield bound


def _without_delay(bound: socket.socket) -> socket.socket:
    """The socket, which sends the end of an answer at once: asyncio sees to it only where a socket
    names its protocol, and an answer in chunks takes 40 ms more otherwise (Nagle's algorithm)."""
    bound.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return bound


def _port_of(bound: socket.socket) -> int:
    return int(bound.getsockname()[1])


async def _serve(
    applications: Sequence[tuple[Any, socket.socket]], ready: Callable[[], None]
) -> None:
    """Run all of them until the program is asked to stop, which is how it ends."""
    servers = [_server(app) for app, _ in applications]

    def stop() -> None:
        limits.stopping.set()
        for server in servers:
            server.should_exit = True

    for number in SIGNALS:
        asyncio.get_running_loop().add_signal_handler(number, stop)
    waiting = asyncio.create_task(_report(servers, ready))
    await asyncio.gather(
        *(
            server.serve(sockets=[bound])
            for server, (_, bound) in zip(servers, applications, strict=True)
        )
    )
    waiting.cancel()


async def _report(servers: Sequence[uvicorn.Server], ready: Callable[[], None]) -> None:
    while not all(server.started for server in servers):
        await asyncio.sleep(0.02)
    ready()


def _server(app: Any) -> uvicorn.Server:
    import uvicorn

    settings = uvicorn.Config(
        app,
        log_level="warning",
        server_header=False,
        date_header=False,
        limit_concurrency=64,
        timeout_keep_alive=5,
        timeout_graceful_shutdown=3,
        forwarded_allow_ips="",
    )
    server = uvicorn.Server(settings)
    server.capture_signals = nullcontext  # type: ignore[assignment,method-assign]  # ours stop all servers
    return server
