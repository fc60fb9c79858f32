"""A platform that a user describes in a few lines: RSS, Atom, a sitemap, a list page; and descriptions that cannot be."""

from __future__ import annotations

import os
import pickle
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from archive import Archive, platforms
from archive.database import producer
from archive.errors import ArchiveError, UsageError
from archive.model import Account
from archive.page.page import Page
from archive.platforms.kit.toml import Description, described
from tests.conftest import FAST, ROOT, Program, dump, installed, rows
from tests.standin.web import LoopbackWeb, Reply, Request
from tests.standin.worlds import BODY, DAY, TEXT, TITLE, html

SITE = "https://www.yunxi.example"
TOML = f"""
name = "yunxi"
title = "云溪新闻网"
hosts = ["www.yunxi.example"]
article = '/news/(\\d+)\\.html$'
[lists]
feed = "{SITE}/rss.xml"
atom = "{SITE}/atom.xml"
map = "{SITE}/sitemap.xml"
page = "{SITE}/list.html"
"""
SELECTORS = """[selectors]
title = "//h2"
body = "//div[@class='odd']"
time = "//i"
"""
FEEDS = {
    "/rss.xml": f"""<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel><title>x</title>
        <item><title>{TITLE}</title><link>{SITE}/news/1.html?from=rss</link><pubDate>Sat, 01 Mar 2021 09:30:00 +0800</pubDate></item>
        <item><title>elsewhere</title><link>https://other.example/news/9.html</link></item></channel></rss>""",
    "/atom.xml": f"""<feed xmlns="http://www.w3.org/2005/Atom"><entry><title>{TITLE}</title><link rel="alternate" href="{SITE}/news/2.html"/>
        <published>2021-03-01T01:30:00Z</published></entry></feed>""",
    "/sitemap.xml": f"""<?xml version="1.0"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"><url><loc>{SITE}/news/3.html</loc></url></urlset>""",
}


def site(request: Request) -> Reply:
    if request.path in FEEDS:
        return Reply(headers={"Content-Type": "text/xml"}, body=FEEDS[request.path].encode())
    if request.path in ("/list.html", "/list_2.html"):
        number, more = (
            (4, f"<a href='{SITE}/list_2.html'>下一页</a>")
            if request.path == "/list.html"
            else (5, "")
        )
        return html(
            f"<ul><li><a href='/news/{number}.html'>{TITLE}</a><span>{DAY}</span></li></ul>{more}",
            title="通知",
        )
    if request.path.startswith("/news/"):
        return html(
            f"<h1>网站的名字叫云溪</h1><h2>{TITLE}</h2><i>2021-03-01 09:30</i><div class='odd'>{BODY}</div>",
            title="云溪新闻网",
        )
    return Reply(404)


@pytest.fixture
def folder(web: LoopbackWeb, archive_dir: Path) -> Path:
    web.sites["www.yunxi.example"] = site
    (archive_dir / "platforms").mkdir()
    (archive_dir / "platforms" / "yunxi.toml").write_text(TOML + SELECTORS, "utf-8")
    return archive_dir


def test_a_described_platform_is_crawled_like_any_other(folder: Path, zhengwen: Program) -> None:
    zhengwen(
        "follow",
        *(f"{SITE}/{name}" for name in ("rss.xml", "atom.xml", "sitemap.xml", "list.html")),
    )
    zhengwen("crawl", *FAST)

    articles = rows(folder, "SELECT id, title, text, published_at FROM articles ORDER BY id")
    assert [row["id"] for row in articles] == [f"yunxi-{number}" for number in (1, 2, 3, 4, 5)]
    assert all(
        (row["title"], row["text"], row["published_at"])
        == (TITLE, TEXT, "2021-03-01T09:30:00+08:00")
        for row in articles
    )
    assert {
        (row["account_id"], row["outcome"]) for row in rows(folder, "SELECT * FROM coverage")
    } == {(name, "new") for name in ("feed", "atom", "map", "page")}
    assert "yunxi-1" in zhengwen("search", "防汛", "--platform", "yunxi").stdout


def test_a_feed_that_became_something_else_is_reported(
    folder: Path, web: LoopbackWeb, zhengwen: Program
) -> None:
    zhengwen("follow", f"{SITE}/rss.xml")
    web.sites["www.yunxi.example"] = lambda request: Reply(body=b"<html><body>hello</body></html>")
    zhengwen("crawl", *FAST, check=3)
    assert [row["outcome"] for row in rows(folder, "SELECT outcome FROM coverage")] == [
        "format_changed"
    ]


