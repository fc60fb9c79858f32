"""HTTP answers with broken bytes, heads, status lines, charsets, JSON, feeds and addresses in them."""

from __future__ import annotations

import gzip
import json
import random
import re
import zlib
from collections.abc import Callable
from typing import Any

from tests.fuzz import values
from tests.fuzz.hostile import ADDRESSES, CHARSETS, FEEDS, LINES, PIECES, PROLOGS, STATUS

CRLF = b"\r\n"
SCRIPT = re.compile(rb"[=(>]\s*(\{)")
HREF = re.compile(
    rb"((?:href|src|content|url|loc|link)[\"']?\s*[=:>]\s*[\"']?)([^\"'<>]{1,300})", re.I
)
TEXTS = re.compile(rb">([^<>]{2,200})<")
CHARSET = re.compile(rb"((?:charset|encoding)\s*=\s*[\"']?)([\w-]+)", re.I)
NUMBERS = re.compile(rb"\d{1,14}")
LONGEST_LINE = 2**20  # bytes: a line of a head may be made of a long one again and again


def split(block: bytes) -> tuple[bytes, bytes]:
    """Head and body of an HTTP message."""
    head, _, body = block.partition(CRLF + CRLF)
    return head, body


def plain(block: bytes) -> tuple[list[bytes], bytes]:
    """The lines of a head and its body, with gzip undone so that the body may be changed."""
    head, body = split(block)
    lines = head.split(CRLF)
    if any(re.match(rb"content-encoding:\s*gzip", line, re.I) for line in lines):
        body = gzip.decompress(body)
    dropped = (b"content-encoding", b"transfer-encoding", b"content-length")
    return [line for line in lines if not line.lower().startswith(dropped)], body


def mutated(block: bytes, rnd: random.Random) -> bytes:
    """An answer of a fixture, with its body, its head or both changed."""
    lines, body = plain(block)
    way = rnd.random()
    if way < 0.85:
        body = mutated_body(body, rnd)
    if way > 0.75:
        lines = mutated_head(lines, rnd)
    if rnd.random() < 0.15:
        line, body = packed(body, rnd)
        lines.append(line)
    if rnd.random() < 0.8:
        lines.append(b"Content-Length: %d" % max(0, len(body) + rnd.choice([0, 0, 0, 0, -1, 1])))
    end = rnd.choice([CRLF + CRLF] * 12 + [CRLF, b"\n\n", b""])
    return CRLF.join(lines) + end + body


def mutated_body(body: bytes, rnd: random.Random) -> bytes:
    """A body, changed once or twice in a way that suits what it is."""
    for _ in range(rnd.choice([1, 1, 2])):
        body = rnd.choice(BODIES)(body, rnd)
    return body


def mutated_head(lines: list[bytes], rnd: random.Random) -> list[bytes]:
    """Lines of a head, with some added, dropped, doubled or broken."""
    lines = list(lines)
    if rnd.random() < 0.35:
        lines[0] = rnd.choice(STATUS)
    for _ in range(rnd.choice([0, 1, 1, 2, 5])):
        at = rnd.randrange(1, len(lines) + 1)
        choice = rnd.randrange(6)
        if choice < 3:
            lines.insert(at, rnd.choice(LINES))
        elif choice == 3 and len(lines) > 1:
            del lines[rnd.randrange(1, len(lines))]
        elif choice == 4:
            lines.insert(at, (rnd.choice(lines) * rnd.choice([1, 1, 500]))[:LONGEST_LINE])
        else:
            lines = pieces(CRLF.join(lines), rnd).split(CRLF)
    if rnd.random() < 0.03:
        lines += [b"X-%d: y" % n for n in range(5000)]
    return lines


def pieces(source: bytes, rnd: random.Random) -> bytes:
    """Bytes with pieces cut, doubled, moved and put in."""
    data = bytearray(source)
    for _ in range(rnd.randint(1, 12)):
        start = rnd.randrange(len(data) + 1)
        end = min(len(data), start + rnd.randrange(60))
        choice = rnd.randrange(4)
        if choice == 0:
            del data[start:end]
        elif choice == 1:
            data[start:start] = rnd.choice(PIECES) * rnd.choice([1, 1, 1, 50, 3000])
        elif choice == 2:
            data[start:start] = data[end : end + 200]
        else:
            data[start:end] = rnd.randbytes(end - start)
    return bytes(data)


