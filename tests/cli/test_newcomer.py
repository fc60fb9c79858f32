"""A newcomer's hour: wrong and unlucky inputs, each of which gets one sentence that helps and the documented exit code, and loses nothing."""

from __future__ import annotations

import errno
import hashlib
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ed25519, rsa

from archive import Archive
from archive.cli.disk_errors import sentence_of
from crawler.cli import cli
from tests.rigs.history import STORY, URL, History

pytestmark = pytest.mark.slow  # tries many inputs

ACCOUNTS = """platform,account_id,name,url,state,reason
thepaper,900,云溪发布,https://www.thepaper.cn/gov_900,,
"""
FILES = {
    "junk.txt": b"https://www.thepaper.cn/gov_1\nsome words here\n",
    "empty.txt": b"\n\n",
    "list.xlsx": b"PK\x03\x04" + bytes(40),
    "bad.opml": b"<opml><body></opml>",
    "page.pdf": b"%PDF-1.4\n",
    "key.pem": b"no key",
    "accounts/csv/accounts.csv": b"hello world\n",
    "accounts/empty/accounts.csv": b"",
    "accounts/blank/accounts.csv": b"\xef\xbb\xbf\r\n\r\n",
    "accounts/workbook/accounts.csv": b"PK\x03\x04" + bytes(40),
    "accounts/old/accounts.csv": b"\xd0\xcf\x11\xe0" + bytes(40),
    "accounts/state/accounts.csv": ACCOUNTS.replace("900,,", "900,paused,").encode(),
    "accounts/platform/accounts.csv": ACCOUNTS.replace("thepaper,", "thepapr,").encode(),
    "toml/syntax/platforms/x.toml": b"[platform",
    "toml/key/platforms/x.toml": b'name = "x"\nartcle = "y"\n',
    "package/bagit.txt": b"BagIt-Version: 1.0\n",
    "package/data/archive.db": b"",
    "full/file": b"x",
}