def test_the_kinds_of_lists(tmp_path: Path) -> None:
    (tmp_path / "y.toml").write_text(TOML, "utf-8")
    platform = described(Description.read(tmp_path / "y.toml"))
    assert platform.discover and platform.listing
    for path, published in (
        ("/rss.xml", "2021-03-01T09:30:00+08:00"),
        ("/atom.xml", "2021-03-01T09:30:00+08:00"),
        ("/sitemap.xml", None),
    ):
        link, *outside = platform.discover(Page(url=SITE + path, body=FEEDS[path].encode())).links
        assert [entry.kind for entry in outside] == ["outside"] * (path == "/rss.xml")
        assert link.published_at == published
    assert (
        platform.listing(Account(platform="yunxi", account_id="feed", url="")).url
        == f"{SITE}/rss.xml"
    )
    bomb = (
        b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><rss><item><link>'
        + SITE.encode()
        + b"/news/1.html</link><title>&b;</title></item></rss>"
    )
    assert platform.discover(Page(url=f"{SITE}/rss.xml", body=bomb)).links[0].id == "1"


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        (("name = ", "nam = "), "nam is no key; did you mean name?"),
        (('name = "yunxi"\n', ""), "name is missing"),
        (('name = "yunxi"', 'name = "云溪"'), "small letters"),
        (('name = "yunxi"', 'name = "sohu"'), "is taken"),
        (('hosts = ["www.yunxi.example"]', "hosts = []"), "hosts must be"),
        (("'/news/(\\d+)\\.html$'", "'/news/\\d+'"), "in parentheses"),
        (("'/news/(\\d+)\\.html$'", "'/news/('"), "no regular expression"),
        ((f'feed = "{SITE}/rss.xml"', 'feed = "rss.xml"'), "lists.feed"),
        (("[lists]", "colour = 1\n[lists]"), "colour is no key"),
        (("[lists]", "lists"), "as TOML"),
        (('body = "//div', 'body = "//div[['), "selectors.body is no XPath"),
        (("time = ", "tme = "), "selectors.tme"),
        (('title = "//h2"', ""), "selectors.title is missing"),
    ],
)
def test_a_description_that_cannot_be_is_reported_in_a_sentence(
    change: tuple[str, str], problem: str, folder: Path, zhengwen: Program
) -> None:
    text = (TOML + SELECTORS).replace(*change)
    assert text != TOML + SELECTORS
    (folder / "platforms" / "yunxi.toml").write_text(text, "utf-8")

    done = zhengwen("follow", f"{SITE}/rss.xml", check=2)
    assert problem in done.stderr and done.stderr.count("\n") == 1


def test_a_file_that_is_no_text(tmp_path: Path) -> None:
    (tmp_path / "y.toml").write_bytes(b"\xff\xfe")
    with pytest.raises(UsageError, match="cannot be read"):
        described(Description.read(tmp_path / "y.toml"))


