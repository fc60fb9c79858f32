"""What an account was at which times: each kind of event as real archives, and what only looks like one."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from sqlite_utils import Database

from archive.general.account_notices import account_notice
from archive.index import indexer
from archive.page.page import Page
from tests.conftest import rows
from tests.rigs.accounts import MISSING, Past, Seen, in_every_order, story, unknown
from tests.standin.pages import Story
from tests.standin.thepaper import as_json
from tests.standin.web import Reply

pytestmark = pytest.mark.slow  # tries many inputs

NAME = "云溪发布"
STORIES = [story(number, NAME, hours=-24 * number) for number in range(1, 5)]
OTHER = story(90, "别处发布", account_id=50000)
LIVE = Seen(listed=STORIES, pages=[(STORIES[0], None)])
OTHERS = Seen(account_id=50000, name="别处发布", listed=[OTHER], pages=[(OTHER, None)])
HIDDEN = Seen(profile=unknown(), pages=[(STORIES[0], MISSING), (STORIES[1], MISSING)])
MOVED = Seen(coverage={"outcome": "moved", "reason": "redirect sent on to /gov_50000"})
DOWN = Reply(503, body=b"busy")
GONE = {"outcome": "gone", "reason": "http-404"}

Times = list[tuple[float, Seen]]
# Runs, and what the account was: status, hours of its first proof, and of its end where it ended.
HISTORIES: dict[str, tuple[Times, list[tuple[str, int, int | None]]]] = {
    # suspended
    "a profile is not there and the list is empty": (
        [(0, LIVE), (24, HIDDEN), (48, HIDDEN)],
        [("live", 0, 24), ("suspended", 24, None)],
    ),
    "the platform names a measure": (
        [(0, LIVE), (24, replace(HIDDEN, profile=unknown("该账号因违反相关规定已被封禁")))],
        [("live", 0, 24), ("suspended", 24, None)],
    ),
    "the list itself says it": (
        [(0, LIVE), (24, Seen(asks_profile=False, listing=unknown(), coverage={"outcome": "gone", "reason": "said 该账号已被屏蔽"}))],
        [("live", 0, 24), ("suspended", 24, None)],
    ),
    "there is no profile, and the articles are missing": (
        [(0, LIVE), (24, replace(HIDDEN, asks_profile=False))],
        [("live", 0, 24), ("suspended", 24, None)],
    ),
    "the profile is a plain 404": (
        [(0, LIVE), (24, replace(HIDDEN, profile=MISSING))],
        [("live", 0, 24), ("suspended", 24, None)],
    ),
    "it comes back": (
        [(0, LIVE), (24, HIDDEN), (48, HIDDEN), (72, LIVE)],
        [("live", 0, 24), ("suspended", 24, 72), ("live", 72, None)],
    ),
    # removed
    "its owner closed it": (
        [(0, LIVE), (24, replace(HIDDEN, profile=unknown("该用户已自主注销")))],
        [("live", 0, 24), ("removed", 24, None)],
    ),
    "its address is not there any more": (
        [(0, LIVE), (24, Seen(profile=MISSING, listing=MISSING, coverage=GONE))],
        [("live", 0, 24), ("removed", 24, None)],
    ),
    "list and profile say that there is no such account": (
        [(0, LIVE), (24, Seen(profile=unknown("账号不存在"), listing=MISSING, coverage={"outcome": "gone", "reason": "said 账号不存在"}))],
        [("live", 0, 24), ("removed", 24, None)],
    ),
    "in English": (
        [(0, LIVE), (24, Seen(profile=unknown("account not found", 404), listing=MISSING, coverage=GONE))],
        [("live", 0, 24), ("removed", 24, None)],
    ),
    "suspended first, removed then": (
        [(0, LIVE), (24, HIDDEN), (48, Seen(profile=MISSING, listing=MISSING, coverage=GONE))],
        [("live", 0, 24), ("suspended", 24, 48), ("removed", 48, None)],
    ),
    # moved
    "its address leads to another account": (
        [(0, LIVE), (24, MOVED), (48, MOVED)],
        [("live", 0, 24), ("moved", 24, None)],
    ),
    "it moves back": (
        [(0, LIVE), (24, MOVED), (48, LIVE)],
        [("live", 0, 24), ("moved", 24, 48), ("live", 48, None)],
    ),
    # what is none of these
    "an outage": (
        [(0, LIVE), (24, Seen(profile=DOWN, listing=DOWN, coverage={"outcome": "unreachable"})), (48, LIVE)],
        [("live", 0, None)],
    ),
    "a block": (
        [(0, LIVE), (24, Seen(profile=Reply(403), listing=Reply(403), coverage={"outcome": "blocked"})), (48, LIVE)],
        [("live", 0, None)],
    ),
    "an empty list alone": (
        [(0, LIVE), (24, Seen(asks_profile=False)), (48, LIVE)],
        [("live", 0, None)],
    ),
    "an empty list where the account is described as before": (
        [(0, LIVE), (24, Seen()), (48, Seen())],
        [("live", 0, None)],
    ),
    "a profile that is not there over a full list": (
        [(0, LIVE), (24, replace(LIVE, profile=unknown()))],
        [("live", 0, None)],
    ),
    "a list that shrinks": ([(0, LIVE), (24, replace(LIVE, listed=STORIES[:1]))], [("live", 0, None)]),
    "a killed run": ([(0, LIVE), (24, Seen(coverage=None))], [("live", 0, None)]),
}  # fmt: skip


def played(folder: Path, times: Times, *, others: bool = True) -> Past:
    past = Past(folder)
    for hours, seen in times:
        past.crawl(hours, seen, *([OTHERS] if others else []))
    past.index()
    return past


def states(folder: Path, account_id: str = "44871") -> list[tuple[str, int, int | None]]:
    """Status, and the hours at which it was first proved and first over."""
    statement = """SELECT * FROM account_status WHERE account_id = ? AND status <> 'renamed'
        ORDER BY begun_at"""
    return [
        (str(row["status"]), _hours(row["begun_at"]), _hours(row["over_at"]) if row["over_at"] else None)
        for row in rows(folder, statement, account_id)
    ]  # fmt: skip


def _hours(stamp: object) -> int:
    text = str(stamp)
    return (int(text[8:10]) - 1 + 31 * (int(text[5:7]) - 3)) * 24 + int(text[11:13])


@pytest.mark.parametrize("name", HISTORIES)
def test_what_an_account_was(name: str, tmp_path: Path) -> None:
    times, expected = HISTORIES[name]
    played(tmp_path, times)

    assert states(tmp_path) == expected
    assert states(tmp_path, "50000") == [("live", 0, None)]


@pytest.mark.parametrize("name", HISTORIES)
def test_bounds_and_proofs_of_every_state(name: str, tmp_path: Path) -> None:
    played(tmp_path, HISTORIES[name][0])

    known = {row["id"] for row in rows(tmp_path, "SELECT id FROM captures")}
    known |= {row["record"] for row in rows(tmp_path, "SELECT record FROM coverage")}
    before = None
    statement = "SELECT * FROM account_status WHERE account_id = '44871' ORDER BY begun_at"
    for row in rows(tmp_path, statement):
        assert row["before_at"] == before
        assert str(before or "") < str(row["begun_at"]) <= str(row["last_at"])
        assert str(row["last_at"]) < str(row["over_at"] or "9")
        proofs = json.loads(str(row["proofs"]))
        assert proofs and len(proofs) == len(set(proofs))
        assert known.issuperset(proofs)
        before = row["last_at"]


@pytest.mark.slow
@pytest.mark.parametrize("name", HISTORIES)
def test_the_states_are_the_same_in_every_order(name: str, tmp_path: Path) -> None:
    in_every_order(played(tmp_path / "past", HISTORIES[name][0]), most=3)


def test_what_is_hidden_is_proved_hours_later(tmp_path: Path) -> None:
    for hours, confirmed in [(25, False), (48, True)]:
        folder = tmp_path / str(hours)
        played(folder, [(0, LIVE), (24, HIDDEN), (hours, HIDDEN)])
        live, hidden = rows(folder, "SELECT * FROM account_status WHERE account_id = '44871' ORDER BY begun_at")  # fmt: skip
        assert live["confirmed_at"] == live["begun_at"]
        assert bool(hidden["confirmed_at"]) == confirmed
        assert hidden["reason"] == "用户不存在"


ALONE = {
    "neither profile nor list": Seen(profile=MISSING, listing=MISSING, coverage=GONE),
    "a list alone": Seen(asks_profile=False, listing=MISSING, coverage=GONE),
    "an empty list, a profile and articles that are 404": replace(HIDDEN, profile=MISSING),
    "an empty list and articles that are 404": replace(HIDDEN, asks_profile=False),
    "an empty list and a profile that is a tombstone of something else": replace(
        HIDDEN, profile=Reply(410, body=b"gone")
    ),
}


@pytest.mark.parametrize("name", ALONE)
def test_a_404_proves_nothing_where_nothing_else_is_online(name: str, tmp_path: Path) -> None:
    alone = ALONE[name]
    played(tmp_path, [(0, LIVE), (24, alone)], others=False)

    assert states(tmp_path) == [("live", 0, None)]


@pytest.mark.parametrize("every", [1, 6, 24, 48, 24 * 7])
def test_an_account_is_silent_after_three_of_its_intervals_and_three_days(
    every: int, tmp_path: Path
) -> None:
    listed = [story(number, NAME, hours=-every * number) for number in range(10)]
    patience = max(3 * every, 72)
    again = [story(50, NAME, hours=patience + 10), *listed]
    played(
        tmp_path,
        [(hours, Seen(listed=listed)) for hours in (0, patience - 2, patience + 2)]
        + [(patience + 12, Seen(listed=again))],
    )
    assert states(tmp_path) == [
        ("live", 0, patience + 2),
        ("silent", patience + 2, patience + 12),
        ("live", patience + 12, None),
    ]


RENAMES: dict[str, list[Seen]] = {
    "profile and list": [replace(LIVE, name=name) for name in ("云溪发布", "云溪融媒")],
    "the profile alone": [
        replace(LIVE, name="云溪融媒", profile=as_json({"data": {"userInfo": {"sname": name}}}))
        for name in ("云溪发布", "云溪融媒")
    ],
    "the list alone": [
        replace(LIVE, name=name, profile=unknown()) for name in ("云溪发布", "云溪融媒")
    ],
    "without a profile": [
        replace(LIVE, name=name, asks_profile=False) for name in ("云溪发布", "云溪融媒")
    ],
    "the profile is of no use any more": [
        replace(LIVE, name="云溪发布"),
        replace(LIVE, name="云溪融媒", profile=unknown()),
    ],
    "a day between": [
        replace(LIVE, name="云溪发布"),
        replace(LIVE, name="云溪发布"),
        Seen(profile=DOWN, listing=DOWN, coverage={"outcome": "unreachable"}),
        replace(LIVE, name="云溪融媒"),
        replace(LIVE, name="云溪融媒"),
    ],
}


@pytest.mark.parametrize("name", RENAMES)
def test_a_rename_has_both_names_and_its_bounds(name: str, tmp_path: Path) -> None:
    past = played(tmp_path / "past", [(24 * n, seen) for n, seen in enumerate(RENAMES[name])])

    (row,) = rows(past.folder, "SELECT * FROM account_status WHERE status = 'renamed'")
    last = 24 * (len(RENAMES[name]) - 1)
    first, before = {24: (24, 0), 96: (72, 24)}[last]
    assert row["reason"] == "云溪发布 → 云溪融媒"
    assert [_hours(row[column]) for column in ("before_at", "begun_at", "last_at")] == [before, first, last]  # fmt: skip
    assert row["over_at"] is None
    assert states(past.folder) == [("live", 0, None)]
    in_every_order(past, most=2)


RENAMED = "SELECT * FROM account_status WHERE status = 'renamed'"
SPELLINGS = {
    "blanks": ["云溪发布", "云溪 发布", "云溪发布 "],
    "width and capitals": ["云溪ABC", "云溪ＡＢＣ", "云溪abc"],
    "the same": ["云溪发布"] * 3,
}


@pytest.mark.parametrize("name", SPELLINGS)
def test_another_spelling_of_a_name_is_no_other_name(name: str, tmp_path: Path) -> None:
    played(tmp_path, [(24 * n, replace(LIVE, name=each)) for n, each in enumerate(SPELLINGS[name])])
    assert not rows(tmp_path, "SELECT * FROM account_status WHERE status = 'renamed'")


DESCRIBED = as_json({"data": {"userInfo": {"sname": "云溪县人民政府发布"}}})
LISTED = replace(LIVE, name="云溪发布", profile=unknown())


@pytest.mark.parametrize("runs", [1, 2, 3, 4])
def test_the_spelling_of_the_list_is_no_other_name(runs: int, tmp_path: Path) -> None:
    both = replace(LISTED, profile=DESCRIBED)
    seen = [both, both, LISTED, LISTED]
    played(tmp_path, [(24 * n, each) for n, each in enumerate(seen[:runs])])
    assert not rows(tmp_path, RENAMED)


def test_a_list_that_is_first_seen_after_the_last_profile_is_no_other_name(tmp_path: Path) -> None:
    alone = Seen(profile=DESCRIBED, coverage=None)
    played(tmp_path / "no", [(0, alone), (24, LISTED), (48, LISTED)])
    assert not rows(tmp_path / "no", RENAMED)

    played(tmp_path / "yes", [(0, alone), (24, LISTED), (48, replace(LISTED, name="云溪融媒"))])
    assert rows(tmp_path / "yes", RENAMED)


@pytest.mark.parametrize("year", [1, 1899, 2100, 9998, 9999])
def test_an_entry_of_any_year_costs_nothing_else(year: int, tmp_path: Path) -> None:
    listed = [story(number, NAME, hours=-24 * number) for number in range(1, 12)]
    odd = replace(listed[0], cont_id=5_700_500, published=listed[0].published.replace(year=year))
    played(tmp_path, [(24 * n, Seen(listed=[odd, *listed])) for n in range(2)])
    assert states(tmp_path) == [("live", 0, None)]


NOTICES = {
    "not-found": ["用户不存在", "该账号不存在！", "抱歉，您访问的主页找不到", "查无此用户", "User does not exist", "无此账号"],
    "withdrawn": ["该账号已被封禁", "此账号已自主注销", "该用户因违规被屏蔽", "澎湃号已停用，作者已注销", "This account has been suspended", "公众号已被暂停服务"],
    None: ["系统繁忙", "成功", "请登录后查看", "云溪县召开会议", "参数错误", "用户体验改进计划", "账号密码登录"],
}  # fmt: skip


@pytest.mark.parametrize(
    ("outcome", "words"), [(outcome, words) for outcome, all_ in NOTICES.items() for words in all_]
)
def test_notices_about_an_account_are_recognised_in_json_and_in_pages(
    outcome: str | None, words: str
) -> None:
    escaped = json.dumps({"code": 1, "data": None, "desc": words})
    bodies = [
        escaped,
        json.dumps({"result": {"msg": words}}, ensure_ascii=False),
        f"callback({escaped})",
        f"<html><head><title>主页</title></head><body><div><p>{words}</p></div></body></html>",
    ]
    for body in bodies:
        notice = account_notice(Page(url="https://www.example.cn/u/1", body=body.encode()))
        assert (notice.outcome if notice else None) == outcome, body


def test_an_index_that_was_killed_before_the_states_makes_them_the_next_time(
    tmp_path: Path,
) -> None:
    past = played(tmp_path, HISTORIES["it comes back"][0])
    expected = states(tmp_path)
    from archive.database.store import open_for_index

    db = open_for_index(tmp_path / "archive.db")
    with db.atomic():
        db.execute("DELETE FROM account_status")
    db.close()
    past.index()

    assert states(tmp_path) == expected


def test_what_accounts_were_can_be_read_while_files_are_indexed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Several files, an index that is killed between them, and a reader in each moment."""
    past = played(tmp_path, HISTORIES["it comes back"][0][:2])
    before = states(tmp_path)
    for hours, seen in HISTORIES["it comes back"][0][2:]:
        past.crawl(hours, seen, OTHERS)
    read: list[object] = []
    original = indexer.derive_file

    def derive_file(db: Database, name: str) -> None:
        read.append(states(tmp_path))
        if len(read) == 2:
            raise KeyboardInterrupt
        original(db, name)

    with monkeypatch.context() as patched:
        patched.setattr(indexer, "derive_file", derive_file)
        with pytest.raises(KeyboardInterrupt):
            past.index()
    assert read == [before, before] and before
    assert states(tmp_path) == before

    past.index()

    assert len(states(tmp_path)) == len(before) + 1
    assert not rows(tmp_path, "SELECT * FROM about WHERE topic = 'account status'")


