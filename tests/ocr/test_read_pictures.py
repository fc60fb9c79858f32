"""`zhengwen read-pictures`: what is printed on pictures is found with its box, kept apart from articles, and outlives a
rebuild; whatever a picture is, it costs itself."""

from __future__ import annotations

import json
import os
import sqlite3
import struct
import subprocess
import sys
import time
import zlib
from importlib.metadata import PackageNotFoundError
from io import BytesIO
from pathlib import Path
from signal import SIGINT

import psutil
import pytest
from click.testing import CliRunner, Result
from PIL import Image

from archive.archive import Archive
from archive.cli.main import cli
from archive.lock import Lock
from archive.ocr import engine, picture
from archive.ocr.answers import FILE, AnswerFile, answers
from archive.ocr.process import PictureReader
from tests.conftest import ROOT, dump, rows
from tests.rigs.long_pictures import LongPicture, draw
from tests.rigs.picture_archive import PICTURE, picture_archive
from tests.rigs.serving import until
from tests.rigs.signals import passes_by

pytestmark = pytest.mark.slow


def run(folder: Path, *words: str) -> Result:
    """The program in this process."""
    return CliRunner().invoke(cli, ["--archive", str(folder), *words])


def bomb(side: int) -> bytes:
    """A PNG that says it has so many pixels a side, and has none."""
    head = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    chunks = ((b"IHDR", head), (b"IDAT", zlib.compress(bytes(1000))), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        for kind, data in chunks
    )


@pytest.fixture(scope="module")
def notice() -> LongPicture:
    """A picture of more than one band."""
    return draw("fonts-wqy-zenhei", width=750, height=2200, seed=5)


def saved(image: Image.Image, kind: str, **options: object) -> bytes:
    data = BytesIO()
    image.save(data, kind, **options)
    return data.getvalue()


