"""Articles of generated Chinese, and a plain scan that says which of them a query means: the measure of the search."""

from __future__ import annotations

import random
import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from importlib.util import find_spec
from itertools import accumulate
from pathlib import Path
from typing import Any

from opencc import OpenCC

from archive.database import fulltext, store

CHINA = timezone(timedelta(hours=8))
ACCOUNTS = ["上海发布", "济南高新区", "首都之窗", "平安北京", "健康中国", "ＧＤＰ观察"]
STATES = ["live"] * 17 + ["changed", "withdrawn", "unreachable"]
LATIN = [
    "COVID-19",
    "GDP",
    "5G",
    "ＡＰＰ",
    "WHO",
    "H7N9",
    "AI",
    "café",
    "PM2.5",
    "e-mail",
    "Gov",
    "government",
    "１２月",
    "2020年",
    "２０２２年",
]
STOPS = "，，，，。。。、；：！？"


def vocabulary() -> tuple[list[str], list[int]]:
    """Words by frequency, and how often each is to be taken up to it (cumulative)."""
    package = find_spec("jieba")
    assert package and package.origin
    lines = Path(package.origin).with_name("dict.txt").read_text("utf-8").splitlines()
    counted = [(word, int(count)) for word, count, _ in map(str.split, lines)]
    counted.sort(key=lambda entry: (-entry[1], entry[0]))
    return [word for word, _ in counted], list(accumulate(count + 3 for _, count in counted))


def articles(number: int, length: int = 200, seed: int = 1) -> Iterator[dict[str, Any]]:
    """Rows of `articles` with texts of about so many characters; sayings return, as officials' do."""
    rnd = random.Random(seed)
    words, weights = vocabulary()
    sayings = [
        "".join(rnd.choices(words, cum_weights=weights, k=rnd.randint(2, 5))) for _ in range(3000)
    ]
    for serial in range(number):
        published = datetime(2015, 1, 1, tzinfo=CHINA) + timedelta(minutes=rnd.randrange(6_000_000))
        text = _text(rnd, words, weights, sayings, int(length * rnd.lognormvariate(0, 0.7)))
        yield row(
            serial,
            _title(rnd, text),
            text,
            rnd.choice(ACCOUNTS),
            published.isoformat(),
            rnd.choice(STATES),
        )


def row(
    serial: int, title: str, text: str, account: str, published_at: str | None, status: str = "live"
) -> dict[str, Any]:
    """A row of `articles`."""
    article_id = f"thepaper-{serial}"
    return {
        "pk": serial + 1,
        "id": article_id,
        "platform": "thepaper" if serial % 3 else "demo",
        "kind": "article",
        "title": title,
        "account": account,
        "account_id": str(100 + ACCOUNTS.index(account)) if account in ACCOUNTS else "1",
        "published_at": published_at,
        "url": f"https://www.thepaper.cn/newsDetail_forward_{serial}",
        "status": status,
        "first_captured_at": "2026-01-01T00:00:00Z",
        "last_captured_at": "2026-01-01T00:00:00Z",
        "checked_at": "2026-01-01T00:00:00Z",
        "watched_from": "2026-01-01T00:00:00Z",
        "version_count": 1,
        "digest": str(serial),
        "producer": "x",
        "text": text,
        "markdown": text,
    }


def _text(
    rnd: random.Random, words: list[str], weights: list[int], sayings: list[str], length: int
) -> str:
    pieces: list[str] = []
    size = 0
    while size < max(length, 20):
        chance = rnd.random()
        if chance < 0.05:
            piece = rnd.choice(LATIN)
        elif chance < 0.25:
            piece = rnd.choice(sayings)
        else:
            piece = "".join(rnd.choices(words, cum_weights=weights, k=rnd.randint(1, 4)))
        pieces.append(piece + rnd.choice((*STOPS, "", "", "", "", "\n")))
        size += len(pieces[-1])
    return "".join(pieces).strip()


def _title(rnd: random.Random, text: str) -> str:
    start = rnd.randrange(max(1, len(text) - 30))
    return text[start : start + rnd.randint(5, 30)].replace("\n", " ")


