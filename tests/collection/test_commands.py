"""Commands that write one thing into a collection: an import is taken out, the chain is signed, a fixture is cut, a crawl is planned.
They do what they do to one archive with all its articles."""

from __future__ import annotations

import shutil
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from archive.collection import joined
from archive.collection.description import Shard, read
from archive.collection.joined import path_of
from archive.intake.removal import take_out
from archive.warc import chain
from archive.warc.imports import files_of
from crawler.cli import cli as crawler_cli
from tests.collection.test_collection import change, digests, run
from tests.collection.years import NEWS, make_both
from tests.conftest import dump, rows
from tests.intake.test_forms import RAW
from tests.rigs import web_archives as forms
from tests.rigs.keys import pem_key
from tests.rigs.small_disk import small_disk

pytestmark = [pytest.mark.e2e, pytest.mark.slow]
URL = f"https://www.thepaper.cn/newsDetail_forward_{NEWS[3].cont_id}"
DATA = forms.in_members(RAW)
CAPTURES = "SELECT id, url, captured_at, outcome, warc, article_id FROM captures ORDER BY id"
REASON = ("--reason", "误收", "--operator", "某人")


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An archive of three years, and the same as a collection."""
    return make_both(tmp_path_factory.mktemp("both"))


@pytest.fixture
def both(folders: Path, tmp_path: Path) -> tuple[Path, Path]:
    """Copies of the two."""
    shutil.copytree(folders, tmp_path / "both", symlinks=True)
    return tmp_path / "both" / "archive", tmp_path / "both" / "collection"


def hits(folder: Path) -> str:
    """What a search says that finds everything."""
    done = run("--archive", folder, "search", "云溪 OR 通告", "--json", "--limit", "500")
    assert done.exit_code == 0, done.output
    return done.output


def without_keys(folder: Path) -> dict[str, object]:
    """All articles and captures of an archive, without the places of records: a record names the time of the import."""
    tables = dump(folder)
    names = {name: sorted(map(str, tables[name])) for name in ("versions", "withdrawals")}
    return {**names, "captures": rows(folder, CAPTURES)}


def imported(folder: Path, name: str, data: bytes) -> None:
    path = folder.parent / name
    path.write_bytes(data)
    done = run("--archive", folder, "import", path)
    assert done.exit_code == 0, done.output


def places(collection: Path, pattern: str) -> list[str]:
    """The shards that have such a file, by name."""
    return [each.name for each in read(collection).shards if [*each.path.glob(pattern)]]


def test_an_import_is_taken_out_of_all_shards(both: tuple[Path, Path]) -> None:
    archive, collection = both
    before, answer = without_keys(archive), hits(archive)
    for folder in both:
        imported(folder, "a.warc.gz", DATA)
    assert without_keys(path_of(collection)) == without_keys(archive) != before
    (shard,) = places(collection, "warc/import-*")
    lines = [len([*chain.links(each.path)]) for each in read(collection).shards]
    for folder in both:
        done = run("--archive", folder, "remove", "a.warc.gz", *REASON)
        assert done.exit_code == 0, done.output
        assert "a.warc.gz was taken out; its 1 file is in " in done.output
    assert f"{shard}/removed" in done.output
    assert hits(collection) == hits(archive) == answer
    assert without_keys(path_of(collection)) == without_keys(archive) == before
    assert places(collection, "warc/import-*") == []
    assert places(collection, "removed/import-*") == [shard]
    for folder in (path_of(collection), read(collection).shard(shard).path):
        entry = [*chain.links(folder)][-1].entry
        assert (entry["kind"], entry["reason"], entry["operator"]) == ("removal", "误收", "某人")
    after = [len([*chain.links(each.path)]) for each in read(collection).shards]
    assert sum(after) == sum(lines) + 1  # the other shards have nothing to say
    for folder in both:
        done = run("--archive", folder, "verify")
        assert done.exit_code == 0, done.output
        imported(folder, "a.warc.gz", DATA)  # it may come again
    assert without_keys(path_of(collection)) == without_keys(archive) != before


def test_the_links_of_all_shards_are_laid_out_before_and_after_writing(
    both: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    _, collection = both
    calls: list[Path] = []
    lay_out = joined.lay_out

    def noted(folder: Path, shards: Iterable[Shard]) -> Path:
        calls.append(folder)
        return lay_out(folder, shards)

    monkeypatch.setattr(joined, "lay_out", noted)
    imported(collection, "a.warc.gz", DATA)
    assert calls == [collection, collection]
    links = [*(path_of(collection) / "warc").iterdir()]
    assert all(link.is_symlink() and link.is_file() for link in links)
    assert len(links) == len([*collection.glob("shards/*/warc/*.warc.gz")])


def test_a_package_asks_once_whether_all_rows_are_there(
    both: tuple[Path, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, collection = both
    calls: list[Path] = []
    is_up_to_date = joined.is_up_to_date

    def noted(folder: Path, shards: Iterable[Shard]) -> bool:
        calls.append(folder)
        return is_up_to_date(folder, shards)

    monkeypatch.setattr(joined, "is_up_to_date", noted)
    shutil.rmtree(collection / "joined")
    done = run("--archive", collection, "export", tmp_path / "package", "--tier", "text")
    assert done.exit_code == 0, done.output
    assert calls == [collection]


def test_an_archive_is_merged_into_a_disk_that_gets_full(
    both: tuple[Path, Path], tmp_path: Path
) -> None:
    _, collection = both
    with small_disk(tmp_path / "disk", 1_500_000) as disk:
        done = run("merge", collection, disk / "merged")
        assert done.exit_code == 1
        assert f"make room on that of {disk} and" in done.stderr
        assert not [*disk.iterdir()]


def test_what_was_taken_out_stays_out_of_the_archive_that_is_merged(
    both: tuple[Path, Path], tmp_path: Path
) -> None:
    _, collection = both
    imported(collection, "a.warc.gz", DATA)
    assert run("--archive", collection, "remove", "a.warc.gz", *REASON).exit_code == 0
    assert run("merge", collection, tmp_path / "merged").exit_code == 0
    assert hits(tmp_path / "merged") == hits(collection)
    assert [*chain.links(tmp_path / "merged")][-1].entry["kind"] == "removal"
    assert run("--archive", tmp_path / "merged", "verify").exit_code == 0


def test_a_removal_that_is_broken_off_goes_on(
    both: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is killed when the shard has lost the file, and all together do not know it yet."""
    archive, collection = both
    before = hits(archive)
    imported(collection, "a.warc.gz", DATA)

    class Killed(BaseException):
        pass

    def killed(folder: Path, *words: Any, **named: Any) -> None:
        if folder == path_of(collection):
            raise Killed
        take_out(folder, *words, **named)

    with monkeypatch.context() as patch, pytest.raises(Killed):
        patch.setattr("archive.collection.removal.take_out", killed)
        run("--archive", collection, "remove", "a.warc.gz", *REASON)
    assert places(collection, "removed/import-*") != []
    done = run("--archive", collection, "remove", "a.warc.gz", *REASON)
    assert done.exit_code == 0, done.output
    assert hits(collection) == before
    assert run("--archive", collection, "verify").exit_code == 0


