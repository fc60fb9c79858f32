"""`rebuild --engine dask` makes what `rebuild` makes, byte for byte, whoever is killed; where it cannot,
one sentence says why and nothing has changed."""

from __future__ import annotations

import hashlib
import os
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest
from click.testing import CliRunner

from archive.cli.main import cli
from archive.collection.description import read
from archive.lock import Lock
from tests.collection.years import make_both
from tests.conftest import NOT_INSTALLABLE, ROOT, dump
from tests.rigs.dask_cluster import DaskCluster, dask_cluster, disturbance, until, without

pytestmark = [pytest.mark.slow, pytest.mark.e2e, pytest.mark.xdist_group("dask")]
Dump = dict[str, list[tuple[object, ...]]]


def command(folder: Path, *words: object) -> list[str]:
    return [sys.executable, "-m", "archive", "--archive", str(folder), "rebuild", *map(str, words)]


def rebuild(folder: Path, *words: object, **environ: str) -> subprocess.CompletedProcess[str]:
    """By Dask, in a program of its own."""
    return subprocess.run(
        command(folder, "--engine", "dask", *words),
        cwd=ROOT,
        env={**os.environ, **environ},
        check=False,
        capture_output=True,
        text=True,
        timeout=280,
    )


def sentence(done: subprocess.CompletedProcess[str], code: int = 1) -> str:
    """The one line of a command that failed."""
    assert done.returncode == code, done.stdout + done.stderr
    assert done.stdout == ""
    (line,) = done.stderr.splitlines()
    return line


def folders(place: Path) -> list[Path]:
    """Those of the databases of a collection or of an archive."""
    if not (place / "collection.toml").exists():
        return [place]
    return [place / "shared", *(shard.path for shard in read(place).shards)]


def dumps(place: Path) -> dict[str, Dump]:
    return {str(folder.relative_to(place)): dump(folder) for folder in folders(place)}


def files(place: Path) -> dict[str, str]:
    """Every file, without what a lock or a reader leaves."""
    passing = ("-shm", "-wal", ".lock")
    return {
        path.relative_to(place).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(place.rglob("*"))
        if path.is_file() and not path.name.endswith(passing)
    }