def write(path: Path, rows: Iterable[dict[str, Any]]) -> None:
    """A database with these articles, indexed as `index` does it."""
    db = store.open_for_index(path)
    with db.atomic():
        keys = []
        for row in rows:
            names, marks = ", ".join(row), ", ".join("?" for _ in row)
            db.conn.execute(f"INSERT INTO articles ({names}) VALUES ({marks})", tuple(row.values()))
            keys.append(row["pk"])
        fulltext.add(db, keys)
    db.close()


HAN = re.compile("[\u3400-\u9fff\U00020000-\U000323af]")


def folded(text: str) -> str:
    """The form in which the scan compares."""
    return unicodedata.normalize("NFKC", text).lower()


class Scan:
    """Which articles hold a word, by looking at all of them."""

    def __init__(self, rows: list[dict[str, Any]]) -> None:
        self.texts = {row["id"]: (folded(row["title"]), folded(row["text"])) for row in rows}
        self.joined = {article_id: "\n\n".join(both) for article_id, both in self.texts.items()}
        self.known: dict[tuple[str, ...], frozenset[str]] = {}
        self.with_character: dict[str, set[str]] = {}
        for article_id, text in self.joined.items():
            for character in set(text):
                self.with_character.setdefault(character, set()).add(article_id)

    def word(self, word: str) -> frozenset[str]:
        """Articles with an unbroken word: Chinese anywhere, else complete words."""
        return self.pieces([word])

    def prefix(self, word: str) -> frozenset[str]:
        """Articles with a word that begins so."""
        pattern = re.compile(
            BEFORE + re.escape(folded(word)) if not HAN.search(word) else re.escape(folded(word))
        )
        return frozenset(
            article_id for article_id, text in self.joined.items() if pattern.search(text)
        )

    def pieces(self, pieces: list[str]) -> frozenset[str]:
        """Articles with these pieces one after the other, with nothing but punctuation and space between."""
        plain = tuple(folded(piece) for piece in pieces)
        if plain not in self.known:
            self.known[plain] = frozenset(self._scan(plain))
        return self.known[plain]

    def _scan(self, plain: tuple[str, ...]) -> Iterator[str]:
        pattern = re.compile(r"[\W_]*".join(map(_bounded, plain)))
        rarest = sorted(
            (self.with_character.get(character, set()) for character in set("".join(plain))),
            key=len,
        )
        candidates = rarest[0].intersection(*rarest[1:])
        if pattern.pattern == plain[0]:  # Chinese alone, which is there wherever its characters are
            yield from (each for each in candidates if plain[0] in self.joined[each])
            return
        for article_id in candidates:
            text = self.joined[article_id]
            if all(piece in text for piece in plain) and any(
                map(pattern.search, self.texts[article_id])
            ):
                yield article_id


BEFORE, AFTER = r"(?:(?<=[\u3400-\u9fff])|(?<![^\W_]))", r"(?:(?=[\u3400-\u9fff])|(?![^\W_]))"


def _bounded(piece: str) -> str:
    """A pattern: letters and digits at the ends of a piece touch no others but Chinese ones."""
    return (
        ("" if HAN.match(piece[0]) else BEFORE)
        + re.escape(piece)
        + ("" if HAN.match(piece[-1]) else AFTER)
    )


@dataclass(frozen=True)
class Asked:
    """A query, of what kind it is, and the articles that it means."""

    kind: str
    query: str
    meant: frozenset[str]
    longest: int  # characters of its longest word, or 99 for a phrase


