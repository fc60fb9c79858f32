"""Runs the program in processes that need not import it again: most of a short run's cost.

`python -m tests.rigs.warm SOCKET` imports the program once and then forks a process for each call,
with the call's own words, environment, folder and streams. The process does what
`python -m crawler` does from there, and ends as any Python process ends. What a start from nothing
is for (imports, Python's own options) is not tried here: tests of that start the interpreter. All
calls share the server's hash seed; that rows do not depend on it shows in test_kill.py, which
rebuilds in an interpreter of its own.
"""

from __future__ import annotations

import gc
import json
import os
import runpy
import select
import selectors
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from pkgutil import walk_packages
from tempfile import TemporaryDirectory, TemporaryFile
from types import ModuleType
from typing import IO

from scrapy.settings import default_settings

import archive
import crawler
from archive.search import spellings
from tests.rigs.serving import PATIENCE, PAUSE

ROOT = Path(__file__).parents[2]
LIBRARIES = [
    "scrapy.core.engine",
    "scrapy.core.scraper",
    "scrapy.core.downloader.handlers.http11",
    "scrapy.downloadermiddlewares.httpproxy",
    "scrapy.downloadermiddlewares.redirect",
    "scrapy.downloadermiddlewares.retry",
    "twisted.web.client",
    "cryptography.x509",
    "trafilatura",
    "opencc",
    "pyarrow.parquet",
    "cdxj_indexer.main",
    "click._termui_impl",
    "zhengwen_plugins",
]
# Settings of Scrapy that name the classes which every crawl loads, a third of a short one's cost.
LOADED = (
    "DOWNLOADER_MIDDLEWARES_BASE",
    "EXTENSIONS_BASE",
    "SPIDER_MIDDLEWARES_BASE",
    "LOG_FORMATTER",
    "SCHEDULER_MEMORY_QUEUE",
    "SCHEDULER_PRIORITY_QUEUE",
    "STATS_CLASS",
)
REACTOR = "twisted.internet.reactor"  # it must be made by the process that uses it


class WarmPrograms:
    """The caller's side: a server of warm processes, started at the first call."""

    def __init__(self) -> None:
        self.folder = TemporaryDirectory()
        self.path = str(Path(self.folder.name) / "socket")
        self.server: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> WarmPrograms:
        return self

    def __exit__(self, *exc_info: object) -> None:
        if self.server:
            self.server.terminate()
            self.server.wait(180)
        self.folder.cleanup()

    def run(
        self, words: Sequence[str], environ: Mapping[str, str], cwd: Path, timeout: float
    ) -> subprocess.CompletedProcess[str]:
        """`python -m crawler WORDS` in a process of its own; as `subprocess.run`, with its output."""
        return self.start(words, environ, cwd).wait(timeout)

    def start(
        self,
        words: Sequence[str],
        environ: Mapping[str, str],
        cwd: Path,
        terminal: int | None = None,
    ) -> Running:
        """Begin the same, and go on meanwhile.

        Args:
            words: what is typed after `zhengwen`.
            environ: the environment.
            cwd: the current folder.
            terminal: what it writes to in place of two files, as a descriptor.
        """
        connection = self._connected()
        streams = [] if terminal is not None else [TemporaryFile(), TemporaryFile()]  # noqa: SIM115  # live on in Running
        written = [stream.fileno() for stream in streams] or [terminal, terminal]
        call = {"words": list(words), "environ": dict(environ), "cwd": str(cwd)}
        message = json.dumps(call).encode() + b"\n"
        socket.send_fds(connection, [message[:1]], written)
        connection.sendall(message[1:])
        return Running(words, connection, streams)

    def _connected(self) -> socket.socket:
        if self.server is None:
            command = [sys.executable, "-m", "tests.rigs.warm", self.path]
            self.server = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.DEVNULL)
        connection = socket.socket(socket.AF_UNIX)
        for _ in range(round(PATIENCE / PAUSE)):
            try:
                connection.connect(self.path)
            except (FileNotFoundError, ConnectionRefusedError):
                if self.server.poll() is not None:
                    raise
                time.sleep(PAUSE)
            else:
                return connection
        raise TimeoutError("the server of warm processes does not answer")


