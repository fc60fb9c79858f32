"""An archive for the reading room, written by the product's own WARC writer: an article with a picture, a file and three versions, one that was withdrawn, a crawl that was refused."""

from __future__ import annotations

import asyncio
import struct
import zlib
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

from archive.warc.exchange import Exchange
from archive.warc.writer import WarcWriter
from tests.rigs.history import ANSWERS, OTHER, STORY, URL, History, page
from tests.standin.web import Reply

PICTURE = "https://imgpai.thepaper.cn/newpai/image/notice.png"
LOST_PICTURE = "https://imgpai.thepaper.cn/newpai/image/lost.png"
ILLUSTRATED = replace(
    STORY,
    cont_id=5_700_002,
    title="云溪县发布汛期通告",
    text=["汛期将至。", *(f"第{n}项安排照常进行。" for n in range(1, 9)), "请勿靠近河道。"],
    pictures=[PICTURE, LOST_PICTURE],
)
EDITED = replace(ILLUSTRATED, text=[*ILLUSTRATED.text[:-1], "请勿靠近河岸。"])
RETITLED = replace(EDITED, title="云溪县发布汛期通告（更正）")
GONE = f"thepaper-{STORY.cont_id}"
SHOWN = f"thepaper-{ILLUSTRATED.cont_id}"


def png(width: int = 40, height: int = 30, colour: tuple[int, int, int] = (200, 60, 40)) -> bytes:
    """A picture of one colour."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return (
            struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        )

    rows = b"".join(b"\0" + bytes(colour) * width for _ in range(height))
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + chunk(b"IDAT", zlib.compress(rows))
        + chunk(b"IEND", b"")
    )


@dataclass
class RoomWorld(History):
    """An archive that grows run by run, by any exchange."""

    def crawl(self, hours: float, *answers: tuple[str, Reply, dict[str, str]]) -> str:
        """One crawl of these addresses; returns the id of its run."""
        run, at, writer = self._begun(hours)
        for number, (url, reply, facts) in enumerate(answers):
            exchange_at = at + timedelta(seconds=number)
            self._exchange(writer, run, exchange_at, url, reply, facts)
        self._over(writer, run, at)
        return run

    def _exchange(
        self,
        writer: WarcWriter,
        run: str,
        at: datetime,
        url: str,
        reply: Reply,
        facts: dict[str, str],
    ) -> None:
        request = f"GET {url} HTTP/1.1\r\n\r\n".encode()
        exchange = Exchange(url=url, started=at, request=request, response=BytesIO(reply.wire()))
        writer.write_exchange(exchange, {"run": run, "platform": "thepaper", **facts})


def article(story: Any, reply: Reply | None = None) -> tuple[str, Reply, dict[str, str]]:
    """The exchange of an article."""
    article_id = f"thepaper-{story.cont_id}"
    facts = {"role": "article", "article_id": article_id, "account_id": str(story.account_id)}
    return URL.format(story.cont_id), reply or page(story), facts


def media(url: str, body: bytes, content_type: str) -> tuple[str, Reply, dict[str, str]]:
    """The exchange of a picture or a file."""
    return url, Reply(headers={"Content-Type": content_type}, body=body), {"role": "media"}


def make(folder: Path) -> Path:
    """The archive, indexed."""
    world = RoomWorld(folder)
    world.crawl(
        0, article(STORY), article(OTHER), article(ILLUSTRATED), media(PICTURE, png(), "image/png")
    )
    world.crawl(30, article(STORY, ANSWERS["edit"]), article(OTHER), article(EDITED))
    world.crawl(60, article(STORY, ANSWERS["tombstone"]), article(OTHER), article(RETITLED))
    world.crawl(90, article(STORY, ANSWERS["tombstone"]), article(OTHER), article(RETITLED))
    world.articles(120, [], {"44871": ("blocked", "http-403 the platform refused")})
    world.index()
    return folder


class Room:
    """Asks the reading room of a Datasette in this process, as a browser would."""

    def __init__(self, folder: Path, base_path: str = "/", **settings: Any) -> None:
        from datasette.app import Datasette

        from archive.room import plugin
        from archive.room.serving import given

        self.datasette = Datasette(**given(folder), settings={"base_url": base_path})
        if settings:
            plugin.configure(self.datasette, plugin.Settings(**settings))

    def get(self, path: str, **headers: str) -> Any:
        """The answer to a request; names of headers with "_" for "-"."""
        given = {name.replace("_", "-"): value for name, value in headers.items()}
        return asyncio.run(self.datasette.client.get(f"/room/{path}", headers=given))