def packed(body: bytes, rnd: random.Random) -> tuple[bytes, bytes]:
    """A header and the body as it says, or not as it says: codings, chunks and bombs."""
    gz = gzip.compress(body, 1, mtime=0)
    bomb = gzip.compress(b"<p>" * 3_000_000, 1, mtime=0)
    chunked = b"%x\r\n" % len(body) + body + b"\r\n0\r\n\r\n"
    return rnd.choice(
        [
            (b"Content-Encoding: gzip", gz),
            (b"Content-Encoding: gzip", gz[: len(gz) // 2]),
            (b"Content-Encoding: gzip", gz + b"rest"),
            (b"Content-Encoding: gzip", gz + gz),
            (b"Content-Encoding: gzip", body),
            (b"Content-Encoding: gzip", b""),
            (b"Content-Encoding: gzip", bomb),
            (b"Content-Encoding: gzip, gzip", gzip.compress(bomb, 1, mtime=0)),
            (b"Content-Encoding: deflate", zlib.compress(body)),
            (b"Content-Encoding: deflate", zlib.compress(body)[2:-4]),
            (b"Content-Encoding: br", gz),
            (b"Content-Encoding: zstd", b"\x28\xb5\x2f\xfd" + gz),
            (b"Transfer-Encoding: chunked", chunked),
            (b"Transfer-Encoding: chunked", b"-1\r\n" + chunked),
            (b"Transfer-Encoding: chunked", b"F" * 300 + b"\r\n" + chunked),
            (b"Transfer-Encoding: chunked", b"1\r\nx\r\n" * 20_000),
            (b"Transfer-Encoding: chunked", chunked[: len(chunked) // 2]),
            (b"Transfer-Encoding: chunked", body),
        ]
    )


def _json(body: bytes, rnd: random.Random) -> bytes:
    """The JSON that a body is, or that a script in it holds."""
    try:
        text = body.decode()
    except UnicodeDecodeError:
        return pieces(body, rnd)
    if (complete := values.text(text, rnd)) is not None:
        return complete.encode("utf-8", "surrogatepass")
    starts = [match.start(1) for match in SCRIPT.finditer(body)]
    rnd.shuffle(starts)
    for start in starts[:5]:
        if changed := _script(body, start, rnd):
            return changed
    return pieces(body, rnd)


def _script(body: bytes, start: int, rnd: random.Random) -> bytes | None:
    text = body[start:].decode("utf-8", "ignore")
    try:
        value, end = json.JSONDecoder(strict=False).raw_decode(text)
    except (ValueError, RecursionError):
        return None
    new = values.dumps(values.mutated(value, rnd))
    return body[:start] + new.encode("utf-8", "surrogatepass") + text[end:].encode()


def _charset(body: bytes, rnd: random.Random) -> bytes:
    """Another declaration, another encoding, or both."""
    name = rnd.choice(CHARSETS)
    if rnd.random() < 0.7:
        label = name.encode()
        declared = CHARSET.sub(lambda match: match[1] + label, body)
        body = declared if declared != body else b"<meta charset='" + label + b"'>" + body
    if rnd.random() < 0.6:
        text = body.decode("utf-8", "replace")
        for coding in (rnd.choice(CHARSETS[:9]), "utf-16"):
            return rnd.choice([b"", b"\xff\xfe", b"\xef\xbb\xbf"]) + text.encode(coding, "replace")
    return body


def _address(body: bytes, rnd: random.Random) -> bytes:
    """Hostile addresses in the place of one or of all."""
    new = rnd.choice(ADDRESSES).encode("utf-8", "surrogatepass")
    return _some(HREF, body, rnd, lambda old: rnd.choice([new, old + new, new + old]))


def _text(body: bytes, rnd: random.Random) -> bytes:
    new: list[Any] = [value for value in values.HOSTILE if type(value) is str]
    text = rnd.choice(new).encode("utf-8", "surrogatepass")
    return _some(TEXTS, body, rnd, lambda old: rnd.choice([text, old + text, text + old]))


def _number(body: bytes, rnd: random.Random) -> bytes:
    new = [
        b"0",
        b"-1",
        b"99",
        b"9" * 19,
        b"9" * 5000,
        b"1e400",
        b"\xef\xbc\x91",
        b"\xc2\xb2",
        b"\xd9\xa1",
        b"13",
        b"00",
    ]
    return _some(NUMBERS, body, rnd, lambda _: rnd.choice(new))


def _some(
    pattern: re.Pattern[bytes], body: bytes, rnd: random.Random, new: Callable[[bytes], bytes]
) -> bytes:
    """The body with the last group of one to all matches replaced."""
    matches = list(pattern.finditer(body))
    few = min(len(matches), rnd.choice([1, 1, 2, 10, 40]))
    for match in sorted(rnd.sample(matches, few), key=lambda match: -match.start()):
        start, end = match.span(match.re.groups)
        body = body[:start] + new(body[start:end])[:200_000] + body[end:]
    return body


def _feed(body: bytes, rnd: random.Random) -> bytes:
    """A feed in the place of the body, or a hostile prolog before it."""
    text = (
        rnd.choice(list(FEEDS.values())) if rnd.random() < 0.8 else body.decode("utf-8", "replace")
    )
    if rnd.random() < 0.5:
        end = text.find("?>") + 2 if text.startswith("<?xml") else 0
        text = text[:end] + rnd.choice(PROLOGS) + text[end:]
    data = text.encode("utf-8", "surrogatepass")
    return rnd.choice([pieces, _address, _text, _number, _charset])(data, rnd)


def _many(body: bytes, rnd: random.Random) -> bytes:
    """A part of the body, often."""
    start = rnd.randrange(len(body) + 1)
    part = body[start : start + rnd.choice([5, 50, 500])]
    return body[:start] + part * rnd.choice([20, 200, 2000]) + body[start:]


def _cut(body: bytes, rnd: random.Random) -> bytes:
    return body[: rnd.randrange(len(body) + 1)]


def _noise(body: bytes, rnd: random.Random) -> bytes:
    return rnd.choice(
        [rnd.randbytes(rnd.randrange(3000)), b"", b"\0" * 5000, b"<" * 20_000, b"<p" * 20_000]
    )


BODIES: list[Callable[[bytes, random.Random], bytes]] = [
    _json, _json, _json, _json, pieces, pieces, pieces, _charset, _charset, _address, _address, _text, _text, _number, _feed, _feed, _many, _cut, _noise,
]  # fmt: skip
