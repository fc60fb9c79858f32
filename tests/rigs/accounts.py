"""Archives of accounts with a past: runs at given times, each with the profile, the list and the articles as the platform showed them."""

from __future__ import annotations

import itertools
import json
import shutil
from dataclasses import dataclass, field, replace
from datetime import timedelta
from io import BytesIO
from typing import Any

from archive.warc.exchange import Exchange
from archive.warc.writer import WarcWriter
from tests.conftest import dump
from tests.rigs.history import BEGUN, LIST, History, _stamp
from tests.standin.pages import CHINA, Story, next_page
from tests.standin.thepaper import ThePaper, as_json
from tests.standin.web import Reply, Request

PROFILE = "https://api.thepaper.cn/userservice/user/homePage/{}"
MISSING = Reply(404, body=b"<html><body>404</body></html>")


def story(number: int, account: str, account_id: int = 44871, hours: float = 0) -> Story:
    """An article of an account, published so many hours after the first run."""
    return Story(
        5_700_000 + number,
        f"{account}第{number}号通告",
        [f"第{number}号通告的正文，关于道路施工。", "请市民绕行，注意安全。"],
        account=account,
        account_id=account_id,
        published=(BEGUN + timedelta(hours=hours)).astimezone(CHINA),
    )


def unknown(words: str = "用户不存在", code: int = 200) -> Reply:
    """What a platform says of an account that it does not show."""
    return as_json({"code": code, "data": None, "desc": words})


@dataclass
class Seen:
    """What one run saw of an account. `name` is what profile and list print; `profile` and `listing` answer in their place."""

    account_id: int = 44871
    name: str | None = "云溪发布"
    profile: Reply | None = None
    listing: Reply | None = None
    listed: list[Story] = field(default_factory=list)
    pages: list[tuple[Story, Reply | None]] = field(default_factory=list)
    coverage: dict[str, Any] | None = field(default_factory=dict)
    asks_profile: bool = True


@dataclass
class Past(History):
    """An archive folder that grows run by run, one WARC file each."""

    def crawl(self, hours: float, *accounts: Seen) -> str:
        """One run that met these accounts; returns its id."""
        run, at, writer = self._begun(hours)
        places = itertools.count(1)
        for seen in accounts:
            account = str(seen.account_id)
            facts = {"run": run, "platform": "thepaper", "account_id": account}
            if seen.asks_profile:
                reply = seen.profile or _profile(seen)
                url = PROFILE.format(account)
                self._get(writer, at, next(places), url, reply, {**facts, "role": "profile"})
            if seen.coverage is not None:
                self._list(writer, at, next(places), seen, {**facts, "role": "listing"})
            for page, reply in seen.pages:
                url = f"https://www.thepaper.cn/newsDetail_forward_{page.cont_id}"
                of_article = {"role": "article", "article_id": f"thepaper-{page.cont_id}"}
                answer = reply or Reply(body=next_page(page))
                self._get(writer, at, next(places), url, answer, facts | of_article)
            if seen.coverage is not None:
                ended = at + timedelta(seconds=next(places))
                row = {**facts, "kind": "coverage", "begun_at": _stamp(at), **_coverage(seen)}
                writer.now = lambda moment=ended: moment  # type: ignore[misc]
                writer.write_metadata(row)
        self._over(writer, run, at)
        return run

    def _get(
        self,
        writer: WarcWriter,
        at: Any,
        place: int,
        url: str,
        reply: Reply,
        facts: dict[str, Any],
        request: bytes = b"",
    ) -> None:
        host = url.split("/")[2]
        method = "POST" if request else "GET"
        head = f"{method} {url} HTTP/1.1\r\nHost: {host}\r\n\r\n".encode()
        exchange = Exchange(
            url=url,
            started=at + timedelta(seconds=place),
            request=head + request,
            response=BytesIO(reply.wire()),
        )
        writer.write_exchange(exchange, facts, allow_revisit=facts.get("role") != "listing")

    def _list(
        self, writer: WarcWriter, at: Any, place: int, seen: Seen, facts: dict[str, Any]
    ) -> None:
        asked = json.dumps({"pphId": seen.account_id, "pageNum": 1, "pageSize": 20}).encode()
        shown = [
            replace(each, account=seen.name or each.account, account_id=seen.account_id)
            for each in seen.listed
        ]
        platform = ThePaper(stories={each.cont_id: each for each in shown})
        reply = seen.listing or platform(Request(0.0, "POST", LIST, {}, asked, b""))
        self._get(writer, at, place, LIST, reply, facts, asked)


def _profile(seen: Seen) -> Reply:
    user = {"userId": seen.account_id, "sname": seen.name, "perDesc": "官方账号"}
    return as_json({"code": 200, "data": {"userInfo": user}, "desc": "成功"})


def _coverage(seen: Seen) -> dict[str, Any]:
    dates = sorted(each.published.isoformat(timespec="seconds") for each in seen.listed)
    row: dict[str, Any] = {
        "outcome": "new" if seen.listed else "suspicious_empty",
        "pages": 0 if (seen.coverage or {}).get("outcome") == "gone" else 1,
        "listed": len(seen.listed),
        "complete": 1,
        "ended": 1,
    }
    if dates:
        row |= {"first_listed": dates[0], "last_listed": dates[-1], "covered_from": dates[0]}
    return row | (seen.coverage or {})


def in_every_order(past: Past, most: int = 6) -> None:
    """The rows are the same whatever order the files come in."""
    past.index()
    expected = dump(past.folder)
    files = sorted((past.folder / "warc").glob("*.warc.gz"))
    orders = itertools.islice(itertools.permutations(files), 1, None)
    for number, order in enumerate(itertools.islice(orders, most)):
        other = Past(past.folder.with_name(f"{past.folder.name}-{number}"))
        (other.folder / "warc").mkdir(parents=True)
        for file in reversed(order):
            shutil.copy(file, other.folder / "warc")
            other.index()
        assert dump(other.folder) == expected
