"""Articles of several pages on sites that do not exist, in the forms that content systems give them, and archives of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path
from urllib.parse import urlsplit
from uuid import UUID

from archive.archive import Archive
from archive.index.indexer import index
from archive.platforms import load
from archive.warc.exchange import Exchange
from archive.warc.writer import WarcWriter
from tests.rigs.handmade import FOOT, GOV_META, MENU, TITLE
from tests.standin.web import Reply

HOST = "http://www.yunxi.gov.cn"
BEGUN = datetime(2031, 3, 1, tzinfo=UTC)


def text_of(number: int, word: str = "要求") -> list[str]:
    return [
        f"第{number}部分{word}，各乡镇要压实责任，落实各项措施，确保群众生命安全和身体健康。",
        f"第{number}部分还强调，要统筹做好春耕备耕和企业复工，保障市场供应，稳定物价。",
    ]


def page(lines: Sequence[str], pager: str) -> bytes:
    body = "".join(f"<p>　　{line}</p>" for line in lines)
    html = (
        f"<!DOCTYPE html><html><head><meta charset='utf-8'><title>{TITLE}</title>{GOV_META}</head>"
        f"<body>{MENU}<h1>{TITLE}</h1><p>2020-02-02 20:52　来源：云溪发布</p>"
        f"<div class='TRS_Editor'>{body}{pager}</div>{FOOT}</body></html>"
    )
    return html.encode()


def _numbers(urls: Sequence[str], number: int) -> str:
    """1 [2] [3] 下一页, relative to the folder."""
    links = [
        f"<a href='{url}'>[{each}]</a>" if each != number else f"<span>{each}</span>"
        for each, url in enumerate(urls, 1)
    ]
    if number > 1:
        links.insert(0, f"<a href='{urls[number - 2]}'>上一页</a>")
    if number < len(urls):
        links.append(f"<a href='{urls[number]}'>下一页</a>")
    return f"<div class='fy'>{' '.join(links)}</div>"


def _neighbours(urls: Sequence[str], number: int) -> str:
    """Only 上一页 and 下一页."""
    back = f"<a href='{urls[number - 2]}'>上一页</a>" if number > 1 else "上一页"
    on = f"<a href='{urls[number]}'>下一页</a>" if number < len(urls) else "下一页"
    return f"<p align='center'>{back}　<a href='{urls[0]}'>首页</a>　{on}</p>"


def _counted(urls: Sequence[str], number: int) -> str:
    on = f"<a href='{urls[number]}'>下一页</a>" if number < len(urls) else ""
    return (
        f"<p>全文共{len(urls)}页　第{number}页 <a href='{urls[0]}'>首页</a> {on} "
        f"<a href='{urls[-1]}'>末页</a></p>"
    )


def _script(urls: Sequence[str], number: int) -> str:
    stem, _, ending = urls[0].rpartition("/")[2].rpartition(".")
    return f"<script>createPageHTML({len(urls)}, {number - 1}, '{stem}', '{ending}');</script>"


def _variables(urls: Sequence[str], number: int) -> str:
    stem, _, ending = urls[0].rpartition("/")[2].rpartition(".")
    return (
        f"<script>var currentPage = {number - 1};//所在页从0开始\nvar countPage = {len(urls)}//共多少页\n"
        f"var nextPage = currentPage+1;\ndocument.write('<a href=\"{stem}_'+nextPage+'.{ending}\">下一页</a>');</script>"
    )


def _select(urls: Sequence[str], number: int) -> str:
    options = "".join(
        f"<option value='{url}'>第{each}页：小标题{each}</option>"
        for each, url in enumerate(urls, 1)
    )
    return f"<select onchange='go(this)'>{options}</select>"


def _calls(urls: Sequence[str], number: int) -> str:
    """1 [2] [3] that run a script of the page."""
    stem = urls[0].rpartition("/")[2].rpartition(".")[0]
    script = f"function gotoPage(n){{ if (n > 1) location.href = '{stem}_' + n + '.html'; else location.href = '{stem}.html'; }}"
    return unaddressed(urls, number) + f"<script>{script}</script>"


def unaddressed(urls: Sequence[str], number: int) -> str:
    """1 [2] [3] that run a script from elsewhere."""
    links = [
        f"<a href='javascript:gotoPage({each})'>[{each}]</a>"
        if each != number
        else f"<b>{each}</b>"
        for each in range(1, len(urls) + 1)
    ]
    return f"<div class='fy'>{' '.join(links)}</div>"


@dataclass(frozen=True)
class Form:
    """How a site writes the addresses of an article's pages, and its pager."""

    first: str
    later: str  # with {n}
    pager: Callable[[Sequence[str], int], str]
    counted_from: int = 1  # the number in the address of the first page, if it had one

    def urls(self, count: int) -> list[str]:
        numbers = range(1 + self.counted_from, count + self.counted_from)
        return [HOST + self.first, *(HOST + self.later.format(n=number) for number in numbers)]


