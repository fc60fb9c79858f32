"""The fast set stays fast, and tests without their material are skipped with a reason."""

from __future__ import annotations

import multiprocessing
import os
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

import pytest

from tests.conftest import NOT_INSTALLABLE, ROOT, material
from tests.rigs.groups import group_of

TESTS = set((ROOT / "tests").rglob("test_*.py")) - {Path(__file__)}


def pool(method: str) -> None:
    with ProcessPoolExecutor(1, mp_context=get_context(method)) as processes:
        processes.submit(os.getpid).result()


@pytest.mark.parametrize(
    "start",
    [
        lambda: subprocess.run([sys.executable, "-c", ""], check=True),
        lambda: os.system("true"),
        lambda: multiprocessing.Process(target=os.getpid).start(),
        lambda: get_context("spawn").Process(target=os.getpid).start(),
        lambda: get_context("forkserver").Process(target=os.getpid).start(),
        lambda: multiprocessing.Pool(1).map(os.getenv, ["HOME"]),
        lambda: pool("spawn"),
        lambda: pool("fork"),
    ],
)
def test_a_test_that_starts_a_program_is_marked(start: Callable[[], object]) -> None:
    with pytest.raises(AssertionError, match="a test that starts a program is marked e2e"):
        start()


@pytest.mark.parametrize("inside", [None, [], ["eval/", "pages/", "seed/"], ["eval/a", "pages/b"]])
def test_tests_without_the_shared_material_are_skipped(
    inside: list[str] | None, tmp_path: Path
) -> None:
    folder = tmp_path / "shared"
    for name in ["", *inside] if inside is not None else ():
        (folder / name).mkdir(parents=True, exist_ok=True)

    with pytest.raises(pytest.skip.Exception, match=f"shared/seed.*{NOT_INSTALLABLE}"):
        material(folder)


def test_the_shared_material_is_found(tmp_path: Path) -> None:
    for name in ("eval/a", "pages/b", "seed/c"):
        (tmp_path / name).mkdir(parents=True)

    assert material(tmp_path) == tmp_path


def test_tests_of_a_group_run_in_one_process() -> None:
    """`ByGroup` knows groups of files alone."""
    marked = [path for path in TESTS if "mark.xdist_group(" in path.read_text("utf-8")]
    groups = {path: group_of(str(path.relative_to(ROOT))) for path in marked}

    assert len(groups) > 10 and None not in groups.values()
    for path in marked:
        assert path.read_text("utf-8").count("mark.xdist_group(") == 1
    assert group_of("tests/project/test_fast_set.py") is None
