"""Archives with a past: runs at given times, each with what a platform answered, written by the product's own WARC writer."""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path
from uuid import UUID

from archive.index.indexer import index
from archive.platforms import load
from archive.warc.chain import links, state_of
from archive.warc.exchange import Exchange
from archive.warc.originals import Original
from archive.warc.writer import WarcWriter
from tests.standin.pages import CHINA, Story, jsp_page, next_page
from tests.standin.web import Reply

BEGUN = datetime(2031, 3, 1, 0, 0, tzinfo=UTC)
STORY = Story(
    5_700_001,
    "云溪县召开疫情防控会议",
    [
        "全县疫情防控工作会议今天召开。",
        "会议要求，落实“四早”措施，确保安全。",
        "会议还部署了春耕工作。",
    ],
    published=BEGUN.astimezone(CHINA) - timedelta(hours=1),
)
OTHER = replace(STORY, cont_id=5_700_099, title="云溪县另一条消息", text=["这一条一直都在。"])
OTHERS = [
    replace(OTHER, cont_id=5_700_090 + n, published=STORY.published - timedelta(days=1, hours=n))
    for n in range(4)
]
URL = "https://www.thepaper.cn/newsDetail_forward_{}"
LIST = "https://api.thepaper.cn/contentapi/cont/pph/user"
DOOR = {"Location": "https://www.thepaper.cn/login?from=1"}
CAPTCHA = "<html><title>验证</title><body><p>访问过于频繁，请完成安全验证</p></body></html>"


def page(story: Story) -> Reply:
    """An article as the platform shows it."""
    return Reply(body=jsp_page(story) if story.state == "tombstone" else next_page(story))


def _text(*changed: tuple[str, str]) -> Story:
    text = "\n".join(STORY.text)
    for old, new in changed:
        assert old in text
        text = text.replace(old, new)
    return replace(STORY, text=text.split("\n"))


# What the address of the article answered. `noanswer` is no answer at all.
ANSWERS = {
    "ok": page(STORY),
    "edit": page(_text(("落实“四早”措施", "压实责任"))),
    "edit2": page(_text(("今天召开", "昨天召开"))),
    "cut": page(_text(("\n会议还部署了春耕工作。", ""))),
    "grown": page(_text(("春耕工作。", "春耕工作。\n新增一段。"))),
    "one-sign": page(_text(("确保安全。", "确保安全！"))),
    "title": page(replace(STORY, title="云溪县召开疫情防控工作会议")),
    "source": page(replace(STORY, source="云溪发布")),
    "counter": Reply(body=next_page(STORY).replace("评论(0)".encode(), "评论(37)".encode())),
    "markup": Reply(body=next_page(STORY).replace(b"<p>", b"<p class='x'>").replace(b"index_wrapbox__VFyXe", b"index_wrapbox__Zz9")),
    "space": Reply(body=next_page(_text(("会议要求，", "　会议要求，")))),
    "picture": page(replace(STORY, pictures=["https://imgpai.thepaper.cn/1.png"])),
    "build": Reply(body=next_page(STORY).replace(b"683f9326", b"777777aa")),
    "tombstone": page(replace(STORY, state="tombstone")),
    "empty": page(replace(STORY, state="empty")),
    "no-detail": page(replace(STORY, state="no-detail")),
    "404": Reply(404, body=b"<html><body>404</body></html>"),
    "410": Reply(410, body=b"gone"),
    "401": Reply(401),
    "403": Reply(403, body=b"<html>denied</html>"),
    "405": Reply(405, body=b"<html>denied</html>"),
    "412": Reply(412),
    "429": Reply(429, headers={"Retry-After": "60"}),
    "500": Reply(500, body=b"oops"),
    "502": Reply(502),
    "503": Reply(503),
    "504": Reply(504),
    "captcha": Reply(body=CAPTCHA.encode()),
    "waf": Reply(body=b"<html><script>var arg1='ABC';</script></html>"),
    "login": Reply(302, headers=DOOR),
    "home": Reply(302, headers={"Location": "https://www.thepaper.cn/"}),
    "error-page": Reply(302, headers={"Location": "/404.html"}),
    "elsewhere": Reply(301, headers={"Location": "https://m.thepaper.cn/detail/5700001"}),
    "garbled": Reply(body=b"<html><body><div><"),
    "broken-json": Reply(body=next_page(STORY).replace(b'{"props"', b'{"props')[:2000]),
    "other-article": page(replace(STORY, cont_id=5_799_999)),
}  # fmt: skip


