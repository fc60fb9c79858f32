"""Awkward answers, each with the block that its WARC record must hold: the bytes of the wire, chunk framing apart."""

from __future__ import annotations

import gzip
import zlib
from dataclasses import dataclass

from tests.standin.web import Reply, Request

TEXT = "疫情就是命令，防控就是责任。\n".encode() * 40
OK = b"HTTP/1.1 200 OK\r\n"
TYPE = b"Content-Type: text/html; charset=utf-8\r\n"


@dataclass(frozen=True)
class Case:
    """What the server sends, and what the record holds: `recorded` None means the same bytes."""

    wire: bytes
    recorded: bytes | None = None
    cut: int | None = None
    close: bool = False
    truncated: str | None = None
    evidence: tuple[str, str] | None = None

    @property
    def block(self) -> bytes:
        return self.wire[: self.cut] if self.recorded is None else self.recorded


def sized(body: bytes, *lines: bytes, status: bytes = OK) -> bytes:
    return (
        status
        + TYPE
        + b"".join(line + b"\r\n" for line in lines)
        + b"Content-Length: %d\r\n\r\n" % len(body)
        + body
    )


def chunked(
    frames: bytes, entity: bytes, *lines: bytes, name: bytes = b"Transfer-Encoding", **more: object
) -> Case:
    head = OK + TYPE + b"".join(line + b"\r\n" for line in lines)
    wire = head + name + b": chunked\r\n\r\n" + frames
    return Case(wire, head + b"X-Archive-Orig-" + name + b": chunked\r\n\r\n" + entity, **more)  # type: ignore[arg-type]


PACKED = gzip.compress(TEXT, mtime=0)
CASES: dict[str, Case] = {
    "plain": Case(sized(TEXT)),
    "empty": Case(sized(b"")),
    "gzip": Case(sized(PACKED, b"Content-Encoding: gzip")),
    "gzip-loud": Case(sized(PACKED, b"Content-Encoding: GZIP")),
    "deflate": Case(sized(zlib.compress(TEXT), b"Content-Encoding: deflate")),
    "not-really-gzip": Case(sized(TEXT, b"Content-Encoding: gzip")),
    "chunked": chunked(b"5\r\nhello\r\n6\r\n world\r\n0\r\n\r\n", b"hello world"),
    "chunk-extensions": chunked(
        b'5;a=b;c="d e"\r\nhello\r\n0A\r\n0123456789\r\n0;last\r\n\r\n', b"hello0123456789"
    ),
    "chunk-trailer": chunked(
        b"5\r\nhello\r\n0\r\nX-Sum: 123\r\n\r\n",
        b"hello",
        evidence=("trailer", "X-Sum: 123\r\n\r\n"),
    ),
    "chunked-gzip": chunked(
        b"%X\r\n" % len(PACKED) + PACKED + b"\r\n0\r\n\r\n", PACKED, b"Content-Encoding: gzip"
    ),
    "chunked-odd-case": chunked(b"5\r\nhello\r\n0\r\n\r\n", b"hello", name=b"transfer-ENCODING"),
    "chunked-cut": chunked(
        b"5\r\nhello\r\n64\r\n wor", b"hello wor", close=True, truncated="disconnect"
    ),
    "odd-headers": Case(
        sized(b"x" * 20, b"x-ODD:no space", b"X-Tab:\ta tab", b"X-Empty:", b"X-Trail: end  ")
    ),
    "folded": Case(sized(b"x" * 20, b"X-Long: one\r\n two\r\n\tthree")),
    "repeated": Case(
        sized(b"x" * 20, b"Set-Cookie: a=1; Path=/", b"X: 1", b"set-cookie: b=2; Path=/")
    ),
    "no-colon": Case(sized(b"x" * 20, b"this line has none")),
    "gbk-header": Case(sized(b"x" * 20, "X-Title: 政府公告".encode("gbk"))),
    "utf8-reason": Case(sized(b"x" * 20, status="HTTP/1.1 200 正常\r\n".encode())),
    "no-reason": Case(sized(b"x" * 20, status=b"HTTP/1.1 200\r\n")),
    "early-hints": Case(
        b"HTTP/1.1 103 Early Hints\r\nLink: </a.css>; rel=preload\r\n\r\n"
        + sized(b"after the hints"),
        sized(b"after the hints"),
        evidence=("interim", "HTTP/1.1 103 Early Hints\r\nLink: </a.css>; rel=preload\r\n\r\n"),
    ),
    "http10": Case(sized(b"old", status=b"HTTP/1.0 200 OK\r\n"), close=True),
    "close-delimited": Case(OK + TYPE + b"Connection: close\r\n\r\n" + TEXT, close=True),
    "cut-body": Case(sized(TEXT), cut=len(sized(TEXT)) - 100, truncated="disconnect"),
    "extra-bytes": Case(
        sized(b"twelve bytes") + b"and more", sized(b"twelve bytes"), evidence=("excess_bytes", "8")
    ),
    "no-content": Case(b"HTTP/1.1 204 No Content\r\nX: y\r\n\r\n"),
    "not-modified": Case(b'HTTP/1.1 304 Not Modified\r\nETag: "1"\r\n\r\n'),
    "moved": Case(
        sized(b"moved", b"Location: /plain", status=b"HTTP/1.1 301 Moved Permanently\r\n")
    ),
    "teapot": Case(sized(b"short and stout", status=b"HTTP/1.1 418 I'm a teapot\r\n")),
    "gb18030": Case(sized("<html>政府公告䶮</html>".encode("gb18030"))),
    "lf-only": Case((OK + TYPE + b"Content-Length: 5\r\n\r\n").replace(b"\r\n", b"\n") + b"hello"),
}


class Awkward:
    """Serves the cases by name; `/busy` answers 429 once and then well."""

    def __init__(self) -> None:
        self.busy = 1

    def __call__(self, request: Request) -> Reply:
        name = request.path.strip("/")
        if name == "robots.txt":
            return Reply(404)
        if name == "busy":
            self.busy -= 1
            return Reply(
                raw=sized(b"later", status=b"HTTP/1.1 429 Too Many Requests\r\n")
                if self.busy >= 0
                else sized(b"now")
            )
        if name == "head":
            return Reply(raw=OK + TYPE + b"Content-Length: 4711\r\n\r\n")
        if name == "echo":
            return Reply(raw=sized(b"got " + request.body))
        if name == "slow":
            return Reply(raw=sized(TEXT), cut=None, delay=5)
        if name.startswith("big"):
            return Reply(
                raw=sized(int(name[3:]) * b"0123456789abcdef" * 65536, b"X-Name: " + name.encode())
            )
        case = CASES[name]
        return Reply(raw=case.wire, cut=case.cut, close=case.close)