def printed(*names: str, late: dict[int, int] | None = None) -> Times:
    """Runs, one a day, which see one new article each that prints a name, and nothing else that does.
    `late`: articles that a run meets again, by run."""
    stories = [story(n, name, hours=24 * n - 2) for n, name in enumerate(names)]
    times: Times = []
    for number, each in enumerate(stories):
        again = [stories[place] for run, place in (late or {}).items() if run == number]
        pages: list[tuple[Story, Reply | None]] = [(page, None) for page in (each, *again)]
        times.append((24 * number, Seen(asks_profile=False, listing=DOWN, listed=[each], pages=pages)))  # fmt: skip
    return times


ONLY_PRINTED: dict[str, tuple[Times, list[str]]] = {
    "once": (printed("云溪发布", "云溪发布", "云溪融媒"), ["云溪发布 → 云溪融媒"]),
    "twice": (printed("甲", "乙", "乙", "丙"), ["甲 → 乙", "乙 → 丙"]),
    "and back": (printed("甲", "乙", "甲"), ["甲 → 乙", "乙 → 甲"]),
    "an old article keeps its name": (
        printed("甲", "乙", *["乙"] * 8, late={9: 0}),
        ["甲 → 乙"],
    ),
    "another spelling": (printed("云溪ABC", "云溪ＡＢＣ"), []),
    "never": (printed("云溪发布", "云溪发布"), []),
}