def test_one_line_of_a_shard_takes_all_files_of_an_import_out(both: tuple[Path, Path]) -> None:
    _, collection = both
    page = forms.record("response", f"{forms.URL}1", forms.PAGE_BLOCK, 9, forms.RESPONSE)
    members = {"archive/1.warc.gz": DATA, "archive/2.warc.gz": forms.in_members([RAW[0], page])}
    imported(collection, "a.wacz", forms.wacz(members))
    folders = [read(collection).shard(name).path for name in places(collection, "warc/import-*")]
    files = {each: {path.name for path in each.glob("warc/import-*")} for each in folders}
    assert max(map(len, files.values())) > 1
    before = {each: len([*chain.links(each)]) for each in folders}

    done = run("--archive", collection, "remove", "a.wacz", *REASON)

    assert done.exit_code == 0, done.output
    for each in folders:
        (line,) = [link.entry for link in chain.links(each)][before[each] :]
        assert (line["kind"], line["source"], line["reason"]) == ("removal", "a.wacz", "误收")
        assert files_of(line).keys() == files[each]
        assert {path.name for path in each.glob("removed/*")} == files[each]
    for folder in (collection, *folders):
        assert run("--archive", folder, "verify").exit_code == 0


def test_an_import_of_the_shard_itself_goes_out_by_its_own_line(both: tuple[Path, Path]) -> None:
    _, collection = both
    shard = next(each for each in read(collection).shards if each.takes_more()).path
    imported(shard, "a.wacz", forms.wacz({f"archive/{n}.warc.gz": DATA for n in range(2)}))
    assert run("--archive", collection, "index").exit_code == 0
    names = sorted(path.name for path in shard.glob("warc/import-*"))

    done = run("--archive", collection, "remove", names[0], *REASON)

    assert done.exit_code == 0, done.output
    entry = [*chain.links(shard)][-1].entry
    assert (entry["source"], sorted(files_of(entry))) == ("a.wacz", names) and len(names) > 1
    for folder in (collection, shard):
        assert run("--archive", folder, "verify").exit_code == 0