# What is typed after `zhengwen --archive FOLDER`, the exit code, and what the sentence says.
CASES = [
    # --- misspelt ---
    ("serach 疫情", 2, "There is no command serach; did you mean search?"),
    ("help", 2, "There is no command help; `"),
    ("search 疫情 --limt 3", 2, "There is no option --limt; did you mean --limit?"),
    ("search 疫情 --archive x", 2, "--archive goes before the command: `"),
    ("search 疫情 --statsu live", 2, "did you mean --status?"),
    ("news --until 2020-01-01", 2, "There is no option --until; `"),
    ("status archive", 2, "archive is one argument too many; the archive is named before"),
    ("search", 2, "QUERY is missing; `"),
    ("crawl -s", 2, "requires an argument; `"),
    # --- searches ---
    ("search 标题:广州", 2, "There is no field 标题; to look in titles only write title:WORD"),
    ("search tittle:疫情", 2, "There is no field tittle; did you mean title"),
    ("search 疫情 and 防控", 0, "“and” is a word here"),
    ("search 疫情 ＡＮＤ 防控", 0, "“ＡＮＤ” is a word here"),
    ("search 疫情 -演练", 2, "write NOT before a word that must not be there"),
    ("search *", 2, "There is no word to search for"),
    ("search NOT 疫情", 2, "NOT has no word before it"),
    ("search 地震", 0, "0 hits: no article holds 地震."),
    ("search 地震 -o hits.csv", 0, "0 hits: no article holds 地震."),
    ("search 地震 --count-by year", 0, "0 hits: no article holds 地震."),
    ("search thepaper-5700001", 0, "`zhengwen show thepaper-5700001` shows the article"),
    ("search 疫情 --platform thepapr", 2, "There is no platform thepapr; did you mean thepaper?"),
    ("search 疫情 --account 济南高新", 2, "did you mean 济南高新区?"),
    ("search 疫情 --account ", 2, "The filter account is empty"),
    ("search 疫情 --since 2020-13-01", 2, "'2020-13-01' is no day; write it as YYYY-MM-DD"),
    ("search 疫情 --since 2031-02-02 --until 2031-01-01", 2, "exchange them"),
    ("search 疫情 --since 2040-01-01", 0, "none with --since 2040-01-01"),
    ("search 疫情 --status deleted", 2, "'live', 'changed', 'withdrawn', 'unreachable'"),
    ("search 疫情 --limit many", 2, "--limit is 'many'; give a number from 1 on."),
    ("search 疫情 --offset 99", 0, "0 hits from 100 on: there are 1."),
    ("search 疫情 -o hits.pdf", 2, "end it in .csv, .xlsx, .jsonl"),
    ("search 疫情 -o nowhere/hits.csv", 2, "There is no folder nowhere for hits.csv"),
    ("search 疫情 -o full", 2, "'full' is a directory; give another."),
    # --- articles and news ---
    ("show thepaper-1", 2, "There is no article 'thepaper-1'; give an id such as"),
    ("show 疫情", 2, "There is no article '疫情'; give an id such as"),
    ("show thepaper-5700001 --diff", 0, "has no change: it was captured"),
    ("show thepaper-5700001 --diff --versions", 2, "give one of them"),
    ("news --since yesterday", 2, "is neither a day, such as 2020-02-02, nor the id of a crawl"),
    ("news --query 地震", 0, "Nothing has happened since then: no article holds 地震."),
    ("news --query 标题:广州", 2, "There is no field 标题"),
    ("news --write news.pdf", 2, "end it in .atom, .xml, .html"),
    ("news --write nowhere/news.atom", 2, "There is no folder nowhere for news.atom"),
    ("extract page.pdf", 2, "page.pdf is a PDF and no page"),
    ("extract nothing.html", 2, "give a file, a URL, or - for standard input"),
    ("extract www.thepaper.cn/x", 2, "if it is an address, write https://www.thepaper.cn/x."),
    # --- follow and crawl ---
    ("follow 云溪发布", 2, "is not a URL; give the full address, such as"),
    ("follow https://weibo.com/u/1", 2, "weibo.com belongs to no known platform"),
    ("follow https://www.thepaper.cn/newsDetail_forward_1", 2, "but an article; give the account"),
    ("follow junk.txt", 2, "junk.txt, line 2: 'some words here' is not a URL"),
    ("follow empty.txt", 2, "empty.txt holds no address; write one a line."),
    ("follow nothing.txt", 2, "nothing.txt is no file that is there"),
    ("follow full", 2, "full is a folder; give the address"),
    ("follow list.xlsx", 2, "list.xlsx is no text; save it as text or CSV"),
    ("follow bad.opml", 2, "bad.opml is no OPML that can be read"),
    ("crawl thepapr", 2, "did you mean thepaper?"),
    ("crawl sohu", 2, "No account of sohu is followed yet; run `zhengwen follow URL`"),
    ("crawl 云溪", 2, "did you mean 云溪发布?"),
    ("crawl junk.txt", 2, "junk.txt is a file; run `zhengwen follow junk.txt`"),
    ("crawl htps://www.thepaper.cn/gov_1", 2, "is not a URL; give the full address"),
    ("crawl https://www.thepaper.cn/", 2, "is neither an account nor an article of"),
    ("crawl https://thepaper.cn.evil.example/1", 2, "belongs to no known platform"),
    ("crawl --since 2031-02-02 --until 2031-01-01", 2, "exchange them"),
    ("crawl --max-time soon", 2, "write it as 90s, 30m or 2h"),
    ("crawl -s DOWNLOADDELAY=3", 2, "There is no setting DOWNLOADDELAY; did you mean"),
    ("crawl -s DOWNLOAD_DELAY", 2, "is not of the form NAME=VALUE, such as DOWNLOAD_DELAY=3."),
    ("crawl -s DOWNLOAD_DELAY=-1", 2, "DOWNLOAD_DELAY is '-1'; give a number from 0 on."),
    ("crawl -s DOWNLOAD_DELAY=nan", 2, "give a number from 0 on."),
    ("crawl -s LOG_LEVEL=LOUD", 2, "LOG_LEVEL is 'LOUD'; give one of DEBUG, INFO"),
    ("crawl -s ROBOTSTXT_OBEY=maybe", 2, "give True or False."),
    ("crawl -s RETRY_HTTP_CODES=abc", 2, "give numbers with commas between them."),
    ("crawl -s CAPTURE_RECORDER=foo", 2, "give the path of a class, such as"),
    ("crawl -s DEFAULT_REQUEST_HEADERS=x", 2, "give an object of JSON."),
    ("crawl -s NIGHT_WINDOW=night", 2, "write it as '22:00-06:00 Asia/Shanghai', or nothing."),
    ("crawl -s ARCHIVE=x", 2, "The archive is named before the command: --archive x."),
    ("demo archive", 2, "archive is an archive of your own"),
    # --- hand-over and checks ---
    ("export full", 2, "exists already; give another name, or --force"),
    ("export nowhere/package", 2, "to put the package into; make it first."),
    ("export new --platform thepapr", 2, "did you mean thepaper?"),
    ("export new --query 地震", 2, "so there is nothing to hand over"),
    ("export new --run 1", 2, "There is no run 1; the ids are in the column `runs.id`."),
    ("verify --package nowhere", 2, "'nowhere' does not exist; give another."),
    ("sign --key key.pem", 2, "key.pem is no key in PEM without a password; make one with openssl"),
    ("sign --key locked.pem", 2, "locked.pem is no key in PEM without a password; make one with"),
    ("sign --key rsa.pem", 2, "rsa.pem is no Ed25519 key; make one with openssl genpkey"),
    ("sign --key public.pem", 2, "public.pem is no key in PEM without a password; make one with"),
    ("sign --key archive.db", 2, "archive.db cannot be read"),
]
ELSEWHERE = [
    ("nowhere", "status", "There is no folder nowhere; make it"),
    ("junk.txt", "search 疫情", "There is no folder junk.txt"),
    ("empty", "verify", "empty holds no archive: it has none of warc"),
    ("empty", "index", "empty holds no archive: it has none of warc"),
    ("empty", "rebuild", "empty holds no archive: it has none of warc"),
    ("empty", "search 疫情", "empty holds no archive.db yet; run"),
    ("empty", "crawl", "No account is followed yet; run `zhengwen follow URL`"),
    ("package", "status", "package is a package; its archive is package/data"),
    ("package", "verify", "run `zhengwen verify --package package`"),
    ("accounts/empty", "crawl", "accounts.csv is empty; its first line should be platform,"),
    ("accounts/blank", "status", "accounts.csv is empty; its first line should be platform,"),
    ("accounts/workbook", "crawl", "is a workbook; save it as CSV"),
    ("accounts/old", "crawl", "is a workbook; save it as CSV"),
    ("accounts/csv", "crawl", "its first line should be platform,account_id,name,url"),
    ("accounts/state", "crawl", "'paused' is no state of an account; write follow"),
    ("accounts/platform", "crawl", "line 2: 'thepapr' '900' is not an account of"),
    ("toml/syntax", "status", "x.toml cannot be read as TOML"),
    ("toml/key", "status", "artcle is no key; did you mean article?"),
]


