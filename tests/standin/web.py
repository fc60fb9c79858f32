"""A complete web behind one loopback proxy: CONNECT with TLS under the tests' own authority, and plain proxied HTTP."""

from __future__ import annotations

import contextlib
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import trustme


@dataclass(frozen=True)
class Request:
    """One request as the server got it. `at`: when its first bytes came."""

    at: float
    method: str
    url: str
    headers: dict[str, str]
    body: bytes
    raw: bytes

    @property
    def host(self) -> str:
        return urlsplit(self.url).hostname or ""

    @property
    def path(self) -> str:
        return urlsplit(self.url).path


@dataclass(frozen=True)
class Reply:
    """One answer. `raw` is sent as it is; `cut` ends the connection after so many bytes; `delay` before it and `linger` before its close are in seconds."""

    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""
    raw: bytes | None = None
    cut: int | None = None
    delay: float = 0.0
    close: bool = False
    linger: float = 0.0
    reason: str = "Said"

    def wire(self, method: str = "GET") -> bytes:
        if self.raw is not None:
            return self.raw
        headers = {
            "Content-Type": "text/html; charset=utf-8",
            **self.headers,
            "Content-Length": str(len(self.body)),
        }
        head = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
        body = b"" if method == "HEAD" else self.body
        return f"HTTP/1.1 {self.status} {self.reason}\r\n{head}\r\n".encode() + body


Site = Callable[[Request], Reply]


class LoopbackWeb:
    """The proxy. `sites` maps a host to its site; `log` holds every request, `answers` the bytes sent for each, `connections` counts them."""

    def __init__(self, directory: Path) -> None:
        self.sites: dict[str, Site] = {}
        self.log: list[Request] = []
        self.answers: list[bytes] = []
        self.authority = trustme.CA()
        self.certificate = directory / "authority.pem"
        self.authority.cert_pem.write_to_path(str(self.certificate))
        self.contexts: dict[str, ssl.SSLContext] = {}
        self.guard = threading.Lock()
        self.open: set[socket.socket] = set()
        self.threads: list[threading.Thread] = []
        self.connections = 0
        self.closed = threading.Event()
        self.listener = socket.create_server(("127.0.0.1", 0), backlog=128)
        self.address = f"http://127.0.0.1:{self.listener.getsockname()[1]}"
        self._start(self._accept)

    def environ(self) -> dict[str, str]:
        """The environment of a program that is to live in this web."""
        proxies = dict.fromkeys(
            ("http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY"), self.address
        )
        state = str(
            self.certificate.parent / "state"
        )  # what crawls owe to hosts: not the user's own
        return {
            **proxies,
            "no_proxy": "",
            "NO_PROXY": "",
            "SSL_CERT_FILE": str(self.certificate),
            "XDG_STATE_HOME": state,
            "ZHENGWEN_CONTACT": "tests@example.org",
        }

    def requests(
        self, method: str | None = None, host: str | None = None, path: str | None = None
    ) -> list[Request]:
        """The requests so far, narrowed down; `path` is a beginning."""
        return [
            entry
            for entry in list(self.log)
            if method in (None, entry.method)
            and host in (None, entry.host)
            and entry.path.startswith(path or "")
        ]

    def forget(self) -> None:
        """Empty the log."""
        with self.guard:
            self.log.clear()
            self.answers.clear()

    def close(self) -> None:
        """Stop listening and end every connection, slow answers too."""
        self.closed.set()
        with contextlib.suppress(OSError):
            self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()
        with self.guard:
            for connection in self.open:
                with contextlib.suppress(OSError):
                    connection.shutdown(socket.SHUT_RDWR)
        for thread in self.threads:
            thread.join(5)

    def _start(self, work: Callable[..., None], *values: object) -> None:
        thread = threading.Thread(target=work, args=values, daemon=True)
        self.threads = [thread for thread in self.threads if thread.is_alive()]
        thread.start()
        self.threads.append(thread)

    def _accept(self) -> None:
        while True:
            try:
                connection, _ = self.listener.accept()
            except OSError:
                return
            self.connections += 1
            self._start(self._serve, connection)

    def _serve(self, connection: socket.socket) -> None:
        try:
            with connection, self._known(connection):
                self._talk(connection)
        except (OSError, ValueError):
            pass  # the client went away, as a killed crawler does

    @contextlib.contextmanager
    def _known(self, connection: socket.socket) -> Iterator[None]:
        """Let `close` end this connection from outside."""
        with self.guard:
            self.open.add(connection)
        try:
            yield
        finally:
            with self.guard:
                self.open.discard(connection)

    def _talk(self, connection: socket.socket) -> None:
        reader = _Reader(connection)
        first = reader.head()
        if not first.startswith(b"CONNECT "):
            self._answer_all(connection, reader, first, "")
            return
        host = first.split(b" ")[1].decode().partition(":")[0]
        if host not in self.sites:
            connection.sendall(b"HTTP/1.1 502 No such host\r\nContent-Length: 0\r\n\r\n")
            return
        connection.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
        # The TLS socket takes the connection over, so it is the one to be ended from outside.
        with (
            self._context(host).wrap_socket(connection, server_side=True) as secure,
            self._known(secure),
        ):
            reader = _Reader(secure)
            self._answer_all(secure, reader, reader.head(), f"https://{host}")

    def _answer_all(
        self, connection: socket.socket, reader: _Reader, head: bytes, base: str
    ) -> None:
        while head:
            request = reader.request(head, base)
            site = self.sites.get(request.host)
            reply = site(request) if site else Reply(502)
            answer = reply.wire(request.method)[: reply.cut]
            with self.guard:
                self.log.append(request)
                self.answers.append(answer)
            self.closed.wait(reply.delay)
            connection.sendall(answer)
            if reply.cut is not None or reply.close:
                self.closed.wait(reply.linger)
                connection.shutdown(socket.SHUT_RDWR)
                return
            head = reader.head()

    def _context(self, host: str) -> ssl.SSLContext:
        with self.guard:
            if host not in self.contexts:
                context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
                self.authority.issue_cert(host).configure_cert(context)
                self.contexts[host] = context
            return self.contexts[host]


class _Reader:
    """Reads requests from a connection."""

    def __init__(self, connection: socket.socket) -> None:
        self.connection = connection
        self.pending = b""
        self.at = 0.0  # when the first bytes of the request came

    def head(self) -> bytes:
        self.at = time.monotonic()
        while b"\r\n\r\n" not in self.pending:
            data = self.connection.recv(65536)
            if not self.pending:
                self.at = time.monotonic()
            if not data:
                return b""
            self.pending += data
        head, _, self.pending = self.pending.partition(b"\r\n\r\n")
        return head + b"\r\n\r\n"

    def request(self, head: bytes, base: str) -> Request:
        lines = head.decode("latin-1").split("\r\n")
        method, target, _ = lines[0].split(" ", 2)
        headers = dict(_fields(lines[1:]))
        body = self._exactly(int(headers.get("content-length", 0)))
        url = target if "://" in target else (base or f"http://{headers.get('host', '')}") + target
        return Request(self.at, method, url, headers, body, head + body)

    def _exactly(self, size: int) -> bytes:
        while len(self.pending) < size:
            data = self.connection.recv(65536)
            if not data:
                raise ValueError("the client left in the middle of its body")
            self.pending += data
        body, self.pending = self.pending[:size], self.pending[size:]
        return body


def _fields(lines: list[str]) -> Iterator[tuple[str, str]]:
    for line in lines:
        name, colon, value = line.partition(":")
        if colon:
            yield name.lower(), value.strip()