@pytest.mark.parametrize("name", ONLY_PRINTED)
def test_a_name_that_only_articles_print_is_a_name(name: str, tmp_path: Path) -> None:
    times, expected = ONLY_PRINTED[name]
    past = played(tmp_path, times)

    renamed = rows(tmp_path, f"{RENAMED} AND account_id = '44871' ORDER BY begun_at")
    assert [row["reason"] for row in renamed] == expected
    if name == "once":
        assert _hours(renamed[0]["begun_at"]) == 48
        in_every_order(past)


def test_old_articles_that_are_met_for_the_first_time_say_nothing_of_a_name(tmp_path: Path) -> None:
    old = [story(n, f"旧名{n}", hours=-24 * 90 * n) for n in range(1, 4)]
    new = story(9, "新名", hours=-3)
    pages: list[tuple[Story, Reply | None]] = [(each, None) for each in (new, *old)]
    seen = Seen(asks_profile=False, listing=DOWN, listed=[new, *old], pages=pages)
    played(tmp_path, [(0, seen)])

    assert not rows(tmp_path, RENAMED)


def test_where_a_profile_prints_a_name_articles_do_not_count(tmp_path: Path) -> None:
    pages: list[tuple[Story, Reply | None]] = [(story(1, "甲", hours=-2), None), (story(2, "乙", hours=-1), None)]  # fmt: skip
    played(tmp_path, [(0, replace(LIVE, pages=pages)), (24, LIVE)])

    assert not rows(tmp_path, RENAMED)
