"""An archive of one crawl whose articles have given pictures."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path

from archive.archive import Archive
from archive.warc.exchange import Exchange
from archive.warc.writer import WarcWriter
from tests.rigs.history import OTHER, URL, page
from tests.standin.web import Reply

BEGUN = datetime(2031, 3, 1, 0, 0, tzinfo=UTC)
PICTURE = "https://imgpai.thepaper.cn/newpai/image/{}.png"


def picture_archive(
    folder: Path, *articles: Sequence[bytes], begun: datetime = BEGUN, first: int = 0
) -> Path:
    """Make and index an archive, or add a crawl to one.

    Args:
        folder: the archive.
        articles: the pictures of each article, the oldest article first. Their numbers go on from
            article to article and are in the pictures' addresses.
        begun: when they were captured.
        first: the number of the first article, and of its first picture.

    Returns:
        The folder.
    """
    writer = WarcWriter(
        folder / "warc", prefix="p", info={"software": "zhengwen"}, now=lambda: begun
    )
    run: dict[str, object] = {
        "run": f"run-{begun:%Y}",
        "platform": "thepaper",
        "account_id": "44871",
    }
    writer.write_metadata({"kind": "run", "id": f"run-{begun:%Y}", "platform": "thepaper"})
    number = first
    for place, pictures in enumerate(articles, first):
        urls = [PICTURE.format(number + each) for each in range(len(pictures))]
        cont_id = 5_800_000 + place
        published = OTHER.published + timedelta(days=place)
        story = replace(OTHER, cont_id=cont_id, pictures=urls, published=published)
        article = {"article_id": f"thepaper-{cont_id}", "role": "article"}
        _write(writer, URL.format(cont_id), page(story), {**run, **article}, begun)
        for url, data in zip(urls, pictures, strict=True):
            reply = Reply(headers={"Content-Type": "image/png"}, body=data)
            _write(writer, url, reply, {**run, **article, "role": "media"}, begun)
        number += len(pictures)
    writer.close()
    with Archive(folder) as archive:
        archive.index()
    return folder


def _write(
    writer: WarcWriter, url: str, reply: Reply, facts: dict[str, object], begun: datetime
) -> None:
    request = f"GET {url} HTTP/1.1\r\nHost: example\r\n\r\n".encode()
    response = BytesIO(reply.wire())
    exchange = Exchange(url=url, started=begun, request=request, response=response)
    writer.write_exchange(exchange, facts)