def keys() -> dict[str, bytes]:
    """Keys that are not the one that signs: with a password, of another kind, public."""
    private = ed25519.Ed25519PrivateKey.generate()
    pem, plain = serialization.Encoding.PEM, serialization.NoEncryption()
    format_ = serialization.PrivateFormat.PKCS8
    return {
        "locked.pem": private.private_bytes(
            pem, format_, serialization.BestAvailableEncryption(b"x")
        ),
        "rsa.pem": rsa.generate_private_key(65537, 2048).private_bytes(pem, format_, plain),
        "public.pem": private.public_key().public_bytes(
            pem, serialization.PublicFormat.SubjectPublicKeyInfo
        ),
    }


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with an archive of one article of one followed account, and with other things."""
    folder = tmp_path_factory.mktemp("newcomer")
    (folder / "archive").mkdir()
    (folder / "empty").mkdir()
    History(folder / "archive").run(0, "ok", walk=[STORY])
    (folder / "archive" / "accounts.csv").write_text(ACCOUNTS, "utf-8")
    with Archive(folder / "archive") as archive:
        archive.index()
    for name, data in (FILES | keys()).items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(data)
    return folder


@pytest.fixture
def place(prepared: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of it, which is the current folder."""
    shutil.copytree(prepared, tmp_path / "here")
    monkeypatch.chdir(tmp_path / "here")
    monkeypatch.setenv("ZHENGWEN_CONTACT", "me@example.org")
    monkeypatch.delenv("ZHENGWEN_ARCHIVE", raising=False)
    return tmp_path / "here"


def digests(folder: Path) -> dict[str, str]:
    """What a person would miss if it were gone or another: files, without the notes of SQLite and locks."""
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in folder.rglob("*")
        if path.is_file() and not path.name.endswith(("-shm", "-wal", ".lock", "hits.csv"))
    }


def typed(folder: str, words: str) -> Result:
    return CliRunner().invoke(cli, ["--archive", folder, *words.split(" ")], prog_name="zhengwen")


def is_single_sentence(text: str) -> bool:
    return text.count("\n") == 1 and text.endswith((".\n", "?\n")) and "Errno" not in text