def damage(path: Path) -> None:
    """Change bytes in the middle of a WARC file."""
    data = bytearray(path.read_bytes())
    data[len(data) // 2 : len(data) // 2 + 40] = bytes(40)
    path.write_bytes(data)


@pytest.fixture(scope="module")
def expected(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An archive and a collection of it, one file of both damaged, each rebuilt here."""
    place = make_both(tmp_path_factory.mktemp("made"))
    name = sorted((place / "archive/warc").iterdir())[1].name
    for path in place.rglob(name):
        damage(path)
    for kind in ("archive", "collection"):
        done = subprocess.run(command(place / kind), cwd=ROOT, check=False, capture_output=True)
        assert done.returncode in (0, 3), done.stderr
    return place


@pytest.fixture(params=["archive", "collection"])
def place(request: pytest.FixtureRequest, expected: Path, tmp_path: Path) -> Path:
    """A copy of one of the two, whose databases are to be made again."""
    copy = tmp_path / str(request.param)
    shutil.copytree(expected / copy.name, copy)
    return copy


@pytest.fixture
def collection(expected: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(expected / "collection", tmp_path / "collection"))


@pytest.fixture
def cluster(tmp_path: Path) -> Iterator[DaskCluster]:
    with dask_cluster(tmp_path / "dask") as cluster:
        yield cluster


def forget_rows(place: Path) -> None:
    """Take the databases away, so that all that is there afterwards was made."""
    for folder in folders(place):
        (folder / "archive.db").unlink()


def is_as_expected(place: Path, expected: Path) -> bool:
    """Whether all rows are those of the rebuild without Dask, and nothing else is left."""
    assert dumps(place) == dumps(expected / place.name)
    assert files(place).keys() == files(expected / place.name).keys()
    return True


def test_workers_that_are_started_here_make_the_same_rows(place: Path, expected: Path) -> None:
    forget_rows(place)
    done = rebuild(place, "--workers", 2)
    assert done.returncode == 3, done.stderr  # of the damaged file
    again = shutil.copytree(expected / place.name, place.parent / "again" / place.name)
    plain = subprocess.run(command(again), cwd=ROOT, check=False, capture_output=True, text=True)
    assert done.stderr == plain.stderr
    assert is_as_expected(place, expected)


@pytest.mark.parametrize(
    ("place", "at"),
    [("archive", "reading"), ("collection", "reading"), ("collection", "writing")],
    indirect=["place"],
)
def test_a_worker_of_a_scheduler_is_killed_in_the_middle(
    place: Path, at: str, expected: Path, cluster: DaskCluster, tmp_path: Path
) -> None:
    forget_rows(place)
    environ = disturbance(at=at, how="kill", once=tmp_path / "killed")
    for _ in range(2):
        cluster.worker(**environ)
    done = rebuild(place, "--scheduler", cluster.address)
    assert (tmp_path / "killed").exists()
    assert done.returncode == 3, done.stderr
    assert is_as_expected(place, expected)


def test_a_worker_that_was_started_here_is_killed_in_the_middle(
    collection: Path, expected: Path, tmp_path: Path
) -> None:
    environ = disturbance(at="writing", how="kill", once=tmp_path / "killed")
    done = rebuild(collection, "--workers", 2, **environ)
    assert (tmp_path / "killed").exists()
    assert done.returncode == 3, done.stderr
    assert "Traceback" not in done.stderr and "distributed" not in done.stderr
    assert is_as_expected(collection, expected)


def test_a_task_that_ends_every_worker(collection: Path) -> None:
    before = files(collection)
    done = rebuild(collection, "--workers", 1, **disturbance(at="reading", how="kill"))
    assert "too little memory or were killed" in sentence(done)
    assert files(collection) == before


def test_workers_without_memory(collection: Path) -> None:
    before = files(collection)
    environ = disturbance(at="reading", how="hog")
    done = rebuild(collection, "--workers", 1, "--memory-limit", "700MB", **environ)
    assert "too little memory" in sentence(done) and "--memory-limit" in done.stderr
    assert files(collection) == before


def test_a_task_without_memory(collection: Path) -> None:
    before = files(collection)
    done = rebuild(collection, "--workers", 1, **disturbance(at="reading", how="fail"))
    assert "needs more memory than a worker has" in sentence(done)
    assert files(collection) == before


SHORT = """
import sys
from pathlib import Path
from archive.engine.connecting import workers_of
from archive.engine.rebuilding import rebuild_collection
if __name__ == "__main__":
    with workers_of(sys.argv[1], patience=float(sys.argv[3])) as crew:
        rebuild_collection(Path(sys.argv[2]), crew)
"""


def test_all_workers_are_dead(collection: Path, cluster: DaskCluster, tmp_path: Path) -> None:
    before = files(collection)
    cluster.worker("--no-nanny", **disturbance(at="reading", how="kill"))
    until(lambda: has_workers(cluster))
    words = [sys.executable, "-c", SHORT, cluster.address, str(collection), "3"]
    done = subprocess.run(words, cwd=ROOT, check=False, capture_output=True, text=True)
    assert "has lost all its workers" in done.stderr.splitlines()[-1]
    assert files(collection) == before


def has_workers(cluster: DaskCluster) -> bool:
    from distributed import Client

    with Client(cluster.address, set_as_default=False) as client:
        return bool(client.scheduler_info()["workers"])


def test_a_scheduler_without_workers(collection: Path, cluster: DaskCluster) -> None:
    before = files(collection)
    words = [sys.executable, "-c", SHORT, cluster.address, str(collection), "1"]
    done = subprocess.run(words, cwd=ROOT, check=False, capture_output=True, text=True)
    assert "has no worker; start some with `dask worker" in done.stderr.splitlines()[-1]
    assert files(collection) == before


def test_the_scheduler_dies(place: Path, cluster: DaskCluster, tmp_path: Path) -> None:
    before = files(place)
    hung = tmp_path / "hung"
    cluster.worker(**disturbance(at="reading", how="hang", hung=hung))
    words = command(place, "--engine", "dask", "--scheduler", cluster.address)
    with subprocess.Popen(words, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as program:  # fmt: skip
        until(hung.exists)
        cluster.programs[0].kill()
        out, err = program.communicate(timeout=200)
    assert "is gone, or has lost its tasks" in sentence(
        subprocess.CompletedProcess(words, program.returncode, out, err)
    )
    assert files(place) == before


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_it_is_asked_to_stop(number: signal.Signals, place: Path, tmp_path: Path) -> None:
    before = files(place)
    hung = tmp_path / "hung"
    environ = disturbance(at="reading", how="hang", hung=hung)
    words = command(place, "--engine", "dask", "--workers", 2)
    with subprocess.Popen(
        words,
        cwd=ROOT,
        env={**os.environ, **environ},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    ) as program:
        until(hung.exists)
        family = psutil.Process(program.pid).children(recursive=True)
        os.killpg(program.pid, number)  # as a terminal does
        out, err = program.communicate(timeout=200)
    done = subprocess.CompletedProcess(words, program.returncode, out, err)
    assert "what it has finished is stored" in sentence(done)
    psutil.wait_procs(family, timeout=100)
    assert not [each for each in family if each.is_running()]
    databases = {name: value for name, value in files(place).items() if name.endswith(".db")}
    assert databases == {name: value for name, value in before.items() if name.endswith(".db")}
    assert rebuild(place, "--workers", 1).returncode == 3
    assert files(place).keys() == before.keys()


def test_a_worker_of_another_version(collection: Path, cluster: DaskCluster) -> None:
    before = files(collection)
    cluster.worker(**disturbance(at="version"))
    line = sentence(rebuild(collection, "--scheduler", cluster.address))
    assert "has lxml 0.1 in place of" in line and "install there what is here" in line
    assert files(collection) == before


def test_a_worker_without_the_program(
    collection: Path, cluster: DaskCluster, tmp_path: Path
) -> None:
    before = files(collection)
    (tmp_path / "other").mkdir()
    (tmp_path / "other/archive.py").write_text('"""Somebody else\'s."""')
    cluster.worker(PYTHONPATH=str(tmp_path / "other"))
    line = sentence(rebuild(collection, "--scheduler", cluster.address))
    assert "cannot run this program" in line and "install there the same version" in line
    assert files(collection) == before


@pytest.mark.parametrize("hidden", [".", "shards"])
def test_a_worker_that_does_not_see_the_files(
    collection: Path, cluster: DaskCluster, hidden: str
) -> None:
    if subprocess.run([*without(collection), "true"], check=False, capture_output=True).returncode:
        pytest.skip(f"the right to mount a file system {NOT_INSTALLABLE}")
    before = files(collection)
    cluster.worker(hidden=collection / hidden)
    line = sentence(rebuild(collection, "--scheduler", cluster.address))
    assert f"does not see {collection / hidden}" in line and "mount the folder there" in line
    assert files(collection) == before


def test_a_worker_with_several_threads_does_one_task_at_a_time(
    collection: Path, expected: Path, cluster: DaskCluster
) -> None:
    cluster.worker("--nthreads", "4")
    assert rebuild(collection, "--scheduler", cluster.address).returncode == 3
    assert is_as_expected(collection, expected)


def test_nobody_answers(collection: Path) -> None:
    before = files(collection)
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    line = sentence(rebuild(collection, "--scheduler", f"tcp://127.0.0.1:{port}"))
    assert f"at tcp://127.0.0.1:{port} does not answer" in line
    assert files(collection) == before


@pytest.mark.parametrize(
    ("words", "part"),
    [
        (["--scheduler", "redis://a:1"], "is no address of a Dask scheduler"),
        (["--memory-limit", "much"], "much is no size of memory"),
        (["--memory-limit", "-2GB"], "-2GB is no size of memory"),
        (["--workers", "2", "--scheduler", "a:1"], "--workers is for workers that are started"),
        (["--compare"], "leave --engine out"),
    ],
)
def test_wrong_usage(words: list[str], part: str, expected: Path) -> None:
    assert part in sentence(rebuild(expected / "archive", *words), 2)


def test_a_sealed_shard_is_made_again_and_stays_sealed(collection: Path) -> None:
    shard = read(collection).shards[-1]
    words = ["--archive", str(collection), "seal", shard.name]
    run = CliRunner().invoke(cli, words)
    assert run.exit_code == 0, run.output
    before, chain = dumps(collection), (shard.path / "chain.jsonl").read_bytes()
    assert rebuild(collection, "--workers", 1).returncode == 3
    assert dumps(collection) == before
    assert (shard.path / "chain.jsonl").read_bytes() == chain


def test_somebody_writes_a_shard(collection: Path) -> None:
    with Lock(read(collection).shards[0].path):
        assert "nothing was touched" in sentence(rebuild(collection, "--workers", 1), 4)


def test_without_the_library(expected: Path) -> None:
    hide = (
        "import sys; sys.modules['distributed'] = None; from archive.cli.main import main; main()"
    )
    words = command(expected / "archive", "--engine", "dask")[3:]
    done = subprocess.run(
        [sys.executable, "-c", hide, *words], cwd=ROOT, check=False, capture_output=True, text=True
    )
    assert "pip install 'zhengwen[dask]'" in sentence(done, 2)


def test_nothing_else_imports_dask(expected: Path) -> None:
    program = """import sys
import archive.cli.collection_state, archive.cli.index, crawler.cli
sys.exit(any(name.split(".")[0] in ("dask", "distributed") for name in sys.modules))"""
    assert subprocess.run([sys.executable, "-c", program], cwd=ROOT, check=False).returncode == 0