class Asker:
    """Queries about these articles, each with what a plain scan finds."""

    def __init__(self, rows: list[dict[str, Any]], seed: int = 2) -> None:
        self.rnd = random.Random(seed)
        self.rows = rows
        self.scan = Scan(rows)
        self.frequent = vocabulary()[0][:300]
        self.kinds = [self.any_word] * 70 + [self.joined] * 70 + [self.phrase, self.mixed] * 9
        self.kinds += [self.prefix, self.wide, self.frequent_word]

    def queries(self, number: int) -> Iterator[Asked]:
        """So many."""
        for _ in range(number):
            yield self.rnd.choice(self.kinds)()

    def some(self, longest: int = 12) -> str:
        """Chinese characters that stand together in some article, or, now and then, in none."""
        length = (
            min(self.rnd.choice([2, 3, 4]), longest)
            if self.rnd.random() < 0.4
            else self.rnd.randint(1, longest)
        )
        length += length == 1 and longest > 1 and self.rnd.random() < 0.9
        while True:
            runs = re.findall(f"{HAN.pattern}{{{length},}}", self.rnd.choice(self.rows)["text"])
            if runs:
                run = self.rnd.choice(runs)
                start = self.rnd.randint(0, len(run) - length)
                word = run[start : start + length]
                return word if self.rnd.random() < 0.95 else word[::-1]

    def any_word(self) -> Asked:
        word = self.some()
        return Asked(f"{len(word)} characters", word, self.scan.word(word), len(word))

    def frequent_word(self) -> Asked:
        word = self.rnd.choice(
            [word for word in self.frequent if HAN.match(word) and len(word) > 1]
        )
        return Asked("frequent", word, self.scan.word(word), len(word))

    def joined(self, longest: int = 6) -> Asked:
        first, second = self.some(longest), self.some(longest)
        operator = self.rnd.choice(["", "AND", "OR", "NOT"])
        left, right = self.scan.word(first), self.scan.word(second)
        meant = (
            left | right
            if operator == "OR"
            else left - right
            if operator == "NOT"
            else left & right
        )
        return Asked(
            operator or "side by side",
            f"{first} {operator} {second}".replace("  ", " "),
            meant,
            max(len(first), len(second)),
        )

    def phrase(self) -> Asked:
        while True:
            pieces = re.findall(
                f"{HAN.pattern}+|[，。、；：\n]", self.rnd.choice(self.rows)["text"]
            )
            places = [
                place for place in range(1, len(pieces) - 1) if re.match(r"\W", pieces[place])
            ]
            places = [
                place
                for place in places
                if HAN.match(pieces[place - 1]) and HAN.match(pieces[place + 1])
            ]
            if places:
                place = self.rnd.choice(places)
                first, second = pieces[place - 1][-3:], pieces[place + 1][:3]
                written = self.rnd.choice(
                    [
                        f'"{first} {second}"',
                        f'"{first}，{second}"',
                        f"{first}，{second}",
                        f"{first}-{second}",
                        f"“{first} {second}”",
                    ]
                )
                return Asked("phrase", written, self.scan.pieces([first, second]), 99)

    def prefix(self) -> Asked:
        word = self.rnd.choice(["gov", "GD", "2", "H7", "caf", *(self.some(3) for _ in range(9))])
        return Asked(
            "prefix", f"{word}*", self.scan.prefix(word), len(word) if HAN.match(word) else 1
        )

    def mixed(self) -> Asked:
        first, second = (
            self.rnd.choice(["2020年", "12月", "5G", "COVID-19", "pm2.5", "2022年", "ai"]),
            self.some(4),
        )
        pieces = re.findall(r"[^\W_]+", first)
        return Asked(
            "mixed",
            f"{first} {second}",
            self.scan.pieces(pieces) & self.scan.word(second),
            99 if len(pieces) > 1 else 4,
        )

    def wide(self) -> Asked:
        word = self.rnd.choice(["GDP", "5G", "2020年", "app", "who", "12月"])
        written = "".join(
            chr(ord(character) + 0xFEE0) if "!" <= character <= "~" else character
            for character in word
        )
        return Asked("full-width", written, self.scan.word(word), 2)

    def traditional(self) -> Asked:
        """A word in Traditional spelling, which means all its spellings."""
        word = OpenCC("s2t").convert(self.some(5))
        spellings = {word} | {
            OpenCC(name).convert(word) for name in ("t2s", "s2t", "tw2s", "s2tw", "hk2s", "s2hk")
        }
        return Asked(
            "Traditional", word, frozenset().union(*map(self.scan.word, spellings)), len(word)
        )
