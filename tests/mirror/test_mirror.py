"""A mirror on a real Groonga answers as the archive does, also after edits, withdrawals and an outage."""

from __future__ import annotations

import random
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import asdict
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from click.testing import CliRunner, Result

from archive.archive import Archive
from archive.cli.main import cli
from archive.errors import ArchiveError, UsageError
from archive.mirror.keeping import Changes, keep
from archive.mirror.searching import Mirror
from archive.mirror.units import LONGEST, units_of
from archive.search.search import Hit
from tests.attachments.test_search import QUERIES, files
from tests.conftest import ROOT
from tests.rigs.attached import Notice, crawl
from tests.rigs.corpus import Asker, articles, row, write
from tests.rigs.groonga_server import GroongaServer, groonga
from tests.rigs.history import played

pytestmark = [pytest.mark.e2e, pytest.mark.slow, pytest.mark.xdist_group("mirror")]
NUMBER = 1500
COUNTED = ("all", "platform", "status", "account", "month", "year")
AWKWARD = [
    row(9000, "引号\"和\\反斜线", "全文有\"引号\"、\\反斜线，还有 (括号) 和 100% 的数", "云 溪", None),
    row(9001, "很长的词", f"网址{'a' * (LONGEST + 5)}结束，其后。𠮷野家 é café ＧＤＰ", "Abc", "2020-02-02"),
    row(9002, "空", "", "abc", "9999-12-31"),
    row(9003, "标题，有逗号", "甲乙，丙丁\n戊己_庚辛", "健康中国", "2021-05-05T08:00:00+08:00", "withdrawn"),
]  # fmt: skip
AWKWARD_QUERIES = [
    "引号", '"引号和"', "反斜线", "\\", '"', "a" * (LONGEST + 5), "a" * LONGEST, "𠮷野", "𠮷", "CAFÉ", "gdp", "gd", "GD*",
    "甲乙丙丁", "甲乙，丙丁", "乙丙", "丁戊", "丁，戊", "己庚", "己_庚", "title:标题有", "title:标题，有", "account:abc", "account:云溪",
    "account:云，溪", "100%", "(括号)", "caf*", "title:空", "甲乙 NOT 丙丁", "甲乙 OR 引号", "title:甲乙", "zz*", "甲，乙，丙，丁，戊，己",
]  # fmt: skip


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[GroongaServer]:
    with groonga(tmp_path_factory.mktemp("groonga") / "data") as running:
        yield running


def archive_of(folder: Path, rows: list[dict[str, Any]]) -> Path:
    folder.mkdir(exist_ok=True)
    (folder / "archive.db").unlink(missing_ok=True)
    write(folder / "archive.db", rows)
    return folder


def brought(folder: Path, server: GroongaServer, **how: bool) -> Changes:
    with Archive(folder) as archive:
        return keep(archive, server.url, **how)


def assert_alike(
    archive: Archive, mirror: Mirror, query: str, counted: Sequence[str] = COUNTED, **how: Any
) -> list[Hit]:
    """The hits of a query, which both give alike; so are a page of them and counts."""
    hits = archive.search(query, limit=None, **how)
    assert [asdict(hit) for hit in mirror.search(query, limit=None, **how)] == [
        asdict(hit) for hit in hits
    ], (query, how)
    assert mirror.search(query, limit=3, offset=2, **how) == hits[2:5]
    for by in counted:
        assert mirror.count(query, by, **how) == archive.count(query, by, **how), (query, by, how)
    return hits


def filters(chance: random.Random) -> dict[str, Any]:
    given = {
        "platform": chance.choice(["thepaper", "demo"]),
        "status": chance.choice(["live", "changed", "withdrawn"]),
        "account": chance.choice(["健康中国", "100", "Abc"]),
        "since": chance.choice(["2016-07-01", "2020-02-02", "2022-01-01"]),
        "until": chance.choice(["2023-12-31", "9999-12-31", "2024-02-29"]),
        "kind": "article",
    }
    return {name: value for name, value in given.items() if chance.random() < 0.25}