FORMS = {
    "TRS, by script": Form("/zw/202403/t20240305_17.html", "/zw/202403/t20240305_17_{n}.html", _script, 0),
    "TRS, by variables": Form("/zw/202403/t20240305_18.shtml", "/zw/202403/t20240305_18_{n}.shtml", _variables, 0),
    "TRS, by links": Form("/zw/202403/t20240305_19.html", "/zw/202403/t20240305_19_{n}.html", _numbers, 0),
    "numbers": Form("/zw/content_123.html", "/zw/content_123_{n}.html", _numbers),
    "numbers in a folder of the day": Form("/art/2024/3/5/art_12_345.html", "/art/2024/3/5/art_12_345_{n}.html", _numbers),
    "neighbours": Form("/zw/post_77.html", "/zw/post_77_{n}.html", _neighbours, 0),
    "full text of n pages": Form("/zw/content_124.html", "/zw/content_124-{n}.html", _counted),
    "a parameter": Form("/zw/detail.aspx?id=7", "/zw/detail.aspx?id=7&page={n}", _numbers),
    "a parameter, neighbours": Form("/info.jsp?wbnewsid=9", "/info.jsp?wbnewsid=9&pageno={n}", _counted),
    "calls of a script": Form("/zw/content_126.html", "/zw/content_126_{n}.html", _calls),
    "a choice": Form("/zw/content_125.html", "/zw/content_125_{n}.html", _select),
}  # fmt: skip


@dataclass
class PagedArchive:
    """An archive folder that grows run by run, of our own crawls (`facts`) or another program's."""

    folder: Path
    form: Form
    count: int = 3
    facts: bool = True
    runs: int = 0
    records: int = 0
    files: list[Path] = field(default_factory=list)

    @property
    def urls(self) -> list[str]:
        return self.form.urls(self.count)

    @property
    def id(self) -> str:
        platform, address = load().resolve(self.urls[0])
        return f"{platform.name}-{address.id}"

    def page(self, number: int, word: str = "要求") -> Reply:
        return Reply(
            body=page(text_of(number, word), self.form.pager(self.urls, number)),
            headers={"Content-Type": "text/html; charset=utf-8"},
        )

    def run(
        self,
        hours: float,
        replies: Mapping[int, Reply] | None = None,
        *,
        asked: Sequence[int] | None = None,
        as_articles: bool = False,
    ) -> None:
        """One crawl: what the pages answered, where it differs; `asked`: which were."""
        self.runs += 1
        at = BEGUN + timedelta(hours=hours)
        run = f"run-{self.runs:03d}"
        writer = WarcWriter(
            self.folder / "warc",
            prefix=f"{self.runs:03d}",
            info={"software": "zhengwen", "isPartOf": run},
            now=lambda: at,
            new_id=self._new_id,
        )
        for number in asked or range(1, self.count + 1):
            reply = (replies or {}).get(number) or self.page(number)
            url = self.urls[number - 1]
            parts = urlsplit(url)
            request = f"GET {parts.path}?{parts.query} HTTP/1.1\r\nHost: {parts.hostname}\r\n\r\n"
            exchange = Exchange(
                url=url,
                started=at + timedelta(seconds=number),
                request=request.encode(),
                response=BytesIO(reply.wire()),
            )
            writer.write_exchange(exchange, self._facts(run, number, as_articles))
        writer.close()

    def _facts(self, run: str, number: int, as_articles: bool) -> dict[str, str]:
        if not self.facts:
            return {}
        facts = {"run": run, "platform": "gov", "account_id": "yunxi"}
        if number == 1 or as_articles:
            platform, address = load().resolve(self.urls[number - 1])
            return facts | {"role": "article", "article_id": f"{platform.name}-{address.id}"}
        return facts | {"role": "part", "article_id": self.id, "part": str(number)}

    def _new_id(self) -> str:
        self.records += 1
        return f"urn:uuid:{UUID(int=self.records)}"

    def index(self) -> Archive:
        index(self.folder / "warc", self.folder / "archive.db", load())
        return Archive(self.folder)