def test_scrapy_itself_knows_the_platforms_of_the_archive(folder: Path, web: LoopbackWeb) -> None:
    def scrapy(*words: str, **environ: str) -> str:
        done = subprocess.run(
            [installed("scrapy"), *words],
            check=False,
            env={**os.environ, **web.environ(), **environ},
            capture_output=True,
            text=True,
            timeout=120,
            cwd=ROOT,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    assert "yunxi" in scrapy("list", ZHENGWEN_ARCHIVE=str(folder)).split()
    assert "yunxi" in scrapy("list", "-s", f"ARCHIVE={folder}").split()
    assert "yunxi" not in scrapy("list", ZHENGWEN_ARCHIVE=str(folder.parent)).split()
    scrapy("crawl", "yunxi", "-a", f"account={SITE}/rss.xml", *FAST, "-s", f"ARCHIVE={folder}")

    (article,) = rows(folder, "SELECT id, title FROM articles")
    assert article == {"id": "yunxi-1", "title": TITLE}


FROM_PYTHON = """
import sys
from pathlib import Path
from archive import Archive
from archive.platforms import load
from crawler.given_settings import settings_of
from crawler.start import crawl
from crawler.targets import resolve

folder, described, url = sys.argv[1:]
with Archive(folder, platforms=load(Path(described))) as archive:
    archive.follow([url])
    settings = settings_of(archive.path, ["DOWNLOAD_DELAY=0"], {})
    outcome = crawl(archive, settings, resolve(archive, ()), {})
    print(archive.id_of("https://www.yunxi.example/news/1.html?from=mail"))
raise SystemExit(outcome.exit_code)
"""


@pytest.mark.e2e
@pytest.mark.parametrize("elsewhere", ["nowhere", "otherwise", "in the environment"])
def test_a_crawl_from_python_is_by_the_platforms_of_its_archive(
    elsewhere: str, web: LoopbackWeb, archive_dir: Path, tmp_path: Path
) -> None:
    """Whatever the archive's folder and the environment describe."""
    web.sites["www.yunxi.example"] = site
    for path, text in {
        tmp_path / "described": TOML + SELECTORS,
        archive_dir / "platforms": TOML.replace("(\\d+)", "(9)") + SELECTORS
        if elsewhere == "otherwise"
        else "name = 1",
        tmp_path / "environment": TOML.replace("yunxi", "hetan"),
    }.items():
        if elsewhere != "nowhere" or path.name == "described":
            path.mkdir()
            (path / "yunxi.toml").write_text(text, "utf-8")
    environ = {**os.environ, **web.environ()}
    environ.pop("ZHENGWEN_PLATFORMS", None)
    if elsewhere == "in the environment":
        environ["ZHENGWEN_PLATFORMS"] = str(tmp_path / "environment")

    done = subprocess.run(
        [sys.executable, "-c", FROM_PYTHON, str(archive_dir), str(tmp_path / "described"),
         f"{SITE}/rss.xml"],
        check=False, capture_output=True, text=True, timeout=120, cwd=ROOT, env=environ,
    )  # fmt: skip

    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.splitlines()[-1] == "yunxi-1"
    assert rows(archive_dir, "SELECT id, title FROM articles") == [
        {"id": "yunxi-1", "title": TITLE}
    ]


@pytest.mark.parametrize("elsewhere", ["nowhere", "in the archive"])
def test_a_search_from_python_is_by_the_platforms_of_its_archive(
    elsewhere: str, archive_dir: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """They are those given with it, not those that the folder describes."""
    monkeypatch.delenv("ZHENGWEN_PLATFORMS", raising=False)
    (tmp_path / "yunxi.toml").write_text(TOML + SELECTORS, "utf-8")
    if elsewhere == "in the archive":
        (archive_dir / "platforms").mkdir()
        (archive_dir / "platforms" / "hetan.toml").write_text(TOML.replace("yunxi", "hetan"))

    with Archive(archive_dir, platforms=platforms.load(tmp_path)) as archive:
        archive.index()
        assert archive.search("云溪", platform="yunxi") == []
        with pytest.raises(UsageError, match="hetan"):
            archive.search("云溪", platform="hetan")


@pytest.mark.e2e
@pytest.mark.parametrize("command", ["list", "crawl"])
def test_scrapy_says_in_a_sentence_what_is_wrong_with_a_description(
    command: str, archive_dir: Path
) -> None:
    (archive_dir / "platforms").mkdir()
    (archive_dir / "platforms" / "yunxi.toml").write_text(TOML.replace("name =", "nam ="), "utf-8")
    words = [command, *(["thepaper"] if command == "crawl" else []), "-s", f"ARCHIVE={archive_dir}"]

    done = subprocess.run(
        [installed("scrapy"), *words],
        check=False,
        capture_output=True,
        text=True,
        timeout=180,
        cwd=ROOT,
    )

    assert done.returncode == 2
    assert done.stdout == ""
    lines = [line for line in done.stderr.splitlines() if "[scrapy" not in line]
    assert (
        len(lines) == 1 and lines[0].startswith("zhengwen: ") and "did you mean name?" in lines[0]
    )


def test_a_package_holds_the_descriptions_that_a_rebuild_needs(
    folder: Path, tmp_path: Path, zhengwen: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("ZHENGWEN_PLATFORMS", raising=False)
    (folder / "platforms" / "hetan.toml").write_text(TOML.replace("yunxi", "hetan"), "utf-8")
    zhengwen("follow", f"{SITE}/rss.xml", f"{SITE}/list.html")
    zhengwen("crawl", *FAST)

    with Archive(folder) as archive:
        archive.export(tmp_path / "full")
        archive.export(tmp_path / "text", tier="text")

    for name in ("yunxi.toml", "hetan.toml"):
        path = f"data/platforms/{name}"
        assert (tmp_path / "full" / path).read_bytes() == (folder / "platforms" / name).read_bytes()
        for list_ in ("manifest-sha256.txt", "datapackage.json", "ro-crate-metadata.json"):
            assert path in (tmp_path / "full" / list_).read_text("utf-8")
    for name, count in (("full", 1), ("text", 0)):
        for readme in ("README.md", "README.zh.md"):
            text = (tmp_path / name / readme).read_text("utf-8")
            assert text.count("`data/platforms/*.toml`") == count
    assert not (tmp_path / "text" / "data" / "platforms").exists()
    assert zhengwen("verify", "--package", str(tmp_path / "full")).stdout == ""

    received = tmp_path / "received"
    for part in ("platforms", "warc"):
        shutil.copytree(tmp_path / "full" / "data" / part, received / part)
    with Archive(received) as again:
        again.rebuild()
        assert again.unknown_platforms() == {}
    statement = "SELECT id, title, text, producer FROM articles ORDER BY id"
    assert len(rows(received, statement)) == 3
    assert rows(received, statement) == rows(folder, statement)

    with (folder / "platforms" / "yunxi.toml").open("a") as file:
        file.write("# edited")
    with (
        Archive(folder) as edited,
        pytest.raises(ArchiveError, match=r"\(yunxi.toml has changed\); run `zhengwen rebuild`"),
    ):
        edited.export(tmp_path / "edited")
    with Archive(folder) as edited:
        edited.export(tmp_path / "edited", tier="text")


def test_captures_of_a_platform_that_is_not_known_are_counted(
    folder: Path, zhengwen: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("ZHENGWEN_PLATFORMS", raising=False)
    zhengwen("follow", f"{SITE}/rss.xml")
    zhengwen("crawl", *FAST)
    assert zhengwen("index").stderr == ""
    shutil.move(folder / "platforms" / "yunxi.toml", folder / "yunxi.toml")
    (number,) = rows(folder, "SELECT count(*) AS captures FROM captures")

    for command in ("rebuild", "index"):
        (line,) = zhengwen(command, check=3).stderr.splitlines()
        assert line.startswith(f"zhengwen: {number['captures']} captures of the platform yunxi ")
        assert str(folder / "platforms") in line

    shutil.move(folder / "yunxi.toml", folder / "platforms" / "yunxi.toml")
    assert zhengwen("rebuild").stderr == ""
    assert len(rows(folder, "SELECT id FROM articles")) == 1


def test_archives_with_different_platforms_work_side_by_side_in_a_process(
    folder: Path, tmp_path: Path, zhengwen: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The same WARC, and two archives that describe its platform in two ways."""
    monkeypatch.delenv("ZHENGWEN_PLATFORMS", raising=False)
    zhengwen("follow", f"{SITE}/rss.xml", f"{SITE}/list.html")
    zhengwen("crawl", *FAST)
    other = tmp_path / "other"
    shutil.copytree(folder, other)
    (other / "platforms" / "yunxi.toml").write_text(
        TOML + SELECTORS.replace("//h2", "//h1"), "utf-8"
    )
    zhengwen("rebuild", archive=other)
    by_command_line = {path: dump(path) for path in (folder, other)}
    for path in (folder, other):
        (path / "archive.db").unlink()

    with Archive(folder) as here, Archive(other) as there:
        for archive in (here, there, here):
            archive.index()
        assert {path: dump(path) for path in (folder, other)} == by_command_line
        for archive, workers in ((there, 1), (here, 2), (there, 2)):
            archive.rebuild(workers=workers)
        assert {path: dump(path) for path in (folder, other)} == by_command_line
        for archive in (here, there, here):
            assert archive.verify() == []
            assert archive.compare() == []
        assert [hit.title for hit in here.search("防汛")] == [TITLE] * 3
        assert [hit.title for hit in there.search("防汛")] == ["网站的名字叫云溪"] * 3
        assert here.archived_platforms() == there.archived_platforms() == ["yunxi"]


def test_the_variable_comes_before_the_folder_of_the_archive(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("yunxi", "hetan"):
        (tmp_path / name / "platforms").mkdir(parents=True)
        text = TOML.replace("yunxi", name)
        (tmp_path / name / "platforms" / f"{name}.toml").write_text(text, "utf-8")
    monkeypatch.delenv("ZHENGWEN_PLATFORMS", raising=False)
    own = platforms.of_archive(tmp_path / "yunxi")
    assert "yunxi" in own and "yunxi" not in platforms.load()

    monkeypatch.setenv("ZHENGWEN_PLATFORMS", str(tmp_path / "hetan" / "platforms"))
    for known in (platforms.of_archive(tmp_path / "yunxi"), platforms.load()):
        assert "hetan" in known and "yunxi" not in known
    assert "yunxi" in platforms.load(tmp_path / "yunxi" / "platforms")


def test_platforms_reach_another_process_as_the_bytes_of_their_descriptions(tmp_path: Path) -> None:
    (tmp_path / "yunxi.toml").write_text(TOML, "utf-8")
    known = platforms.load(tmp_path)
    sent = pickle.dumps(known)
    (tmp_path / "yunxi.toml").unlink()

    received = pickle.loads(sent)

    assert list(received) == list(known)
    assert received.resolve(f"{SITE}/news/1.html")[1] == known.resolve(f"{SITE}/news/1.html")[1]
    assert producer.current(received) == producer.current(known)
