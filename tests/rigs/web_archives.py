"""Web archives as other programs make them, around one article of The Paper and a picture of it."""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import struct
import zipfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import zstandard
from fastwarc.warc import ArchiveIterator as FastIterator
from warcio.archiveiterator import ArchiveIterator

from archive.warc.digests import digest
from tests.standin.pages import Story, next_page

STORY = Story(5_700_001, "外来的通告", ["全县防汛工作会议召开。", "会议要求各单位落实责任。"])
URL = "https://www.thepaper.cn/newsDetail_forward_5700001"
PICTURE_URL = "https://imgpai.thepaper.cn/newpai/image/1.png"
PAGE = next_page(STORY)
PICTURE = b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 40 + b"WARC/1.0 in a picture\r\n\r\n\r\nWARC/"
MOMENT = "2016-03-01T08:00:00Z"


def answer(body: bytes, content_type: str, *lines: bytes) -> bytes:
    """An answer of a server, with a head that no program would write again in the same way."""
    head = [
        b"HTTP/1.1 200 \xe6\xad\xa3\xe5\xb8\xb8",
        b"content-TYPE:   " + content_type.encode(),
        b"X-No-Colon",
        b"Content-Length: %d" % len(body),
        *lines,
    ]
    return b"\r\n".join(head) + b"\r\n\r\n" + body


def record(
    kind: str, url: str, block: bytes, number: int, content_type: str, version: str = "1.0"
) -> bytes:
    """A WARC record with its end."""
    lines = [
        f"WARC/{version}",
        f"WARC-Type: {kind}",
        f"WARC-Record-ID: <urn:uuid:00000000-0000-4000-8000-{number:012d}>",
        f"WARC-Date: {MOMENT}",
        *([f"WARC-Target-URI: {url}"] if url else []),
        f"Content-Type: {content_type}",
        f"WARC-Block-Digest: {digest(block)}",
        f"Content-Length: {len(block)}",
    ]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + block + b"\r\n\r\n"


RESPONSE = "application/http; msgtype=response"
PAGE_BLOCK = answer(PAGE, "text/html; charset=utf-8")
PICTURE_BLOCK = answer(PICTURE, "image/png")
REQUEST_BLOCK = b"GET /newsDetail_forward_5700001 HTTP/1.1\r\nHost: www.thepaper.cn\r\n\r\n"


def records(version: str = "1.0") -> list[bytes]:
    """The records of one file: what it is, a page with its request, a picture."""
    info = b"software: Heritrix/3.4\r\nformat: WARC File Format 1.0\r\n"
    return [
        record("warcinfo", "", info, 1, "application/warc-fields", version),
        record("response", URL, PAGE_BLOCK, 2, RESPONSE, version),
        record("request", URL, REQUEST_BLOCK, 3, "application/http; msgtype=request", version),
        record("response", PICTURE_URL, PICTURE_BLOCK, 4, RESPONSE, version),
    ]


def in_members(parts: Sequence[bytes]) -> bytes:
    """A gzip member for each part."""
    return b"".join(gzip.compress(part, 6) for part in parts)


def in_slices(data: bytes, size: int = 999) -> bytes:
    """Gzip members that end anywhere, as of `bgzip` and of a writer that flushes by size."""
    slices = [data[start : start + size] for start in range(0, len(data), size)]
    return in_members([*slices, b""])


def zst_with_dictionary(parts: Sequence[bytes], *, is_packed: bool = False) -> bytes:
    """A `.warc.zst` with a dictionary in front, as the ArchiveTeam's programs write it."""
    samples = [part[start : start + 200] for part in parts for start in range(0, len(part), 50)]
    dictionary = zstandard.train_dictionary(2048, samples)
    words = dictionary.as_bytes()
    if is_packed:
        words = zstandard.ZstdCompressor().compress(words)
    packer = zstandard.ZstdCompressor(dict_data=dictionary)
    frames = [packer.compress(part) for part in parts]
    return struct.pack("<4sI", b"\x5d\x2a\x4d\x18", len(words)) + words + b"".join(frames)