class Running:
    """A program that was started; `pid` is that of its process."""

    def __init__(
        self, words: Sequence[str], connection: socket.socket, streams: Sequence[IO[bytes]]
    ) -> None:
        self.words, self.connection, self.streams = words, connection, streams
        self.pid = self._number()

    def has_ended(self) -> bool:
        """Whether it is at its end."""
        return bool(select.select([self.connection], [], [], 0)[0])

    def wait(self, timeout: float) -> subprocess.CompletedProcess[str]:
        """Its end, with its output. One that takes longer is killed. Raises TimeoutError."""
        self.connection.settimeout(timeout)
        try:
            code = self._number()
        except TimeoutError:
            os.kill(self.pid, signal.SIGKILL)
            for stream in self.streams:
                stream.close()
            raise
        finally:
            self.connection.close()
        texts = []
        for stream in self.streams:
            with stream:
                stream.seek(0)
                texts.append(stream.read().decode())
        return subprocess.CompletedProcess(["zhengwen", *self.words], code, *texts)

    def _number(self) -> int:
        """The next line of the server, and nothing of the one behind it."""
        line = b""
        while not line.endswith(b"\n"):
            line += self.connection.recv(1)
        return int(line)


@dataclass(frozen=True)
class Call:
    """One call, as its process needs it."""

    words: list[str]
    environ: dict[str, str]
    cwd: str
    output: int
    errors: int


class Server:
    """The other side: one process for all calls, which forks a process for each."""

    def __init__(self, path: str) -> None:
        self.listener = socket.socket(socket.AF_UNIX)
        self.listener.bind(path)
        self.listener.listen()
        self.selector = selectors.DefaultSelector()
        self.selector.register(self.listener, selectors.EVENT_READ)
        self.running: dict[
            int, tuple[int, socket.socket]
        ] = {}  # by a pipe that the process keeps open

    def next_call(self) -> Call:
        """In the process of a call: that call. The server itself never returns."""
        while True:
            for key, _ in self.selector.select():
                if key.fileobj is not self.listener:
                    self._finish(key.fd)
                elif call := self._start():
                    return call

    def _start(self) -> Call | None:
        connection, _ = self.listener.accept()
        first, descriptors, _, _ = socket.recv_fds(connection, 1, 2)
        with connection.makefile("rb") as stream:
            call = json.loads(first + stream.readline())
        ended, alive = os.pipe()  # `alive` is open as long as the process is there
        process = os.fork()
        if process == 0:
            self._forget()
            os.close(ended)
            connection.close()
            return Call(**call, output=descriptors[0], errors=descriptors[1])
        for descriptor in (alive, *descriptors):
            os.close(descriptor)
        connection.sendall(f"{process}\n".encode())
        self.running[ended] = process, connection
        self.selector.register(ended, selectors.EVENT_READ)
        return None

    def _forget(self) -> None:
        """In a new process: leave the server's descriptors to the server."""
        self.listener.close()
        self.selector.close()
        for ended, (_, connection) in self.running.items():
            os.close(ended)
            connection.close()

    def _finish(self, descriptor: int) -> None:
        process, connection = self.running.pop(descriptor)
        self.selector.unregister(descriptor)
        os.close(descriptor)
        status = os.waitstatus_to_exitcode(os.waitpid(process, 0)[1])
        with connection, suppress(BrokenPipeError):  # whoever waited may have given up
            connection.sendall(f"{status}\n".encode())


def _modules(package: ModuleType) -> list[str]:
    """Every module of a package that may be imported without running the program."""
    names = [module.name for module in walk_packages(package.__path__, f"{package.__name__}.")]
    return [name for name in names if not name.endswith(("__main__", "_plugin"))]


def _of_settings() -> set[str]:
    """The modules of the classes that Scrapy loads unless it is asked to do without."""
    named = [getattr(default_settings, name) for name in LOADED]
    paths = [path for value in named for path in ([value] if isinstance(value, str) else value)]
    return {path.rpartition(".")[0] for path in paths}


def main() -> None:
    """The server, and in each process that it forks the program itself."""
    server = Server(sys.argv[1])
    for module in [*_modules(archive), *_modules(crawler), *LIBRARIES, *_of_settings()]:
        import_module(module)
    spellings.variants("疫")  # has read the tables of OpenCC, most of a search's cost
    if REACTOR in sys.modules:
        raise RuntimeError(f"{REACTOR} is imported before there is a process that may use it")
    gc.collect()
    gc.freeze()
    call = server.next_call()
    os.dup2(call.output, 1)
    os.dup2(call.errors, 2)
    os.environ.clear()
    os.environ.update(call.environ)
    os.chdir(call.cwd)
    sys.argv = ["zhengwen", *call.words]
    runpy.run_module("crawler", run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    main()