def test_five_hundred_queries_are_answered_as_by_the_archive(
    server: GroongaServer, tmp_path: Path
) -> None:
    rows = [*articles(NUMBER), *AWKWARD]
    folder = archive_of(tmp_path / "a", rows)
    assert brought(folder, server, anew=True) == Changes(written=len(rows))
    assert brought(folder, server) == Changes(unchanged=len(rows))

    asker, chance, kinds = Asker(rows), random.Random(3), dict[str, int]()
    with Archive(folder) as archive, Mirror(server.url) as mirror:
        for asked in asker.queries(500):
            hits = assert_alike(
                archive,
                mirror,
                asked.query,
                [chance.choice(COUNTED)],
                widen=False,
                **filters(chance),
            )
            kinds[asked.kind] = kinds.get(asked.kind, 0) + bool(hits)
        for query in AWKWARD_QUERIES:
            try:
                archive.search(query)
            except UsageError:
                with pytest.raises(UsageError, match="no word to search for"):
                    mirror.search(query)
            else:
                assert_alike(archive, mirror, query)
    assert len(kinds) > 15 and sum(kinds.values()) > 200


def test_edits_withdrawals_and_an_outage_are_caught_up_with(
    server: GroongaServer, tmp_path: Path
) -> None:
    rows = list(articles(300, seed=5))
    folder = archive_of(tmp_path / "a", rows)
    brought(folder, server, anew=True)
    server.stop()
    with pytest.raises(ArchiveError, match="cannot be asked"):
        brought(folder, server)

    edited = [each | {"text": f"改过的内容{each['text']}"} for each in rows[10:20]]
    gone = [each | {"status": "withdrawn"} for each in rows[20:25] if each["status"] != "withdrawn"]
    later = [row(800 + number, "题", "后来补发的通告", "后来", "2026-02-02") for number in range(7)]
    changes = [each for each in rows[30:] if each["pk"] not in (100, 200, 300)]
    now = [*rows[:10], *edited, *gone, *changes, *later]
    archive_of(folder, now)
    server.start()

    done = brought(folder, server)
    assert done.written == len(edited) + len(gone) + len(later)
    assert done.deleted == len(rows) - len(rows[:10] + edited + gone + changes)
    assert done.unchanged == len(now) - done.written
    with Archive(folder) as archive, Mirror(server.url) as mirror:
        assert len(assert_alike(archive, mirror, "改过的内容")) == len(edited)
        assert len(assert_alike(archive, mirror, "后来补发的通告")) == len(later)
        for asked in Asker(now).queries(40):
            assert_alike(archive, mirror, asked.query, [], widen=False)


def test_what_was_broken_off_is_gone_on_with(server: GroongaServer, tmp_path: Path) -> None:
    rows = list(articles(400, length=2000, seed=7))
    folder = archive_of(tmp_path / "a", rows)
    command = [sys.executable, "-m", "archive", "--archive", str(folder), "mirror", server.url]
    with subprocess.Popen([*command, "--anew"], cwd=ROOT) as process:
        with suppress(subprocess.TimeoutExpired):
            process.wait(1)
        process.kill()

    done = brought(folder, server)
    assert done.written + done.unchanged == len(rows) and done.deleted == 0
    assert brought(folder, server) == Changes(unchanged=len(rows))
    with Archive(folder) as archive, Mirror(server.url) as mirror:
        for asked in Asker(rows).queries(20):
            assert_alike(archive, mirror, asked.query, [], widen=False)


