"""An archive of one crawl of a site that does not exist, whose articles have given attachments."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path
from urllib.parse import urljoin, urlsplit
from uuid import UUID

from archive.platforms import load
from archive.warc.exchange import Exchange
from archive.warc.writer import WarcWriter
from tests.rigs.handmade import FOOT, GOV_META, MENU, TITLE
from tests.rigs.paged import text_of
from tests.standin.web import Reply

HOST = "http://www.yunxi.gov.cn"
BEGUN = datetime(2031, 3, 1, tzinfo=UTC)


@dataclass(frozen=True, kw_only=True)
class Attached:
    """A document: the address in its article's page, the words of the link, what the server says
    and sends."""

    href: str
    label: str
    data: bytes
    head: bytes = b""  # further lines of the answer's head


@dataclass(frozen=True, kw_only=True)
class Notice:
    """An article: its number, its title, further text, and its attachments."""

    number: int
    title: str = "云溪县召开疫情防控工作会议"
    text: str = ""
    day: int = 2
    files: Sequence[Attached] = ()

    @property
    def url(self) -> str:
        return f"{HOST}/zw/202403/t20240305_{self.number}.html"

    def page(self) -> Reply:
        lines = [*text_of(self.number), *filter(None, [self.text])]
        links = [f"<p><a href='{file.href}'>{file.label}</a></p>" for file in self.files]
        body = "".join([*(f"<p>　　{line}</p>" for line in lines), *links])
        day = f"2020-02-{self.day:02}"
        meta = GOV_META.replace("2020-02-02", day).replace(TITLE, self.title)
        html = (
            f"<!DOCTYPE html><html><head><meta charset='utf-8'><title>{self.title}</title>{meta}"
            f"</head><body>{MENU}<h1>{self.title}</h1><p>{day} 20:52　来源：云溪发布</p>"
            f"<div class='TRS_Editor'>{body}</div>{FOOT}</body></html>"
        )
        return Reply(body=html.encode(), headers={"Content-Type": "text/html; charset=utf-8"})


def crawl(folder: Path, notices: Sequence[Notice], *, run: int = 1) -> None:
    """Add a WARC file as a crawl leaves it, in which each answer has its id from its place."""
    at = BEGUN + timedelta(days=run)
    ids = iter(range(run * 10_000, run * 10_000 + 10_000))
    writer = WarcWriter(
        folder / "warc",
        prefix=f"{run:03d}",
        info={"software": "zhengwen", "isPartOf": f"run-{run}"},
        now=lambda: at,
        new_id=lambda: f"urn:uuid:{UUID(int=next(ids))}",
    )
    for notice in notices:
        platform, address = load().resolve(notice.url)
        article = f"{platform.name}-{address.id}"
        facts = {
            "run": f"run-{run}",
            "platform": "gov",
            "account_id": "yunxi",
            "article_id": article,
        }
        _write(writer, at, notice.url, notice.page(), {**facts, "role": "article"})
        for file in notice.files:
            head = f"Content-Type: application/octet-stream\r\nContent-Length: {len(file.data)}\r\n"
            raw = b"HTTP/1.1 200 OK\r\n" + head.encode() + file.head + b"\r\n" + file.data
            _write(
                writer,
                at,
                urljoin(notice.url, file.href),
                Reply(raw=raw),
                {**facts, "role": "media"},
            )
    writer.close()


def _write(
    writer: WarcWriter, at: datetime, url: str, reply: Reply, facts: dict[str, object]
) -> None:
    parts = urlsplit(url)
    request = f"GET {parts.path}?{parts.query} HTTP/1.1\r\nHost: {parts.hostname}\r\n\r\n".encode()
    exchange = Exchange(url=url, started=at, request=request, response=BytesIO(reply.wire()))
    writer.write_exchange(exchange, facts)