def test_nothing_is_taken_out_of_a_sealed_shard(both: tuple[Path, Path]) -> None:
    _, collection = both
    shard = read(collection).shards[0]
    assert run("--archive", collection, "seal", shard.name).exit_code == 0
    (name, *_) = sorted(path.name for path in (shard.path / "warc").iterdir())
    before = digests(collection)
    done = run("--archive", collection, "remove", name, *REASON)
    assert done.exit_code == 2
    assert f"The shard {shard.name} has a file of it and is sealed" in done.stderr
    assert f"zhengwen unseal {shard.name}" in done.stderr and done.stderr.count("\n") == 1
    after = digests(collection)
    assert {path: after[path] for path in before if ".db" not in str(path)} == {
        path: value for path, value in before.items() if ".db" not in str(path)
    }
    done = run("--archive", collection, "remove", "nothing.warc", *REASON)
    assert done.exit_code == 2 and "There is no import nothing.warc" in done.stderr


@pytest.fixture(scope="module")
def key(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return pem_key(tmp_path_factory.mktemp("key") / "key.pem")


def test_a_signature_is_of_the_files_of_all_shards(
    both: tuple[Path, Path], key: Path, tmp_path: Path
) -> None:
    _, collection = both
    done = run("--archive", collection, "sign", "--key", key)
    assert done.exit_code == 0, done.output
    (signature,) = (path_of(collection) / "signatures").glob("*.sig")
    assert done.output.strip() == str(signature)
    named = chain.named_files([*chain.links(path_of(collection))])
    for shard in read(collection).shards:
        assert {path.name for path in (shard.path / "warc").iterdir()} <= named.keys()
    assert run("--archive", collection, "verify").exit_code == 0
    assert run("merge", collection, tmp_path / "merged").exit_code == 0
    copy = tmp_path / "merged" / "signatures" / signature.name
    assert copy.read_bytes() == signature.read_bytes()
    assert run("--archive", tmp_path / "merged", "verify").exit_code == 0
    signature.write_bytes(bytes(64))
    done = run("--archive", collection, "verify", "--quick")
    assert done.exit_code == 3
    assert f"joined/signatures/{signature.name}" in done.output


def test_what_a_rebuild_would_change_is_said(both: tuple[Path, Path]) -> None:
    archive, collection = both
    for folder in both:
        done = run("--archive", folder, "rebuild", "--compare")
        assert (done.exit_code, done.stdout) == (0, ""), done.output
    changes = []
    for folder in (archive, path_of(collection)):
        change(folder / "archive.db", "UPDATE articles SET title = '旧题' WHERE pk % 7 = 3")
    for folder in both:
        before = digests(folder)
        done = run("--archive", folder, "rebuild", "--compare", "--json")
        assert done.exit_code == 0, done.output
        changes.append(sorted(done.stdout.splitlines()))
        assert digests(folder) == before
    assert len(changes[0]) > 1 and all("旧题" in line for line in changes[0])
    assert len(changes[0]) == len(changes[1])


def test_a_fixture_is_that_of_one_archive(both: tuple[Path, Path], tmp_path: Path) -> None:
    cases: list[dict[str, bytes]] = []
    for folder in both:
        into = tmp_path / folder.name
        into.mkdir()
        done = run("--archive", folder, "save-fixture", URL, "--into", into)
        assert done.exit_code == 0, done.output
        paths = [path for path in into.rglob("*") if path.is_file()]
        cases.append({str(path.relative_to(into)): path.read_bytes() for path in paths})
    assert len(cases[0]) == 2
    assert cases[0] == cases[1]


def schedule(folder: Path) -> Result:
    words = ["--archive", str(folder), "schedule", "--contact", "a@example.org", "--cron"]
    return CliRunner().invoke(crawler_cli, words)


def test_a_crawl_of_the_collection_is_planned(both: tuple[Path, Path]) -> None:
    archive, collection = both
    done = schedule(collection)
    assert done.exit_code == 0, done.output
    assert f"--archive {collection} crawl" in done.output
    assert done.output.count("\n") == schedule(archive).output.count("\n") == 1