def test_words_in_attachments_are_found_on_their_pages(
    server: GroongaServer, tmp_path: Path
) -> None:
    crawl(tmp_path, [Notice(number=number, day=13 - number, files=files(number)) for number in range(1, 8)])  # fmt: skip
    with Archive(tmp_path) as archive:
        archive.index()
    brought(tmp_path, server, anew=True)

    with Archive(tmp_path) as archive, Mirror(server.url) as mirror:
        hits = [
            hit
            for query in QUERIES
            for within in ("everywhere", "text", "attachments")
            for hit in assert_alike(archive, mirror, query, within=within)
        ]
    assert any(hit.attachment for hit in hits) and not all(hit.attachment for hit in hits)


def run(folder: Path, *words: str) -> Result:
    return CliRunner().invoke(cli, ["--archive", str(folder), *words])


def test_an_archive_of_crawls_is_mirrored_and_searched_by_the_program(
    server: GroongaServer, tmp_path: Path
) -> None:
    (tmp_path / "a").mkdir()
    played(tmp_path / "a", ["0h ok listed", "24h edit listed", "48h 404 unlisted"])
    assert run(tmp_path / "a", "mirror", server.url, "--anew").exit_code == 0

    by_archive = run(tmp_path / "a", "search", "通告 OR 会议", "--json")
    by_mirror = run(
        tmp_path / "nowhere", "search", "通告 OR 会议", "--json", "--mirror", server.url
    )
    assert by_mirror.stdout == by_archive.stdout != ""
    assert run(tmp_path, "search", "没有的词", "--mirror", server.url).output.startswith(
        "0 hits: the mirror"
    )
    refused = run(tmp_path, "search", "通告", "--mirror", server.url, "--order", "relevance")
    assert (refused.exit_code, "by date only" in refused.output) == (2, True)
    refused = run(tmp_path, "search", "通告", "--mirror", server.url, "--account", "无")
    assert (refused.exit_code, "no account 无" in refused.output) == (2, True)


def test_a_mirror_of_another_archive_is_not_overwritten(
    server: GroongaServer, tmp_path: Path
) -> None:
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        played(tmp_path / name, ["0h ok" if name == "a" else "1h ok"])
        with Archive(tmp_path / name) as archive:
            archive.extend_chain() if hasattr(archive, "extend_chain") else archive.index()
    brought(tmp_path / "a", server, anew=True)
    with pytest.raises(UsageError, match="mirrors another archive"):
        brought(tmp_path / "b", server)
    assert brought(tmp_path / "a", server).written == 0


class Nonsense(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b"<html>hello</html>")

    def log_message(self, *words: Any) -> None:
        pass


def test_what_is_no_groonga_is_said(tmp_path: Path) -> None:
    folder = archive_of(tmp_path / "a", [row(1, "题", "文", "云溪", None)])
    with HTTPServer(("127.0.0.1", 0), Nonsense) as listening:
        Thread(target=listening.serve_forever, daemon=True).start()
        done = run(folder, "mirror", f"groonga://127.0.0.1:{listening.server_port}")
        listening.shutdown()
    assert (done.exit_code, "is no Groonga (HTTP 200)" in done.output) == (1, True)


@pytest.mark.parametrize("address", ["", "http://a", "groonga://", "groonga://a:x", "groonga://a/b", "a:1"])  # fmt: skip
def test_what_is_no_address_is_said(address: str, tmp_path: Path) -> None:
    done = run(archive_of(tmp_path / "a", [row(1, "题", "文", "云溪", None)]), "mirror", address)
    assert (done.exit_code, "is no address of a search server" in done.output) == (2, True)


def test_a_server_without_a_mirror_says_how_to_make_one(tmp_path: Path) -> None:
    with groonga(tmp_path / "data") as empty:
        done = run(tmp_path, "search", "通告", "--mirror", empty.url)
    assert (done.exit_code, f"run `zhengwen mirror {empty.url}`" in done.output) == (2, True)


def test_units_keep_runs_apart() -> None:
    assert units_of("疫情，ＧＤＰ 2020年\n完") == "疫 情 | gdp | 2020 年 | 完"
    assert units_of("") == units_of("，。") == ""