@pytest.mark.parametrize(("words", "code", "sentence"), CASES, ids=[case[0] for case in CASES])
def test_a_wrong_input_gets_one_sentence_that_helps(
    words: str, code: int, sentence: str, place: Path
) -> None:
    before = digests(place)

    done = typed("archive", words)

    assert done.exit_code == code, done.output
    assert sentence in done.stderr and is_single_sentence(done.stderr), done.stderr
    assert digests(place) == before


@pytest.mark.parametrize(("folder", "words", "sentence"), ELSEWHERE, ids=lambda word: word[:20])
def test_a_folder_that_is_not_as_expected_gets_one_sentence(
    folder: str, words: str, sentence: str, place: Path
) -> None:
    before = digests(place)

    done = typed(folder, words)

    assert done.exit_code == 2, done.output
    assert sentence in done.stderr and is_single_sentence(done.stderr), done.stderr
    assert digests(place) == before


def test_files_that_are_no_warc_are_named_and_the_others_read(place: Path) -> None:
    warc = place / "archive" / "warc"
    (warc / "c.WARC.GZ").write_bytes(b"\x1f\x8b")
    (warc / "b.warc").write_bytes(b"WARC/1.1\r\n")
    (warc / "a.warc.gz").write_bytes(b"no WARC")

    done = typed("archive", "index")

    assert done.exit_code == 3
    for name in ("a.warc.gz could not be read", "b.warc was left out", "c.WARC.GZ was left out"):
        assert f"zhengwen: {name}" in done.stderr
    assert typed("archive", "search 疫情").stdout.count("\n") == 3


def test_an_account_of_no_archive_is_not_all_well(place: Path) -> None:
    done = typed("empty", "status")

    assert done.exit_code == 0 and "No account is followed here yet" in done.stdout


@pytest.mark.parametrize("name", ["thepaper-5700001", "5700001", URL.format(5_700_001)])
def test_an_article_that_was_listed_and_never_had_is_named(name: str, tmp_path: Path) -> None:
    History(tmp_path).run(0, "404", walk=[STORY])
    with Archive(tmp_path) as archive:
        archive.index()

    done = typed(str(tmp_path), f"show {name}")

    assert done.exit_code == 2 and is_single_sentence(done.stderr), done.stderr
    assert f"“{STORY.title}” was never captured (http-404), but listed until 2031" in done.stderr


def test_a_database_in_use_is_said_to_be_that(place: Path) -> None:
    path = place / "archive" / "archive.db"
    with closing(sqlite3.connect(path)) as other, closing(sqlite3.connect(path, timeout=0)) as own:
        other.execute("BEGIN EXCLUSIVE")
        with pytest.raises(sqlite3.OperationalError) as caught:
            own.execute("BEGIN IMMEDIATE")

    sentence = sentence_of(caught.value, place / "archive")

    assert is_single_sentence(f"{sentence}\n")
    assert "archive.db is in use by another program (database is locked); close that" in sentence


def test_what_a_killed_run_left_is_named_by_index(place: Path) -> None:
    (place / "archive" / "warc" / "x.warc.gz.open").write_bytes(b"")

    done = typed("archive", "index")

    assert done.exit_code == 0 and is_single_sentence(done.stderr), done.stderr
    assert "x.warc.gz.open was left by a run that was broken off; `zhengwen crawl`" in done.stderr


ERRORS = {
    "full": (OSError(errno.ENOSPC, "No space left on device"), "The disk is full (No space left on device); make room on that of a"),
    "quota": (OSError(errno.EDQUOT, "Disk quota exceeded", "/x"), "The disk is full (Disk quota exceeded: /x); make room"),
    "rights": (PermissionError(errno.EACCES, "Permission denied", "a/warc"), "cannot be written or read (Permission denied: a/warc); see to disk and rights"),
    "a failing disk": (OSError(errno.EIO, "Input/output error"), "cannot be written or read (Input/output error); see to disk"),
    "a read-only disk": (OSError(errno.EROFS, "Read-only file system"), "(Read-only file system); see to disk and rights"),
    "without a number": (OSError("nothing more"), "(nothing more); see to disk and rights"),
}  # fmt: skip


@pytest.mark.parametrize("name", ERRORS)
def test_what_the_system_refuses_is_one_sentence_without_numbers(name: str) -> None:
    error, words = ERRORS[name]

    sentence = sentence_of(error, Path("a"))

    assert words in sentence and is_single_sentence(f"{sentence}\n")