def arc_records(version: int = 1) -> list[bytes]:
    """The records of an ARC file."""
    names = b"URL IP-address Archive-date Content-type Archive-length\n"
    about = b"%d 0 Heritrix\n" % version + names
    first = b"filedesc://old-00000.arc 0.0.0.0 20160301080000 text/plain "
    more = b"200 checksum - %d old.arc " if version == 2 else b""
    about_more = b"200 - - 0 old.arc " if version == 2 else b""
    parts = [first + about_more + b"%d\n" % len(about) + about]
    pages = (
        (URL, b"text/html; charset=utf-8", PAGE_BLOCK),
        (PICTURE_URL, b"image/png", PICTURE_BLOCK),
        (
            "dns:www.thepaper.cn",
            b"text/dns",
            b"20160301080000\nwww.thepaper.cn. 60 IN A 192.0.2.7\n",
        ),
        (URL + " with a blank", b"no-type", b"no head at all"),
    )
    for number, (url, media_type, block) in enumerate(pages):
        words = b"%s 192.0.2.7 20160301080000 %s " % (url.encode(), media_type)
        place = more % number if version == 2 else b""
        parts.append(words + place + b"%d\n" % len(block) + block)
    return [part + b"\n" for part in parts]


ARC_BLOCKS = [PAGE_BLOCK, PICTURE_BLOCK]


def wacz(
    files: Mapping[str, bytes],
    *,
    change: Callable[[dict[str, object]], None] = lambda package: None,
    compression: int = zipfile.ZIP_STORED,
    profile: str = "data-package",
) -> bytes:
    """A WACZ with these files, and the package that names them with their digests."""
    resources = [
        {
            "name": Path(path).name,
            "path": path,
            "hash": f"sha256:{hashlib.sha256(data).hexdigest()}",
            "bytes": len(data),
        }
        for path, data in files.items()
    ]
    package: dict[str, object] = {
        "profile": profile,
        "wacz_version": "1.1.1",
        "title": "防汛专题",
        "resources": resources,
    }
    change(package)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", compression) as target:
        for path, data in files.items():
            target.writestr(path, data)
        target.writestr("datapackage.json", json.dumps(package, ensure_ascii=False))
    return out.getvalue()


PAGES = (
    '{"format":"json-pages-1.0","id":"pages","title":"All Pages"}\n'
    f'{{"url":"{URL}","title":"外来的通告","ts":"{MOMENT}"}}\n'
).encode()


def usual_wacz(**options: object) -> bytes:
    """A WACZ with a WARC file, an index and a page list."""
    files = {
        "archive/data.warc.gz": in_members(records()),
        "indexes/index.cdx.gz": gzip.compress(b"cn,thepaper)/ 20160301080000 {}\n"),
        "pages/pages.jsonl": PAGES,
    }
    return wacz(files, **options)  # type: ignore[arg-type]  # passed on


def blocks_by_warcio(data: bytes) -> list[tuple[str, str | None, bytes]]:
    """Type, address and block of each record, by a reader that is not ours."""
    stream = ArchiveIterator(io.BytesIO(data), no_record_parse=True, arc2warc=True)
    return [
        (each.rec_type, each.rec_headers.get_header("WARC-Target-URI"), each.raw_stream.read())
        for each in stream
    ]


def blocks_by_fastwarc(data: bytes) -> list[tuple[str, str | None, bytes]]:
    """The same by another one."""
    return [
        (
            each.headers.get("WARC-Type"),
            each.headers.get("WARC-Target-URI"),
            each.reader.read(),
        )
        for each in FastIterator(io.BytesIO(data), parse_http=False)
    ]


def imported_bytes(folder: Path) -> bytes:
    """All files of imports of an archive, in order, without the record that each begins with."""
    out = b""
    for path in sorted((folder / "warc").glob("import-*.warc.gz")):
        data = path.read_bytes()
        out += data[_first_member(data) :]
    return out


def _first_member(data: bytes) -> int:
    import zlib

    unpacker = zlib.decompressobj(31)
    unpacker.decompress(data)
    return len(data) - len(unpacker.unused_data)
