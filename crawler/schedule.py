"""`zhengwen schedule`: the crontab line and the systemd units that crawl this archive by
themselves."""

from __future__ import annotations

import os
import shlex
import sys
import zlib
from pathlib import Path

from archive.errors import UsageError

TEXT = """# Zhengwen, archive {folder}: a crawl {often}, at a minute that is this archive's own.
# Nothing is mailed while nothing is wrong; exit codes 1 and 3 say on standard error what is.
# `logs/crawl.log` has the rest. A start that finds another one running ends at once (exit code 4)
# and touches nothing.

# --- cron: add this line with `crontab -e`, or all at once with
#     (crontab -l; zhengwen --archive {shell} schedule --cron) | crontab -
{cron}

# --- systemd: instead of cron, put these two files into ~/.config/systemd/user/, then run
#     systemctl --user daemon-reload && systemctl --user enable --now {name}.timer
#     loginctl enable-linger
# {name}.service
{service}
# {name}.timer
{timer}"""

SERVICE = """[Unit]
Description=Zhengwen crawl of {unit_folder}
Wants=network-online.target
After=network-online.target

[Service]
Type=oneshot
ExecStart={command}
SuccessExitStatus=4
TimeoutStopSec=60
Nice=10
"""

TIMER = """[Unit]
Description=Zhengwen crawl of {unit_folder}

[Timer]
OnCalendar={calendar}
Persistent=true

[Install]
WantedBy=timers.target
"""


def program() -> list[str]:
    """The words that start this very program, whatever PATH says."""
    script = Path(sys.argv[0]).absolute()
    installed = Path(sys.executable).parent / "zhengwen"
    for path in (script, installed):
        if path.name == "zhengwen" and os.access(path, os.X_OK):
            return [str(path)]
    return [sys.executable, "-m", "crawler"]


def schedule(folder: Path, every: int, contact: str) -> dict[str, str]:
    """Make the crontab line and the units for an archive, at a minute that is its own.

    Times are those of the machine. Crawls of less than a day apart, and one at a fixed hour, need
    no care for daylight saving: cron runs a job of the skipped hour once, and the lock keeps a
    doubled one out.

    Args:
        folder: the archive.
        every: hours between two crawls, a divisor of 24.
        contact: where the operator can be reached, for $ZHENGWEN_CONTACT.

    Returns:
        `text` for a person, and its parts `cron`, `service`, `timer`.

    Raises:
        UsageError: for other hours, and for a path or contact that no crontab can have.
    """
    if every not in (1, 2, 3, 4, 6, 8, 12, 24):
        raise UsageError(f"--every is {every}; give 1, 2, 3, 4, 6, 8, 12 or 24 hours.")
    path = str(folder.absolute())
    if "\n" in path or "\n" in contact:
        raise UsageError(
            "A line break in the archive's path or the contact cannot be written into a crontab."
        )
    own = zlib.crc32(path.encode())
    minute, hour = own % 60, (own // 60) % every
    hours = ",".join(map(str, range(hour, 24, every))) if every > 1 else "*"
    words = ["/usr/bin/env", f"ZHENGWEN_CONTACT={contact}", *program(), "--archive", path, "crawl"]
    # a bare % ends a crontab's command
    cron = f"{minute} {hours} * * * {shlex.join(words)}".replace("%", "\\%")
    parts = {
        "cron": cron,
        "service": SERVICE.format(
            unit_folder=path.replace("%", "%%"), command=" ".join(map(_unit_word, words))
        ),
        "timer": TIMER.format(
            unit_folder=path.replace("%", "%%"), calendar=f"*-*-* {hours}:{minute:02}:00"
        ),
    }
    often = "every hour" if every == 1 else f"every {every} hours" if every < 24 else "a day"
    name = f"zhengwen-{own:08x}"
    return {
        **parts,
        "text": TEXT.format(folder=path, shell=shlex.quote(path), often=often, name=name, **parts),
    }


def _unit_word(word: str) -> str:
    """A word as systemd.service(5) quotes it: `%` and `$` stand for other things there."""
    plain = word.replace("\\", "\\\\").replace('"', '\\"').replace("%", "%%").replace("$", "$$")
    return f'"{plain}"' if plain != word or " " in word or "'" in word else word
