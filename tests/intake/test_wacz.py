"""A WACZ with a styled page and its picture, from import to a package that two programs replay offline."""

from __future__ import annotations

import io
import subprocess
import sys
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from pathlib import Path

import pytest
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from tests.conftest import apart
from tests.handover.test_replay import rwp  # noqa: F401  # a fixture
from tests.intake.test_forms import imported, run
from tests.rigs import replay
from tests.rigs import web_archives as forms
from tests.standin.pages import Story, jsp_page
from tests.standin.thepaper import picture

# cdxj-indexer closes no temporary file, which the process would do at its end.
pytestmark = [
    pytest.mark.e2e,
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]

STYLE_URL = "https://www.thepaper.cn/site.css"
COLOUR = "rgb(1, 2, 3)"
STYLE = f"body {{ color: {COLOUR} }}".encode()
PICTURE = picture("/newpai/image/1.png")
STORY = Story(5_700_001, "外来的通告", ["全县防汛工作会议召开。"], pictures=[forms.PICTURE_URL])
PAGE = jsp_page(STORY).replace(
    b"<head>", f'<head><link rel="stylesheet" href="{STYLE_URL}">'.encode(), 1
)
STAMP = "20160301080000"


def captured(path: Path) -> None:
    """A WARC file of warcio: the page, its style, its picture, each with its request."""
    with path.open("wb") as out:
        writer = WARCWriter(out, gzip=True)
        writer.write_record(writer.create_warcinfo_record(path.name, {"software": "warcio"}))
        for url, body, media_type in (
            (forms.URL, PAGE, "text/html; charset=utf-8"),
            (STYLE_URL, STYLE, "text/css"),
            (forms.PICTURE_URL, PICTURE, "image/png"),
        ):
            head = StatusAndHeaders(
                "200 OK",
                [("Content-Type", media_type), ("Content-Length", str(len(body)))],
                "HTTP/1.1",
            )
            date = {"WARC-Date": forms.MOMENT}
            answer = writer.create_warc_record(
                url,
                "response",
                io.BytesIO(body),
                length=len(body),
                http_headers=head,
                warc_headers_dict=date,
            )
            lines = [("Host", url.split("/")[2]), ("Referer", forms.URL)]
            asked = StatusAndHeaders("GET / HTTP/1.1", lines, is_http_request=True)
            request = writer.create_warc_record(
                url,
                "request",
                io.BytesIO(b""),
                length=0,
                http_headers=asked,
                warc_headers_dict=date,
            )
            writer.write_request_response_pair(request, answer)


@pytest.fixture
def package(tmp_path: Path) -> Path:
    """What is handed over of an imported WACZ."""
    archive = tmp_path / "archive"
    archive.mkdir()
    captured(tmp_path / "data.warc.gz")
    words = ["create", "-o", "py.wacz", "data.warc.gz"]
    subprocess.run([sys.executable, "-m", "wacz.main", *words], check=True, cwd=tmp_path)
    done = imported(archive, "py.wacz", (tmp_path / "py.wacz").read_bytes())
    assert done.exit_code == 0, done.output
    assert "thepaper-5700001" in run(archive, "search", "防汛工作会议").stdout
    assert "外来的通告" in run(archive, "show", "thepaper-5700001").stdout
    verified = run(archive, "verify")
    assert (verified.exit_code, verified.stdout) == (0, "")
    target = tmp_path / "package"
    exported = run(archive, "export", str(target), "--query", "防汛工作会议")
    assert exported.exit_code == 0, exported.output
    assert run(archive, "verify", "--package", str(target)).exit_code == 0
    return target


@pytest.mark.browser
def test_the_page_is_shown_with_style_and_picture(
    package: Path,
    rwp: Path,  # noqa: F811  # the fixture
    tmp_path: Path,
) -> None:
    seen = replay.shown(rwp, package / "data" / "archive.wacz", forms.URL, STAMP, tmp_path)

    assert "全县防汛工作会议召开" in seen["text"]
    assert [width for source, width in seen["pictures"] if forms.PICTURE_URL in source] == [16]
    assert seen["colour"] == COLOUR
    assert seen["outside"] == []


def test_pywb_shows_the_page_with_style_and_picture(package: Path, tmp_path: Path) -> None:
    programs = Path(apart("wayback", "pywb")).parent
    warcs = sorted((package / "data" / "warc").iterdir())

    with replay.pywb(programs, warcs, tmp_path) as collection:
        page, moment = replay.got(f"{collection}/{STAMP}id_/{forms.URL}")
        style, _ = replay.got(f"{collection}/{STAMP}id_/{STYLE_URL}")
        shown, _ = replay.got(f"{collection}/{STAMP}id_/{forms.PICTURE_URL}")

    assert (page, style, shown) == (PAGE, STYLE, PICTURE)
    assert parsedate_to_datetime(moment) == datetime(2016, 3, 1, 8, tzinfo=UTC)
