"""`Archive` as a value in a Python program: which thread it belongs to, and ids that nobody has."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from archive import Archive
from archive.errors import UsageError
from tests.conftest import ROOT

ARTICLE = "thepaper-90000001"


@pytest.fixture
def folder(archive_dir: Path) -> Path:
    """An archive of one article, indexed."""
    (archive_dir / "warc").mkdir()
    warc = ROOT / "tests" / "platforms" / "thepaper" / "next" / "capture.warc.gz"
    shutil.copy(warc, archive_dir / "warc")
    with Archive(archive_dir) as archive:
        archive.index()
    return archive_dir


@pytest.mark.parametrize(
    "read",
    [
        lambda archive: archive.search("疫情"),
        lambda archive: archive.article(ARTICLE),
        lambda archive: archive.versions(ARTICLE),
        lambda archive: archive.count("疫情"),
        lambda archive: archive.connection,
        lambda archive: archive.db,
        lambda archive: archive.archived_platforms(),
        lambda archive: archive.index(),
        lambda archive: archive.close(),
    ],
)
def test_another_thread_must_open_an_archive_of_its_own(
    read: Callable[[Archive], object], folder: Path
) -> None:
    with Archive(folder) as archive, ThreadPoolExecutor(1) as threads:
        assert archive.db is not None
        with pytest.raises(UsageError, match="opened in another thread; open one in each thread"):
            threads.submit(read, archive).result()
        assert archive.article(ARTICLE).id == ARTICLE


def test_archives_of_their_own_read_side_by_side(folder: Path) -> None:
    def title(number: int) -> str | None:
        with Archive(folder) as archive:
            return archive.article(ARTICLE).title

    with ThreadPoolExecutor(4) as threads:
        assert set(threads.map(title, range(12))) == {"云溪县召开会议"}


def test_a_value_that_is_closed_may_be_used_by_another_thread(folder: Path) -> None:
    with ThreadPoolExecutor(1) as threads:
        archive = Archive(folder)
        assert archive.article(ARTICLE)
        archive.close()
        assert threads.submit(archive.article, ARTICLE).result().id == ARTICLE
        threads.submit(archive.close).result()


@pytest.mark.parametrize(
    "read", [Archive.article, Archive.versions, Archive.edits, Archive.withdrawals]
)
@pytest.mark.parametrize("article_id", ["thepaper-1", "", "’ OR 1=1"])
def test_an_unknown_id_is_an_error_and_not_nothing(
    read: Callable[[Archive, str], object], article_id: str, folder: Path
) -> None:
    with Archive(folder) as archive:
        assert archive.withdrawals(ARTICLE) == []
        with pytest.raises(UsageError, match="There is no article"):
            read(archive, article_id)
