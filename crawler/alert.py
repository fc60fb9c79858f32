"""The command that is run when a crawl failed or met an alarm."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

from archive.cli.output import complain

LONGEST = 60  # seconds


def alert(
    command: str | None,
    exit_code: int,
    report: Path | None,
    letter: str = "",
    *,
    always: bool = False,
) -> None:
    """Run the command in a shell, for exit codes 1 and 3. Its own failure is printed and changes
    nothing.

    Args:
        command: the user's, which finds both values below in $ZHENGWEN_EXIT_CODE and
            $ZHENGWEN_REPORT; None: there is none.
        exit_code: of the crawl.
        report: the path of its report; None where none was written.
        letter: what to tell, for its standard input: `mail -E` sends it where it is not empty.
        always: run it whatever the exit code is.
    """
    if not command or (exit_code not in (1, 3) and not always):
        return
    values = {"ZHENGWEN_EXIT_CODE": str(exit_code), "ZHENGWEN_REPORT": str(report or "")}
    try:
        done = subprocess.run(
            command,
            shell=True,
            env={**os.environ, **values},
            input=letter.encode("utf-8", "replace"),
            timeout=LONGEST,
            check=False,
        )  # the user's own
    except subprocess.TimeoutExpired:
        complain(f"the alert command took longer than {LONGEST} s and was stopped: {command}")
        return
    if done.returncode:
        complain(f"the alert command ended with exit code {done.returncode}: {command}")
