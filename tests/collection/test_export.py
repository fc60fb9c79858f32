"""A package of a collection is that of the one archive with all its articles."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from rocrate.rocrate import ROCrate

from archive.collection.description import read
from archive.collection.joined import path_of
from archive.verification.package import check_package
from archive.warc.chain import links
from tests.collection.test_collection import digests, run
from tests.conftest import check, dump, installed
from tests.rigs.handover_world import Handed, make
from tests.rigs.warm import WarmPrograms

pytestmark = [pytest.mark.e2e, pytest.mark.slow, pytest.mark.xdist_group("handover")]


@pytest.fixture(scope="session")
def handed(tmp_path_factory: pytest.TempPathFactory, warm_programs: WarmPrograms) -> Handed:
    """An archive of three platforms, with an edit, a withdrawal, revisits and pictures."""
    folder = tmp_path_factory.mktemp("handed")
    return make(folder / "archive", folder / "web", warm_programs)


@pytest.fixture(scope="module")
def collection(handed: Handed, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("split") / "collection"
    assert run("split", handed.folder, folder).exit_code == 0
    return folder


REQUESTS = {
    "everything": [],
    "metadata": ["--tier", "metadata"],
    "text": ["--tier", "text"],
    "a platform": ["--platform", "thepaper"],
    "an account and days": ["--account", "济南高新区", "--since", "2020-02-03"],
    "a query": ["--query", "疫情 防控"],
    "a run": ["--run", "{second}"],
}


@pytest.mark.parametrize("kind", REQUESTS)
def test_it_has_the_files_and_rows_of_the_one_archive(
    handed: Handed, collection: Path, tmp_path: Path, kind: str
) -> None:
    words = [word.format(second=handed.second_run) for word in REQUESTS[kind]]
    for folder, name in ((handed.folder, "one"), (collection, "many")):
        done = run("--archive", folder, "export", tmp_path / name, *words)
        assert (done.exit_code, done.output) == (0, ""), done.output
    alone, many = tmp_path / "one", tmp_path / "many"
    assert dump(many / "data") == dump(alone / "data")
    first, second = digests(alone / "data"), digests(many / "data")
    evidence = {name for name in second if name.startswith("shards/")}
    assert evidence == {f"shards/{shard.name}/chain.jsonl" for shard in read(collection).shards}
    assert second.keys() - evidence == first.keys()
    differing = {name for name in first if first[name] != second[name]}
    assert differing <= {"archive.db", "archive.wacz"}, differing
    findings = [*map(str, check_package(many))]
    assert findings == [*map(str, check_package(alone))]
    assert findings == [] or kind == "a query"


def test_every_validator_is_content(collection: Path, tmp_path: Path) -> None:
    package = tmp_path / "package"
    assert run("--archive", collection, "export", package).exit_code == 0
    check(installed("bagit.py"), "--validate", "--quiet", str(package))
    check(installed("frictionless"), "validate", str(package / "datapackage.json"))
    check(installed("wacz"), "validate", "-f", str(package / "data" / "archive.wacz"))
    check(installed("warcio"), "check", *map(str, (package / "data" / "warc").iterdir()))
    named = {entity.id for entity in ROCrate(str(package)).data_entities}
    shards = [shard.name for shard in read(collection).shards]
    assert {f"data/shards/{name}/chain.jsonl" for name in shards} <= named
    assert "data/shards/NAME/chain.jsonl" in (package / "README.md").read_text("utf-8")


def test_a_changed_line_of_a_shards_chain_is_found(collection: Path, tmp_path: Path) -> None:
    package = tmp_path / "package"
    words = ("--tier", "text")
    assert run("--archive", collection, "export", package, *words).exit_code == 0
    path = sorted((package / "data" / "shards").iterdir())[0] / "chain.jsonl"
    first, *rest = path.read_text("utf-8").splitlines(keepends=True)
    path.write_text("".join([first.replace('"kind"', '"kinds"'), *rest]), "utf-8")
    shown = path.relative_to(package).as_posix()
    findings = [str(finding) for finding in check_package(package) if finding.file == shown]
    assert any("line 1 was changed" in line for line in findings), findings


def test_a_shard_that_cannot_be_reached_is_named_and_nothing_is_made(
    collection: Path, tmp_path: Path
) -> None:
    copy = Path(shutil.copytree(collection, tmp_path / "collection", symlinks=True))
    name = read(copy).shards[0].name
    (copy / "shards" / name).rename(tmp_path / "away")
    done = run("--archive", copy, "export", tmp_path / "package")
    assert done.exit_code == 1
    assert name in done.stderr
    assert done.stderr.count("\n") == 1
    assert not (tmp_path / "package").exists()


def test_what_the_collection_has_together_is_made_where_it_is_missing(
    collection: Path, tmp_path: Path
) -> None:
    copy = Path(shutil.copytree(collection, tmp_path / "collection", symlinks=True))
    shutil.rmtree(path_of(copy))
    for folder, name in ((collection, "one"), (copy, "other")):
        assert run("--archive", folder, "export", tmp_path / name).exit_code == 0
    assert dump(tmp_path / "one" / "data") == dump(tmp_path / "other" / "data")
    assert [*map(str, links(path_of(copy)))] == [*map(str, links(path_of(collection)))]