HOSTILE = {
    "nothing": (b"", "unsupported"),
    "a page": (b"<html><body>404</body></html>", "unsupported"),
    "SVG": (b'<svg xmlns="http://www.w3.org/2000/svg"/>', "unsupported"),
    "PDF": (b"%PDF-1.7\n%%EOF", "unsupported"),
    "TIFF": (saved(Image.new("L", (90, 90)), "TIFF"), "unsupported"),
    "a PNG cut short": (saved(Image.effect_noise((300, 300), 90), "PNG")[:9000], "broken"),
    "a JPEG cut short": (saved(Image.effect_noise((300, 300), 90), "JPEG")[:9000], "broken"),
    "a WebP cut short": (saved(Image.effect_noise((300, 300), 90), "WEBP")[:900], "broken"),
    "a bomb": (bomb(40_000), "too-large"),
    "a bomb below Pillow's limit": (bomb(9_300), "too-large"),
    "a band": (saved(Image.new("1", (66_000, 10)), "PNG"), "too-large"),
    "a dot": (saved(Image.new("RGB", (1, 1)), "PNG"), "read"),
    "clear": (saved(Image.new("RGBA", (90, 90), (0, 0, 0, 0)), "PNG"), "read"),
    "a palette": (saved(Image.new("P", (90, 90)), "GIF"), "read"),
    "sixteen bits": (saved(Image.new("I;16", (90, 90)), "PNG"), "read"),
    "CMYK": (saved(Image.new("CMYK", (90, 90)), "JPEG"), "read"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_the_state_says_what_is_no_picture_or_too_large(name: str) -> None:
    data, state = HOSTILE[name]
    answer = picture.read("sha1:X", data)
    assert (answer.state, answer.lines) == (state, ())
    assert (answer.detail is None) == (state == "read")


def test_a_two_character_word_is_found_in_its_box(tmp_path: Path, notice: LongPicture) -> None:
    folder = picture_archive(tmp_path, [notice.data])
    before = rows(folder, "SELECT text FROM articles")
    assert run(folder, "read-pictures").exit_code == 0
    line = next(line for line in notice.lines if "暴雨" in line.text)
    (hit,) = Archive(folder).search_pictures("暴雨")
    assert hit.picture == PICTURE.format(0) and "【暴雨】" in hit.snippet
    places = [each for each in notice.lines if "暴雨" in each.text]
    assert len(hit.boxes) == len(places)
    step = line.box[2] / len(line.text)
    for (left, top, width, height), place in zip(
        sorted(hit.boxes, key=lambda b: b[1]), places, strict=True
    ):
        x = place.box[0] + step * place.text.index("暴雨")
        assert abs(left - x) < step / 2 and abs(left + width - (x + 2 * step)) < step
        assert top <= place.box[1] + 4 and top + height >= place.box[1] + place.box[3] - 4
        assert height < 2 * place.box[3]
    printed = run(folder, "search", "--pictures", "暴雨")
    assert f"in a picture: {hit.snippet}" in printed.output
    assert "box {2}×{3} at {0}, {1}".format(*hit.boxes[0]) in printed.output
    assert "0 hits" in run(folder, "search", "暴雨").output
    assert rows(folder, "SELECT text FROM articles") == before


def test_what_was_read_outlives_everything_but_its_file(
    tmp_path: Path, notice: LongPicture
) -> None:
    small = draw("fonts-arphic-uming", width=750, height=500, seed=7).data
    folder = picture_archive(tmp_path, [notice.data, b"no picture"], [small, notice.data])
    assert run(folder, "read-pictures", "--limit", "1").exit_code == 0
    (newest,) = rows(folder, "SELECT height, state FROM media_text")
    assert newest["height"] in (500, 2200)  # a picture of the newest article
    done = run(folder, "read-pictures")
    assert done.exit_code == 3 and "unsupported" in done.output
    live = dump(folder)
    assert len(live["media_text"]) == 3
    with Archive(folder) as archive:
        archive.rebuild()
        assert dump(folder) == live
        (folder / FILE).unlink()  # as where only a package was copied: the database has it too
        archive.rebuild()
        assert dump(folder) == live and not archive.verify()
        (folder / "archive.db").unlink()
        archive.index()
        assert dump(folder) == live
        assert archive.read_pictures().states == {}


def test_an_answer_that_only_the_file_has_is_taken_in(tmp_path: Path) -> None:
    """As after `kill -9` between the two."""
    small = draw("fonts-arphic-ukai", width=750, height=400, seed=8)
    folder = picture_archive(tmp_path, [small.data])
    digest = str(rows(folder, "SELECT payload_digest FROM media")[0]["payload_digest"])
    with AnswerFile(folder / FILE) as file:
        file.add(picture.read(digest, small.data))
    with (folder / FILE).open("ab") as raw:
        raw.write(b'{"payload_digest": "sha1:cut off')
    assert run(folder, "read-pictures").exit_code == 0
    assert [each["state"] for each in rows(folder, "SELECT state FROM media_text")] == ["read"]
    assert list(answers(folder / FILE)) == [digest]


def test_a_kill_costs_one_picture_and_leaves_no_process(tmp_path: Path) -> None:
    notices = [
        draw("fonts-arphic-ukai", width=750, height=400, seed=seed).data for seed in range(4)
    ]
    folder = picture_archive(tmp_path, *([data] for data in notices))
    command = [sys.executable, "-m", "archive", "--archive", str(folder), "read-pictures"]
    program = subprocess.Popen(command, cwd=ROOT)
    deadline = time.monotonic() + 120
    while not answers(folder / FILE) and time.monotonic() < deadline:
        time.sleep(0.05)
    children = _children(program.pid)
    program.kill()
    program.wait()
    assert children and not psutil.wait_procs(children, timeout=180)[1]
    (newest,) = rows(folder, "SELECT payload_digest FROM media WHERE article_id LIKE '%5800003'")
    stored = list(answers(folder / FILE).values())
    assert stored[0].payload_digest == newest["payload_digest"] and len(stored) < len(notices)
    assert run(folder, "read-pictures").exit_code == 0
    assert list(answers(folder / FILE).values())[: len(stored)] == stored
    texts = [str(row["text"])[:4] for row in rows(folder, "SELECT text FROM media_text")]
    with Archive(folder) as archive:
        assert len(texts) == len(notices) and all(map(archive.search_pictures, texts))
        assert not archive.verify()


def test_ctrl_c_is_one_sentence(tmp_path: Path) -> None:
    notice = draw("fonts-arphic-ukai", width=750, height=400, seed=8)
    folder = picture_archive(tmp_path, [notice.data])
    command = [sys.executable, "-m", "archive", "--archive", str(folder), "read-pictures"]
    program = subprocess.Popen(
        command, cwd=ROOT, start_new_session=True, stderr=subprocess.PIPE, text=True
    )
    deadline = time.monotonic() + 120
    while len(children := _children(program.pid)) < 2 and time.monotonic() < deadline:
        time.sleep(0.01)
    # of Ctrl-C they would say that they were interrupted
    until(lambda: all(passes_by(each.pid, SIGINT) for each in children), lambda: str(children))
    os.killpg(program.pid, SIGINT)
    message = program.communicate(timeout=120)[1]
    assert (program.returncode, message.count("\n")) == (1, 1), message
    assert "is stored" in message
    assert children and not psutil.wait_procs(children, timeout=180)[1]


def _children(pid: int) -> list[psutil.Process]:
    """The processes that a program has started."""
    return psutil.Process(pid).children(recursive=True)


def test_a_damaged_row_is_one_sentence(tmp_path: Path, notice: LongPicture) -> None:
    folder = picture_archive(tmp_path, [notice.data])
    run(folder, "read-pictures")
    for lines in ("", "[]", "{", '[{"text": "暴"}]', "null", "7"):
        with sqlite3.connect(folder / "archive.db") as db:
            db.execute("UPDATE media_text SET lines = ?", [lines])
        db.close()
        done = run(folder, "search", "--pictures", "暴雨")
        assert (done.exit_code, done.output.count("\n")) == (1, 1) or lines == "[]", done.output
        assert "Traceback" not in done.output and not isinstance(done.exception, ValueError)


def test_verify_and_export_know_the_table(tmp_path: Path) -> None:
    small = draw("fonts-arphic-ukai", width=750, height=400, seed=8)
    folder = picture_archive(tmp_path / "a", [small.data])
    run(folder, "read-pictures")
    for tier, is_there in (("full", True), ("text", True), ("metadata", False)):
        package = tmp_path / tier
        with Archive(folder) as archive:
            archive.export(package, tier=tier)  # type: ignore[arg-type]
        lines = (package / "data" / "media_text.jsonl").read_text("utf-8").splitlines()
        (row,) = map(json.loads, lines)
        assert (row["state"], bool(row["text"]), bool(row["lines"])) == ("read", is_there, is_there)
        done = CliRunner().invoke(cli, ["verify", "--package", str(package)])
        assert done.exit_code == 0, done.output
        with Archive(package / "data") as archive:
            assert bool(archive.search_pictures(small.text[:4])) == is_there
    before = (folder / FILE).read_bytes()
    (folder / FILE).write_bytes(before + b"{}\n")
    assert "its lines 2 are no answers" in run(folder, "verify").output
    (folder / FILE).write_bytes(before.replace(small.text[:2].encode(), "别的".encode(), 1))
    assert "media_text" in run(folder, "verify").output


def test_the_index_of_pictures_is_compared_with_their_text(tmp_path: Path) -> None:
    small = draw("fonts-arphic-ukai", width=750, height=400, seed=8)
    folder = picture_archive(tmp_path, [small.data])
    run(folder, "read-pictures")
    with Archive(folder) as archive:
        assert not archive.verify()
    with sqlite3.connect(folder / "archive.db") as db:
        db.execute("INSERT INTO media_text_fts (media_text_fts) VALUES ('delete-all')")
    db.close()
    assert "it is not of the text in media_text" in run(folder, "verify", "--quick").output


def test_reading_goes_on_while_the_archive_is_crawled(tmp_path: Path) -> None:
    small = draw("fonts-arphic-ukai", width=750, height=300, seed=8)
    folder = picture_archive(tmp_path, [small.data])
    with Lock(folder), Archive(folder) as archive:
        done = archive.read_pictures()
        assert (done.states["read"], done.is_searchable) == (1, False)
        archive.index()
        assert archive.search_pictures(small.text[:2])
    with AnswerFile(folder / FILE):
        assert run(folder, "read-pictures").exit_code == 4


def test_a_picture_that_takes_too_long_or_ends_the_process_costs_itself() -> None:
    small = draw("fonts-arphic-ukai", width=750, height=300, seed=8)
    with PictureReader(seconds=0.0) as reader:
        assert reader.read("sha1:A", small.data).state == "too-slow"
    with PictureReader() as reader:
        first = reader.read("sha1:A", small.data)
        assert reader._process is not None
        reader._process.kill()
        assert reader.read("sha1:A", small.data).state == "ended-process"
        assert reader.read("sha1:A", small.data) == first


def test_without_the_extra_one_sentence_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def missing(name: str) -> str:
        raise PackageNotFoundError(name)

    folder = picture_archive(tmp_path, [b"x"])
    monkeypatch.setattr(engine, "version", missing)
    done = run(folder, "read-pictures")
    assert done.exit_code == 2
    assert done.output.count("\n") == 1 and "pip install 'zhengwen[pictures]'" in done.output
    assert not (folder / FILE).exists()


@pytest.mark.parametrize("words", [("title:暴雨",), ("暴雨", "--count-by", "year")])
def test_what_pictures_have_not_cannot_be_asked_of_them(
    tmp_path: Path, words: tuple[str, ...]
) -> None:
    folder = picture_archive(tmp_path, [b"x"])
    assert run(folder, "search", "--pictures", *words).exit_code == 2
    assert "run `zhengwen read-pictures`" in run(folder, "search", "--pictures", "暴雨").output


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ("UPDATE captures SET refers_to = 'urn:uuid:elsewhere' WHERE role = 'media'", 2),
        ("UPDATE captures SET outcome = 'unchanged' WHERE role = 'media'", 2),
        ("DELETE FROM captures WHERE role = 'media'", 2),
        ("UPDATE media SET payload_digest = NULL", 2),
        ("UPDATE media SET payload_digest = NULL WHERE position = 0", 1),
        ("UPDATE media SET capture = NULL, payload_digest = NULL", 0),
        ("SELECT 1", 0),
    ],
)
def test_pictures_whose_bytes_are_in_no_record_are_counted(
    tmp_path: Path, change: str, expected: int
) -> None:
    folder = picture_archive(tmp_path, [b"no picture", b"none either"])
    with sqlite3.connect(folder / "archive.db") as db:
        db.execute(change)
    done = run(folder, "read-pictures")
    assert done.exit_code == (0 if not expected and "capture = NULL" in change else 3)
    counts = {1: "1 picture was not read: no record", 2: "2 pictures were not read: no record"}
    assert [count for count, text in counts.items() if text in done.output] == [expected][:expected]
    assert Archive(folder).read_pictures().unrecorded == expected
