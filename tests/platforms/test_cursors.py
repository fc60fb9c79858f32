"""Lists as JSON whose next page is named by the answer before, as a description in TOML says."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from archive.errors import UsageError
from archive.platform import Ask
from archive.platforms.kit.toml import Description, described
from tests.platforms.lists import MadeList, chunk, toml
from tests.platforms.test_lists import walk

API = "https://www.yunxi.example/api/list"
PAGES = 3
TOKENS = ["", "b/2+=&", "页3"]  # of the pages


def entries(number: int) -> list[dict[str, Any]]:
    return [{"id": n, "title": f"第{n}期供水保障通知", "publishTime": 1_930_095_000_000} for n in chunk(number)]  # fmt: skip


def answer(number: int, **more: Any) -> str:
    return json.dumps({"data": {"list": entries(number) if number <= PAGES else [], **more}})


def by_token(token: str) -> str:
    number = TOKENS.index(token) + 1
    return answer(number, next=TOKENS[number] if number < PAGES else None)


def by_last_id(last: str) -> str:
    return answer(int(last or 0) // 4 + 1)


def asked(ask: Ask) -> str:
    """The cursor of a request: of its query, its form, or its JSON."""
    if not ask.body:
        return parse_qs(urlsplit(ask.url).query, keep_blank_values=True)["c"][0]
    if ask.body.startswith(b"{"):
        return str(json.loads(ask.body)["c"])
    return parse_qs(ask.body.decode(), keep_blank_values=True)["c"][0]


def case(give: Callable[[str], str], url: str, *lines: str) -> MadeList:
    def site(ask: Ask) -> str | None:
        return give(asked(ask)) if ask.url.startswith(API) else None

    return MadeList("https://www.yunxi.example/notice/", 12, site, toml=toml(url, *lines))


def ends_with(end: object) -> Callable[[str], str]:
    """A list whose last answer says this in the place of a cursor."""
    return lambda token: answer(2, next=end) if token else answer(1, next="x")


FOLLOWED = {
    "in the address": case(by_token, f"{API}?c={{cursor}}", 'cursor = "data.next"'),
    "in a form": case(by_token, API, 'cursor = "data.next"', 'post = "channel=7&c={cursor}"'),
    "in JSON": case(by_token, API, 'cursor = "data.next"', 'post = \'{"c": "{cursor}"}\''),
    "of the last entry": case(by_last_id, f"{API}?c={{cursor}}&n=4", 'cursor = "last.id"'),
    "of the last entry, posted": case(by_last_id, API, 'cursor = "last.id"', 'post = \'{"c": "{cursor}"}\''),
    "with a beginning": case(lambda c: by_token("" if c == "first" else c), f"{API}?c={{cursor}}", 'cursor = "data.next"', 'start = "first"'),
}  # fmt: skip


@pytest.mark.parametrize("name", FOLLOWED)
def test_a_list_by_cursors_is_walked_to_its_end(name: str, tmp_path: Path) -> None:
    walked, links = walk(FOLLOWED[name], tmp_path)

    assert len(links) == 12 and walked.complete, walked.progress
    assert walked.progress.end == "platform_said"


@pytest.mark.parametrize("end", [None, "", 0, "0", -1, "-1", False], ids=repr)
def test_an_answer_without_a_cursor_is_the_last(end: object, tmp_path: Path) -> None:
    walked, links = walk(case(ends_with(end), f"{API}?c={{cursor}}", 'cursor = "data.next"'), tmp_path)  # fmt: skip

    assert len(links) == 8 and walked.complete


def test_a_cursor_that_leads_to_itself_is_no_end(tmp_path: Path) -> None:
    walked, links = walk(case(ends_with("x"), f"{API}?c={{cursor}}", 'cursor = "data.next"'), tmp_path)  # fmt: skip

    assert len(links) == 8 and not walked.complete


def test_a_site_that_does_not_mind_the_cursor_is_no_end(tmp_path: Path) -> None:
    ignores = case(lambda token: answer(1, next="x"), f"{API}?c={{cursor}}", 'cursor = "data.next"')

    walked, links = walk(ignores, tmp_path)

    assert len(links) == 4 and not walked.complete


@pytest.mark.parametrize("lines", [('cursor = "data.next"',), ('cursor = "data.next"', 'post = "c=1"')])  # fmt: skip
def test_a_cursor_without_its_place_is_wrong_usage(lines: tuple[str, ...], tmp_path: Path) -> None:
    (tmp_path / "x.toml").write_text(toml(f"{API}?c={{page}}", *lines), "utf-8")

    with pytest.raises(UsageError, match=r"must have \{cursor\} where the cursor belongs"):
        described(Description.read(tmp_path / "x.toml"))
