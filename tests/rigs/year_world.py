"""The world of the simulated year: what 40 accounts and their platform do each day, by chance from a seed, and the truth of it."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from tests.standin.pages import CHINA, Story, card
from tests.standin.thepaper import DATA, MISSING, PAGES, ThePaper, as_json
from tests.standin.web import Reply, Request

BEGUN = datetime(2031, 1, 1, tzinfo=UTC)
ACCOUNTS = 40
FIRST = 44_000
CAPTCHA = (
    "<html><title>验证</title><body><p>访问过于频繁，请完成安全验证</p></body></html>".encode()
)
OUT_OF_ORDER = Reply(503, body=b"busy")
EVENTS = ("rename", "rename", "rename", "suspend", "suspend", "move", "silent", "reorder", "reorder", "re-date", "re-date", "shrink", "shrink", "suspend-back")  # fmt: skip
WEATHER = ("outage", "outage", "block", "captcha", "api-outage", "no-answer", "api-block")


@dataclass
class Article:
    """An article, and the days between which it was not there."""

    story: Story
    day: int
    gone: list[tuple[int, int | None]] = field(default_factory=list)
    shown_in_list: bool = True
    moved_in_list: timedelta = timedelta()

    def is_gone(self) -> bool:
        return bool(self.gone) and self.gone[-1][1] is None


@dataclass
class Event:
    """What became of an account; `word` is that of its status."""

    day: int
    account: int
    word: str


class World:
    """The platform on its present day; it answers requests, or gives no answer (None)."""

    def __init__(self, seed: int, days: int, usual: int) -> None:
        self.random = random.Random(seed)
        self.days, self.usual = days, usual
        self.site = ThePaper(names={FIRST + n: f"云溪县发布{n}" for n in range(ACCOUNTS)})
        self.site.page_size = 8
        self.articles: dict[int, Article] = {}
        self.events: list[Event] = []
        self.hidden: dict[int, str] = {}
        self.silent: set[int] = set()
        self.oldest_first: set[int] = set()
        self.short: dict[int, int] = {}  # until this day the list shows three entries
        self.weather: tuple[str, int] = ("", -1)
        self.spoilt: set[int] = set()  # days on which the platform could not be asked
        self.today = 0
        self.plan = self._plan()
        self.next = {account: self._gap() for account in self.site.names}
        for account in self.site.names:
            for n in range(6):
                self._publish(account, -usual * n - self.random.randrange(usual) - 1)

    def addresses(self) -> list[str]:
        return [f"https://www.thepaper.cn/gov_{account}" for account in self.site.names]

    def _plan(self) -> dict[int, list[tuple[str, int]]]:
        """Events of accounts by day: each of an account of its own, and late enough to be reported."""
        accounts = self.random.sample(sorted(self.site.names), len(EVENTS))
        plan: dict[int, list[tuple[str, int]]] = {}
        for kind, account in zip(EVENTS, accounts, strict=True):
            day = self.random.randrange(self.days // 6, self.days * 4 // 5)
            plan.setdefault(day, []).append((kind, account))
        for kind in WEATHER:
            day = self.random.randrange(self.days // 10, self.days * 9 // 10)
            plan.setdefault(day, []).append((kind, self.random.randrange(4, 10)))
        return plan

    # --- days ---

    def live(self, day: int) -> None:
        """Let one day pass."""
        self.today = day
        for kind, number in self.plan.get(day, []):
            self._happen(kind, number)
        for account in self.site.names:
            if account in self.silent or account in self.hidden or day < self.next[account]:
                continue
            self._publish(account, day)
            self.next[account] = day + self._gap()
        for article in self._some(0.15):
            self._edit(article)
        for article in self._some(0.12):
            self._withdraw(article)
        for article in [a for a in self.articles.values() if a.is_gone()]:
            if article.story.account_id not in self.hidden and self.random.random() < 0.004:
                self._restore(article)
        if self._bad_weather():
            self.spoilt.add(day)

    def _gap(self) -> int:
        """Days to the next article of an account."""
        return self.random.randrange(self.usual // 2, self.usual * 3 // 2)

    def _some(self, chance: float) -> list[Article]:
        """One article that is there, with this chance."""
        there = [a for a in self.articles.values() if not a.is_gone() and a.day >= self.today - 60]
        return [self.random.choice(there)] if there and self.random.random() < chance else []

    def _publish(self, account: int, day: int) -> None:
        number = 5_700_000 + len(self.articles)
        at = BEGUN + timedelta(days=day, hours=2, minutes=number % 60)
        text = [f"第{number}号消息：县里召开第{number % 97}次会议。", f"会议要求落实各项措施，编号{number}。"]  # fmt: skip
        story = Story(
            number,
            f"云溪县第{number}号通报",
            text,
            account=self.site.names[account],
            account_id=account,
            published=at.astimezone(CHINA),
        )
        self.articles[number] = Article(story, day)
        self.site.add(story)

    def _edit(self, article: Article) -> None:
        article.story.text = [*article.story.text, f"{self.today}日更正：数字有误。"]

    def _withdraw(self, article: Article) -> None:
        article.gone.append((self.today, None))
        article.story.state = self.random.choice(["missing", "tombstone", "missing"])
        article.shown_in_list = self.random.random() < 0.3

    def _restore(self, article: Article) -> None:
        article.gone[-1] = (article.gone[-1][0], self.today)
        article.story.state, article.shown_in_list = "live", True

    def _happen(self, kind: str, number: int) -> None:
        if kind in WEATHER:
            self.weather = (kind, self.today + number)
        elif kind == "rename":
            self.site.names[number] = f"{self.site.names[number]}融媒"
            self.events.append(Event(self.today, number, "renamed"))
            for article in self._of(number):
                article.story.account = self.site.names[number]
        elif kind.startswith("suspend"):
            self.hidden[number] = kind
            self.events.append(Event(self.today, number, "suspended"))
            for article in self._of(number):
                if not article.is_gone():
                    article.gone.append((self.today, None))
        elif kind == "move":
            self.hidden[number] = kind
            self.events.append(Event(self.today, number, "moved"))
        elif kind == "silent":
            self.silent.add(number)
        elif kind == "reorder":
            self.oldest_first.add(number)
        elif kind == "re-date":
            for article in self._of(number)[-5:]:
                article.moved_in_list = timedelta(days=60)
        elif kind == "shrink":
            self.short[number] = self.today + 9

    def _of(self, account: int) -> list[Article]:
        return [a for a in self.articles.values() if a.story.account_id == account]

    def _bad_weather(self) -> str:
        kind, until = self.weather
        return kind if self.today < until else ""

    # --- answers ---

    def __call__(self, request: Request) -> Reply | None:
        weather = self._bad_weather()
        data, pages = request.host in DATA, request.host in PAGES
        if weather == "no-answer":
            return None
        if weather == "outage" or (weather == "api-outage" and data):
            return OUT_OF_ORDER
        if request.path != "/robots.txt":
            if (weather == "block" and pages) or (weather == "api-block" and data):
                return Reply(403, body=b"denied")
            if weather == "captcha" and pages:
                return Reply(body=CAPTCHA)
            if reply := self._of_account(request):
                return reply
        return self.site(request)

    def _of_account(self, request: Request) -> Reply | None:
        if request.host in PAGES:
            number = int("".join(filter(str.isdigit, request.path)) or 0)
            article = self.articles.get(number)
            hidden = article and self.hidden.get(article.story.account_id, "")
            return MISSING if hidden and hidden.startswith("suspend") else None
        if request.path.startswith("/userservice"):
            account = int(request.path.rpartition("/")[2])
            if self.hidden.get(account, "").startswith("suspend"):
                return as_json({"code": 404, "desc": "用户不存在"})
            return None
        return self._list(json.loads(request.body)) if request.body else None

    def _list(self, asked: dict[str, int]) -> Reply:
        account = asked["pphId"]
        if self.hidden.get(account) == "move":
            return Reply(301, {"Location": "https://www.thepaper.cn/gov_99999"})
        shown = [a for a in self._of(account) if a.shown_in_list]
        if self.hidden.get(account, "").startswith("suspend"):
            shown = []
        stories = [
            replace(a.story, state="live", published=a.story.published - a.moved_in_list)
            for a in shown
        ]
        if self.short.get(account, -1) > self.today:
            stories = sorted(stories, key=lambda s: s.milliseconds)[-3:]
        return self._page(account, stories, asked)

    def _page(self, account: int, stories: list[Story], asked: dict[str, int]) -> Reply:
        stories.sort(key=lambda s: s.milliseconds, reverse=account not in self.oldest_first)
        size = self.site.page_size
        start = (asked["pageNum"] - 1) * size
        return as_json(
            {
                "code": 200,
                "data": {
                    "hasNext": start + size < len(stories),
                    "list": [card(story) for story in stories[start : start + size]],
                    "pageNum": asked["pageNum"],
                    "pageSize": size,
                },
                "desc": "成功",
            }
        )

    def waiting(self, account: int, captured: Callable[[int], bool]) -> list[int]:
        """Articles of an account that are listed and online and that the archive does not have."""
        if account in self.hidden or self.short.get(account, -1) > self.today:
            return []
        return [
            number
            for number, a in self.articles.items()
            if a.story.account_id == account
            and a.shown_in_list
            and not a.is_gone()
            and not captured(number)
        ]
