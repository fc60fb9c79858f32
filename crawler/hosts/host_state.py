"""What all crawls of this machine together owe to a host: the gap between two requests, and the
time it asked to be left alone.

Two small files a host, in a folder of the user. One holds the state, as JSON, and is locked for
microseconds; the other is locked by whoever has the turn, from just before a request leaves until
the host has it. A process that dies lets go of both.
"""

from __future__ import annotations

import fcntl
import json
import os
import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, fields
from pathlib import Path

from archive.errors import ArchiveError

LONGEST = 86_400.0  # seconds: no Retry-After is believed beyond a day
SLOWEST = 60.0  # seconds between two requests to a host that has trouble
EASE = 0.9  # what a good answer leaves of the additional gap


@dataclass(slots=True)
class State:
    """Times are seconds since 1970. `gap` is what trouble has raised the gap to; 0 for none.
    `next` was set `booked` s ahead."""

    next: float = 0.0
    booked: float = 0.0
    closed_until: float = 0.0
    gap: float = 0.0


def state_folder(given: str | None) -> Path:
    """The folder for the state of hosts: the setting, else the user's state folder (XDG Base
    Directory Specification)."""
    home = os.environ.get("XDG_STATE_HOME") or Path.home() / ".local" / "state"
    return Path(given) if given else Path(home) / "zhengwen" / "hosts"


class HostBudget:
    """The state of hosts in `folder`. Raises ArchiveError where it cannot be kept: politeness is
    not optional."""

    def __init__(self, folder: Path, clock: Callable[[], float] = time.time) -> None:
        self.folder, self.clock = folder, clock
        try:
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        except OSError as error:
            raise self._unkept(error) from error

    def wait(self, host: str) -> float:
        """Seconds until the host may be asked again by whoever has the turn."""
        with self._state(host) as state:
            return max(0.0, state.next - self.clock(), state.closed_until - self.clock())

    def closed_for(self, host: str) -> float:
        """Seconds for which the host asked to be left alone."""
        with self._state(host) as state:
            return max(0.0, state.closed_until - self.clock())

    def take_turn(self, host: str) -> int | None:
        """A descriptor that holds the turn, None where another has it. `give_turn` lets go of
        it."""
        descriptor = self._open(host, ".turn")
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(descriptor)
            return None
        return descriptor

    def give_turn(self, host: str, descriptor: int, gap: float) -> None:
        """The host has the request by now: the next may leave after `gap` seconds, or what trouble
        has raised it to."""
        with self._state(host) as state:
            state.booked = max(gap, state.gap)
            state.next = self.clock() + state.booked
        os.close(descriptor)

    def drop_turn(self, descriptor: int) -> None:
        """Let go of a turn that was not used."""
        os.close(descriptor)

    def close(self, host: str, seconds: float) -> None:
        """The host asked to be left alone for so long."""
        with self._state(host) as state:
            state.closed_until = max(state.closed_until, self.clock() + min(seconds, LONGEST))

    def trouble(self, host: str, gap: float) -> float:
        """Double the gap; returns what it is now."""
        with self._state(host) as state:
            state.gap = max(gap, min(SLOWEST, 2 * max(gap, state.gap)))
            return state.gap

    def well(self, host: str, gap: float) -> None:
        """Come back towards the usual gap, slowly."""
        with self._state(host) as state:
            state.gap = 0.0 if state.gap * EASE <= gap else state.gap * EASE

    @contextmanager
    def _state(self, host: str) -> Iterator[State]:
        """The state, alone, and written again where it was changed."""
        descriptor = self._open(host, ".json")
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            before = os.pread(descriptor, 4096, 0)
            state = self._read(before)
            yield state
            if (data := json.dumps(asdict(state)).encode()) != before:
                os.pwrite(descriptor, data, 0)
                os.ftruncate(descriptor, len(data))
        finally:
            os.close(descriptor)

    def _read(self, data: bytes) -> State:
        """A torn file is a new one; times that no run can have written are those of a clock that
        was set back."""
        try:
            values = json.loads(data or b"{}")
            state = State(**{one.name: float(values.get(one.name, 0.0)) for one in fields(State)})
        except (ValueError, TypeError, AttributeError):
            return State(next=self.clock() + 1.0, booked=1.0)
        now = self.clock()
        state.next = min(state.next, now + state.booked)
        state.closed_until = state.closed_until if state.closed_until <= now + LONGEST else now
        return state

    def _open(self, host: str, suffix: str) -> int:
        name = re.sub(r"[^a-z0-9.-]", "_", host.lower())[:200] or "_"
        try:
            return os.open(
                self.folder / f"{name}{suffix}", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600
            )
        except OSError as error:
            raise self._unkept(error) from error

    def _unkept(self, error: OSError) -> ArchiveError:
        return ArchiveError(
            f"The state of hosts cannot be kept in {self.folder} ({error.strerror}); make it "
            "writable, or name another folder"
            " with -s HOST_STATE_DIR=FOLDER, so that all crawls of this machine keep their "
            "distance together."
        )
