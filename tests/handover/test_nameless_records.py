"""A package of a part of an archive has the records that other programs gave no id, one that is twice, or in segments."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from archive import Archive
from archive.verification.package import check_package
from archive.warc.reader import read_record, records
from tests.rigs.history import STORY, URL
from tests.rigs.warc_records import id_of, record
from tests.standin.pages import Story, next_page

# cdxj-indexer closes no temporary file, which the process would do at its end.
pytestmark = [
    pytest.mark.slow,  # makes a package of each of many archives
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]

OTHER = Story(STORY.cont_id + 1, "别的通告", ["另一件事。"], account="别的号")
HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n\r\n"
FIRST, SECOND, THIRD = "2021-03-01T00:00:00Z", "2021-04-01T00:00:00Z", "2021-05-01T00:00:00Z"


def answer(story: Story, number: int | None, at: str = FIRST, **fields: str | None) -> bytes:
    """An answer with an article; without an id for None."""
    given = {"WARC_Target_URI": URL.format(story.cont_id), "WARC_Date": at, **fields}
    if number is None:
        given["WARC_Record_ID"] = None
    return record("response", HEAD + next_page(story), number=number or 0, **given)


def request(story: Story, of: int | None = None) -> bytes:
    """The request of an answer."""
    target = None if of is None else f"<{id_of(of)}>"
    return record(
        "request", b"GET / HTTP/1.1\r\n\r\n", number=900, WARC_Target_URI=URL.format(story.cont_id),
        WARC_Date=FIRST, WARC_Concurrent_To=target,
    )  # fmt: skip


def in_segments(story: Story, number: int) -> list[bytes]:
    """An answer in three parts."""
    block, url = HEAD + next_page(story), URL.format(story.cont_id)
    parts = [block[:700], block[700:1500], block[1500:]]
    first = record(
        "response", parts[0], number=number, WARC_Target_URI=url, WARC_Date=FIRST, WARC_Segment_Number="1"
    )  # fmt: skip
    rest = [
        record(
            "continuation", part, number=number + place, WARC_Target_URI=url, WARC_Date=FIRST, WARC_Segment_Number=f"{place}",
            WARC_Segment_Origin_ID=f"<{id_of(number)}>", WARC_Segment_Total_Length=str(len(block)) if place == 3 else None,
        )
        for place, part in enumerate(parts[1:], 2)
    ]  # fmt: skip
    return [first, *rest]


FORMS = {
    "no ids": [[answer(OTHER, None), answer(STORY, None)]],
    "no ids, the request first": [[request(OTHER), answer(OTHER, None), request(STORY), answer(STORY, None)]],
    "no ids, the request last": [[answer(OTHER, None), request(OTHER), answer(STORY, None), request(STORY)]],
    "one id twice in a file, the other's first": [[answer(OTHER, 1), answer(STORY, 1)]],
    "one id twice in a file, the other's last": [[answer(STORY, 1), answer(OTHER, 1)]],
    "one id in two files": [[answer(OTHER, 1)], [answer(STORY, 1)]],
    "one id in two files, both of the article": [[answer(STORY, 1)], [answer(OTHER, 2), answer(STORY, 1, SECOND)]],
    "one id three times": [[answer(OTHER, 1), answer(STORY, 1), answer(STORY, 1, SECOND), answer(OTHER, 1, THIRD)]],
    "an id and none": [[answer(OTHER, None), answer(STORY, 7), answer(STORY, None, SECOND)]],
    "segments": [[*in_segments(OTHER, 10), *in_segments(STORY, 20)]],
    "segments between others'": [[part for pair in zip(in_segments(OTHER, 10), in_segments(STORY, 20), strict=True) for part in pair]],
}  # fmt: skip


@pytest.mark.parametrize("form", FORMS)
def test_a_part_of_the_archive_has_the_article_and_verifies(form: str, tmp_path: Path) -> None:
    folder, package = tmp_path / "archive", tmp_path / "package"
    (folder / "warc").mkdir(parents=True)
    for number, members in enumerate(FORMS[form]):
        (folder / "warc" / f"{number}.warc.gz").write_bytes(b"".join(members))
    with Archive(folder) as archive:
        archive.index()
        statement = "SELECT count(*) FROM captures WHERE article_id = ?"
        article = f"thepaper-{STORY.cont_id}"
        (captures,) = archive.connection.execute(statement, [article]).fetchone()
        text = archive.article(article).text
        archive.export(package, account=STORY.account)

    assert [str(finding) for finding in check_package(package)] == []
    with Archive(package / "data") as handed:
        assert handed.article(article).text == text
        assert handed.search("另一件事") == []
        assert handed.capture(handed.versions(article)[0].capture).block == HEAD + next_page(STORY)
        rows = handed.connection.execute("SELECT warc, offset, url FROM captures").fetchall()
    assert len(rows) == captures
    for warc, offset, url in rows:
        assert read_record(package / "data" / "warc" / warc, offset).url == url
    rebuilt(package / "data", tmp_path / "again")


def rebuilt(data: Path, copy: Path) -> None:
    """A rebuild of what was handed over gives the same captures and versions."""
    shutil.copytree(data, copy)
    rows = {}
    for folder in (data, copy):
        with Archive(folder) as archive:
            if folder == copy:
                archive.rebuild()
            rows[folder] = [
                archive.connection.execute(statement).fetchall()
                for statement in (
                    "SELECT id, warc, offset, content_digest FROM captures ORDER BY id",
                    "SELECT article_id, digest, capture FROM versions ORDER BY 1, 2",
                )
            ]
    assert rows[data] == rows[copy]


@pytest.mark.parametrize("place", ["before", "behind", "in another file", "first in another file"])
def test_requests_go_with_their_answers_wherever_they_are(place: str, tmp_path: Path) -> None:
    asked, others = request(STORY, 2), request(OTHER, 1)
    answers, later = [answer(OTHER, 1), answer(STORY, 2)], [answer(STORY, 3, SECOND)]
    files = {
        "before": [[others, asked, *answers], later],
        "behind": [[*answers, asked, others], later],
        "in another file": [answers, [*later, asked, others]],
        "first in another file": [answers, [asked, others, *later]],
    }
    folder, package = tmp_path / "archive", tmp_path / "package"
    (folder / "warc").mkdir(parents=True)
    for number, members in enumerate(files[place]):
        (folder / "warc" / f"{number}.warc.gz").write_bytes(b"".join(members))
    with Archive(folder) as archive:
        archive.index()
        archive.export(package, account=STORY.account)

    handed = [
        each.url
        for path in sorted((package / "data" / "warc").glob("*.warc.gz"))
        for each in records(path)
        if each.type == "request"
    ]
    assert handed == [URL.format(STORY.cont_id)]
    assert [str(finding) for finding in check_package(package)] == []
