"""A package of imported articles has what their pages need to be shown, and nothing of other pages."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.intake.test_forms import RAW, imported, run
from tests.rigs import web_archives as forms

# cdxj-indexer closes no temporary file, which the process would do at its end.
pytestmark = [
    pytest.mark.slow,  # makes a package of each of many archives
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]

SITE = "https://www.thepaper.cn"
OTHER_URL = f"{SITE}/newsDetail_forward_5700002"
OTHER = forms.answer(
    forms.next_page(forms.Story(5_700_002, "别的通告", ["另一件事。"])), "text/html"
)


def exchange(
    number: int, url: str, block: bytes, *, referrer: str = "", date: str = "2016-03-01T09:00:00Z"
) -> bytes:
    """A request and its answer, as Browsertrix and wget write them."""
    path = "/" + url.split("/", 3)[3]
    lines = [f"GET {path} HTTP/1.1", "Host: x", *([f"Referer: {referrer}"] if referrer else [])]
    request = "\r\n".join([*lines, "", ""]).encode()
    response = forms.record("response", url, block, number, forms.RESPONSE)
    asked = forms.record(
        "request", url, request, number + 500, "application/http; msgtype=request"
    ).replace(
        b"WARC-Date",
        b"WARC-Concurrent-To: <urn:uuid:00000000-0000-4000-8000-%012d>\r\nWARC-Date" % number,
    )
    return (response + asked).replace(forms.MOMENT.encode(), date.encode())


def style(*imports: str) -> bytes:
    return forms.answer("".join(f"@import '{each}';" for each in imports).encode(), "text/css")


SHARED, FONT = f"{SITE}/site.css", "https://static.example/f.woff2"
BACKGROUND = "https://static.example/background.png"
SOON, LISTED = "https://cdn.example/soon.png", "https://cdn.example/listed.png"
SCRIPT = "https://cdn.example/a.js"
NEEDED = {SHARED, FONT, BACKGROUND, SOON, LISTED, SCRIPT, forms.URL}
CRAWL = b"".join(
    [
        *RAW[:3],
        exchange(100, OTHER_URL, OTHER, date="2016-03-01T09:30:00Z"),
        exchange(101, SHARED, style("f"), referrer=OTHER_URL),
        exchange(102, FONT, forms.answer(b"wOF2", "font/woff2"), referrer=SHARED),
        exchange(103, BACKGROUND, forms.PICTURE_BLOCK, referrer=SHARED),
        exchange(104, SOON, forms.PICTURE_BLOCK, date="2016-03-01T08:00:09Z"),
        exchange(105, LISTED, forms.PICTURE_BLOCK),
        exchange(106, SCRIPT, forms.answer(b"1", "text/javascript"), referrer=forms.URL + "#top"),
        exchange(107, "https://cdn.example/other.png", forms.PICTURE_BLOCK, referrer=OTHER_URL),
        exchange(108, "https://elsewhere.example/b.css", style()),
    ]
)
PAGEINFO = forms.record(
    "resource",
    "urn:pageinfo:" + forms.URL,
    json.dumps({"urls": {LISTED: {"status": 200}}}).encode(),
    200,
    "application/json",
)


def exported(folder: Path, kind: str = "response") -> set[str]:
    done = run(folder, "export", str(folder / "package"), "--query", "外来的通告")
    assert done.exit_code == 0, done.output
    package = folder / "package" / "data" / "warc"
    data = b"".join(path.read_bytes() for path in sorted(package.glob("*.warc.gz")))
    return {str(url) for each, url, _ in forms.blocks_by_warcio(data) if each == kind}


def test_pages_are_exported_with_what_they_need(tmp_path: Path) -> None:
    imported(tmp_path, "crawl.warc", CRAWL)

    assert exported(tmp_path) == NEEDED - {LISTED}


def test_requests_go_with_their_answers(tmp_path: Path) -> None:
    imported(tmp_path, "crawl.warc", CRAWL)

    assert exported(tmp_path, "request") == NEEDED - {LISTED}


def test_what_is_listed_for_a_page_is_exported(tmp_path: Path) -> None:
    imported(tmp_path, "crawl.wacz", forms.wacz({"archive/data.warc": CRAWL + PAGEINFO}))

    assert exported(tmp_path) == NEEDED


def test_what_is_in_another_file_of_the_same_wacz_is_exported(tmp_path: Path) -> None:
    first, rest = CRAWL[: CRAWL.find(b"WARC/1.0", 9000)], CRAWL[CRAWL.find(b"WARC/1.0", 9000) :]
    files = {"archive/1.warc": first, "archive/2.warc": rest}
    imported(tmp_path, "crawl.wacz", forms.wacz(files))

    assert exported(tmp_path) == NEEDED - {LISTED}


def test_what_others_imported_is_not(tmp_path: Path) -> None:
    imported(tmp_path, "page.warc", b"".join(RAW[:3]))
    imported(tmp_path, "crawl.warc", CRAWL[len(b"".join(RAW[:3])) :])

    assert exported(tmp_path) == {forms.URL}
