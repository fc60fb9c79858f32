"""The examples in docs/scale.md are what systemd and Kubernetes read."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest
import yaml

from tests.conftest import ROOT

pytestmark = pytest.mark.slow


def blocks(kind: str) -> list[str]:
    text = (ROOT / "docs" / "scale.md").read_text("utf-8")
    return re.findall(rf"^```{kind}\n(.*?)^```", text, re.DOTALL | re.MULTILINE)


def test_systemd_reads_the_units(tmp_path: Path) -> None:
    if (analyze := shutil.which("systemd-analyze")) is None:
        pytest.skip("systemd-analyze is not here (apt-get install systemd)")
    units = dict(zip(("service", "timer"), blocks("ini"), strict=True))
    for kind, text in units.items():
        (tmp_path / f"zhengwen-worker.{kind}").write_text(text)
    files = [str(tmp_path / f"zhengwen-worker.{kind}") for kind in units]
    done = subprocess.run([analyze, "verify", *files], capture_output=True, text=True, check=False)

    assert "zhengwen-worker" not in done.stderr, done.stderr


def test_each_job_of_kubernetes_has_an_archive_of_its_own() -> None:
    (text,) = blocks("yaml")
    job = yaml.safe_load(text)["spec"]["jobTemplate"]["spec"]
    pod = job["template"]["spec"]
    (container,) = pod["containers"]

    assert job["completionMode"] == "Indexed" and job["completions"] == job["parallelism"]
    assert "--archive /archives/$JOB_COMPLETION_INDEX" in container["args"][0]
    volumes = {volume["name"] for volume in pod["volumes"]}
    assert volumes == {mount["name"] for mount in container["volumeMounts"]}
    check = subprocess.run(["sh", "-nc", container["args"][0]], check=False)
    assert check.returncode == 0
