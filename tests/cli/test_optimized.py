"""Python without its asserts (`PYTHONOPTIMIZE=1`): every check is a raised error, so nothing is
different."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from tests.conftest import ACCOUNT, FAST, Program
from tests.standin.pages import Story
from tests.standin.thepaper import ThePaper


def openssl(*words: str | Path) -> None:
    subprocess.run(["openssl", *map(str, words)], check=True, capture_output=True)


@pytest.fixture
def optimized(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONOPTIMIZE", "1")


@pytest.mark.usefixtures("optimized")
def test_crawl_index_verify_search_and_sign(
    thepaper: ThePaper, zhengwen: Program, archive_dir: Path, tmp_path: Path
) -> None:
    thepaper.add(Story(5_700_000, "第一次通报", ["疫情防控。", "第一段。"]))
    openssl("genpkey", "-algorithm", "ed25519", "-out", tmp_path / "key.pem")
    openssl("genpkey", "-algorithm", "RSA", "-out", tmp_path / "rsa.pem")

    zhengwen("crawl", ACCOUNT, *FAST)
    zhengwen("index")
    assert zhengwen("search", "疫情防控").stdout.startswith("thepaper-5700000")
    zhengwen("sign", "--key", str(tmp_path / "key.pem"))
    assert zhengwen("verify").stdout == ""

    refused = zhengwen("sign", "--key", str(tmp_path / "rsa.pem"), check=2)
    assert refused.stderr.count("\n") == 1 and "Ed25519" in refused.stderr

    public = archive_dir / "signatures" / "key.pub"
    openssl("pkey", "-in", tmp_path / "rsa.pem", "-pubout", "-out", public)
    finding = zhengwen("verify", "--quick", check=3)
    assert "Ed25519" in finding.stdout and "Traceback" not in finding.stdout + finding.stderr