@dataclass
class History:
    """An archive folder that grows run by run."""

    folder: Path
    runs: int = 0
    records: int = 0
    originals: dict[tuple[str, str | None], Original] = field(default_factory=dict)

    def articles(
        self,
        hours: float,
        answers: list[tuple[int, Reply]],
        coverage: dict[str, tuple[str, str]] | None = None,
    ) -> str:
        """One crawl of these articles; returns the id of its run. `coverage`: outcome and reason of accounts, by id."""
        run, at, writer = self._begun(hours)
        for number, (cont_id, reply) in enumerate(answers):
            self._write(writer, run, at + timedelta(seconds=number), cont_id, reply)
        for account_id, (outcome, reason) in (coverage or {}).items():
            row = {"run": run, "platform": "thepaper", "account_id": account_id, "outcome": outcome}
            writer.write_metadata(
                {"kind": "coverage", "begun_at": _stamp(at), "reason": reason, **row}
            )
        self._over(writer, run, at)
        return run

    def _begun(self, hours: float) -> tuple[str, datetime, WarcWriter]:
        at = BEGUN + timedelta(hours=hours)
        self.runs += 1
        run = f"run-{self.runs:03d}"
        writer = WarcWriter(
            self.folder / "warc",
            prefix=f"{self.runs:03d}",
            info={
                "software": "Zhengwen/0",
                "isPartOf": run,
                **state_of(list(links(self.folder))).warcinfo(),
            },
            now=lambda: at,
            new_id=self._new_id,
            find_original=lambda digest, url: self.originals.get((digest, url)),
        )
        writer.write_metadata(
            {"kind": "run", "id": run, "platform": "thepaper", "started_at": _stamp(at)}
        )
        return run, at, writer

    def _over(self, writer: WarcWriter, run: str, at: datetime) -> None:
        finished = {"finished_at": _stamp(at + timedelta(minutes=1)), "finish_reason": "finished"}
        writer.write_metadata({"kind": "run", "id": run, **finished})
        writer.close()
        self.originals.update(writer.originals.of_this_run)

    def run(
        self,
        hours: float,
        answer: str,
        *,
        others_online: bool = True,
        walk: list[Story] | None = None,
        more: list[Story] | None = None,
    ) -> None:
        """One crawl, so many hours after the first: what the article's address answered, and the listing if it was walked.

        `others_online`: another article could be read in it. `more` are other articles that it fetched.
        """
        run, at, writer = self._begun(hours)
        if walk is not None:
            self._walk(writer, run, at, walk)
        self._ask(writer, run, at, STORY.cont_id, answer)
        for number, story in enumerate([*([OTHER] if others_online else []), *(more or [])]):
            self._write(writer, run, at + timedelta(seconds=2 + number), story.cont_id, page(story))
        self._over(writer, run, at)

    def _ask(self, writer: WarcWriter, run: str, at: datetime, cont_id: int, answer: str) -> None:
        if answer == "noanswer":
            facts = {
                "kind": "failure",
                "run": run,
                "platform": "thepaper",
                "url": URL.format(cont_id),
                "outcome": "error",
            }
            facts |= {
                "reason": "no-answer",
                "detail": "timeout",
                "role": "article",
                "article_id": f"thepaper-{cont_id}",
            }
            writer.write_metadata(facts)
        elif answer == "truncated":
            self._write(writer, run, at, cont_id, ANSWERS["empty"], truncated="disconnect")
        elif answer != "-":
            self._write(writer, run, at, cont_id, ANSWERS[answer])

    def _write(
        self,
        writer: WarcWriter,
        run: str,
        at: datetime,
        cont_id: int,
        reply: Reply,
        truncated: str | None = None,
    ) -> None:
        url = URL.format(cont_id)
        wire = reply.wire()
        exchange = Exchange(
            url=url, started=at, request=f"GET {url} HTTP/1.1\r\nHost: www.thepaper.cn\r\n\r\n".encode(), response=BytesIO(wire),
            truncated=truncated,
        )  # fmt: skip
        facts = {
            "run": run,
            "platform": "thepaper",
            "role": "article",
            "article_id": f"thepaper-{cont_id}",
            "account_id": "44871",
        }
        writer.write_exchange(exchange, facts)

    def _walk(self, writer: WarcWriter, run: str, at: datetime, shown: list[Story]) -> None:
        from tests.standin.thepaper import ThePaper
        from tests.standin.web import Request

        asked = json.dumps({"pphId": 44871, "pageNum": 1, "pageSize": 20}).encode()
        platform = ThePaper(stories={story.cont_id: story for story in shown})
        reply = platform(Request(0.0, "POST", LIST, {}, asked, b""))
        head = f"POST {LIST} HTTP/1.1\r\nHost: api.thepaper.cn\r\n\r\n".encode()
        exchange = Exchange(
            url=LIST, started=at, request=head + asked, response=BytesIO(reply.wire())
        )
        facts = {"run": run, "platform": "thepaper", "role": "listing", "account_id": "44871"}
        writer.write_exchange(exchange, facts, allow_revisit=False)
        dates = sorted(
            (story.published.isoformat(timespec="seconds") for story in shown), reverse=True
        )
        row = {
            "run": run,
            "platform": "thepaper",
            "account_id": "44871",
            "outcome": "none",
            "complete": 1,
            "ended": 1,
            "pages": 1,
        }
        row |= {
            "begun_at": _stamp(at),
            "covered_from": max(dates[-3:]),
            "first_listed": dates[-1],
            "last_listed": dates[0],
        }
        writer.write_metadata({"kind": "coverage", **row})

    def _new_id(self) -> str:
        self.records += 1
        return f"urn:uuid:{UUID(int=self.records)}"

    def index(self) -> None:
        """Read all of it."""
        index(self.folder / "warc", self.folder / "archive.db", load())


def _stamp(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def hours(text: str) -> float:
    """`90m`, `6h`, `3d` in hours."""
    return float(text[:-1]) * {"m": 1 / 60, "h": 1, "d": 24}[text[-1]]


def stamp(text: str) -> str:
    """The moment so long after the first observation, as the archive writes it."""
    return _stamp(BEGUN + timedelta(hours=hours(text)))


def played(folder: Path, observations: list[str]) -> History:
    """A scenario: each observation is a time, an answer, and marks: `outage` (no other article was online), `listed`, `unlisted`, `moved`."""
    history = History(folder)
    for observation in observations:
        when, answer, *marks = observation.split()
        walk = None
        if "listed" in marks:
            walk = [STORY, OTHER, *OTHERS]
        elif "unlisted" in marks:
            walk = [OTHER, *OTHERS]
        more = [replace(STORY, cont_id=5_700_050)] if "moved" in marks else None
        history.run(hours(when), answer, others_online="outage" not in marks, walk=walk, more=more)
    history.index()
    return history
