"""What all crawls of this machine together owe to a host: the gap between two requests, and the
time it asked to be left alone.

Two small files a host, in a folder of the user. One has the state, as JSON, and is locked for
microseconds; the other is locked by whoever has the slot, from just before a request leaves until
the host has it. The kernel unlocks both where a process dies.
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
from typing import Any, Protocol

from archive.errors import ArchiveError

LONGEST = 86_400.0  # seconds: nothing keeps a host closed beyond a day
SLOWEST = 60.0  # seconds between two requests to an overloaded host
EASE = 0.9  # what a good answer leaves of a raised gap
SLOT = ".turn"  # suffix of the lock file; earlier versions of the program lock the same
TAKEN = b"1"  # in the lock file, as long as the slot is taken


@dataclass(slots=True)
class State:
    """What is stored of a host, as JSON.

    Attributes:
        next: when the next request may leave (seconds since 1970).
        booked: by how many seconds `next` was set ahead.
        closed_until: until when the host asked to be left alone (seconds since 1970).
        gap: seconds to which overload has raised the gap; 0 for none.
    """

    next: float = 0.0
    booked: float = 0.0
    closed_until: float = 0.0
    gap: float = 0.0


class States(Protocol):
    """The states of all hosts, shared by crawls: in files of a machine, or in the Redis of a
    cluster. The methods are those of `HostStates`."""

    clock: Callable[[], float]

    def wait(self, host: str) -> float: ...

    def closed_for(self, host: str) -> float: ...

    def take_slot(self, host: str, gap: float = 0.0) -> Any: ...

    def use_slot(self, host: str, slot: Any, gap: float) -> None: ...

    def drop_slot(self, host: str, slot: Any) -> None: ...

    def close(self, host: str, seconds: float) -> None: ...

    def back_off(self, host: str, gap: float) -> float: ...

    def ease(self, host: str, gap: float) -> None: ...


def state_folder(given: str | None) -> Path:
    """The folder for the state of hosts.

    Args:
        given: the setting HOST_STATE_DIR; None: `zhengwen/hosts` in the user's state folder (XDG
            Base Directory Specification).
    """
    home = os.environ.get("XDG_STATE_HOME") or Path.home() / ".local" / "state"
    return Path(given) if given else Path(home) / "zhengwen" / "hosts"


class HostStates:
    """The states of all hosts, shared by the processes of this machine.

    Args:
        folder: where they are stored; it is made.
        clock: gives seconds since 1970.

    Raises:
        ArchiveError: they cannot be stored there (by every method): politeness is not optional.
    """

    def __init__(self, folder: Path, clock: Callable[[], float] = time.time) -> None:
        self.folder, self.clock = folder, clock
        try:
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        except OSError as error:
            raise self._not_writable(error) from error

    def wait(self, host: str) -> float:
        """Seconds until the host may be asked again by whoever has the slot."""
        with self._state(host) as state:
            return max(0.0, state.next - self.clock(), state.closed_until - self.clock())

    def closed_for(self, host: str) -> float:
        """Seconds for which the host asked to be left alone."""
        with self._state(host) as state:
            return max(0.0, state.closed_until - self.clock())

    def take_slot(self, host: str, gap: float = 0.0) -> int | None:
        """Take the slot in which one request may leave.

        Where a process died with the slot, its request may have left: the next one waits from now
        on as if it had.

        Args:
            host: the host.
            gap: as in `use_slot`.

        Returns:
            A descriptor for `use_slot` or `drop_slot`; None where another request has the slot.
        """
        slot = self._open(host, SLOT)
        try:
            fcntl.flock(slot, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(slot)
            return None
        try:
            if os.pread(slot, 1, 0):
                self._book(host, gap)
            self._write(slot, TAKEN)
        except BaseException:
            os.close(slot)
            raise
        return slot

    def use_slot(self, host: str, slot: int, gap: float) -> None:
        """Free the slot of a request that the host has by now, and book the next one.

        Args:
            host: as in `take_slot`.
            slot: what `take_slot` gave.
            gap: seconds until the next request; more where overload has raised the gap.
        """
        self._book(host, gap)
        self.drop_slot(host, slot)

    def drop_slot(self, host: str, slot: int) -> None:
        """Free a slot in which no request left."""
        try:
            self._write(slot, b"")
        finally:
            os.close(slot)

    def _book(self, host: str, gap: float) -> None:
        with self._state(host) as state:
            state.booked = min(max(gap, state.gap), LONGEST)
            state.next = self.clock() + state.booked

    def close(self, host: str, seconds: float) -> None:
        """Leave the host alone for so many seconds, at most a day."""
        with self._state(host) as state:
            state.closed_until = max(state.closed_until, self.clock() + min(seconds, LONGEST))

    def back_off(self, host: str, gap: float) -> float:
        """Double the gap of an overloaded host, up to a minute.

        Args:
            host: the host.
            gap: the usual seconds between two requests.

        Returns:
            The seconds between two requests from now on.
        """
        with self._state(host) as state:
            state.gap = max(gap, min(SLOWEST, 2 * max(gap, state.gap)))
            return state.gap

    def ease(self, host: str, gap: float) -> None:
        """Come back towards the usual gap (seconds) after a good answer, slowly."""
        with self._state(host) as state:
            state.gap = 0.0 if state.gap * EASE <= gap else state.gap * EASE

    @contextmanager
    def _state(self, host: str) -> Iterator[State]:
        """Lock the state, and write it again where it was changed."""
        descriptor = self._open(host, ".json")
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            before = os.pread(descriptor, 4096, 0)
            state = self._read(before)
            yield state
            if (data := json.dumps(asdict(state)).encode()) != before:
                self._write(descriptor, data)
        finally:
            os.close(descriptor)

    def _write(self, descriptor: int, data: bytes) -> None:
        """Make this the content of a file."""
        try:
            os.pwrite(descriptor, data, 0)
            os.ftruncate(descriptor, len(data))
        except OSError as error:
            raise self._not_writable(error) from error

    def _read(self, data: bytes) -> State:
        """A torn file, and one with a gap that no run may book (earlier versions did), is a new
        one; times that no run can have written are those of a clock that was set back."""
        try:
            values = json.loads(data or b"{}")
            names = [field.name for field in fields(State)]
            state = State(**{name: float(values.get(name, 0.0)) for name in names})
            if not (0 <= state.booked <= LONGEST and 0 <= state.gap <= LONGEST):
                raise ValueError
        except (ValueError, TypeError, AttributeError, OverflowError):
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
            raise self._not_writable(error) from error

    def _not_writable(self, error: OSError) -> ArchiveError:
        return ArchiveError(
            f"The state of hosts cannot be stored in {self.folder} ({error.strerror}); make it "
            "writable, or name another folder with -s HOST_STATE_DIR=FOLDER, so that all crawls of "
            "this machine keep their distance together."
        )
