"""Pages that are being made. A page that waits for a disk goes on being made after its reader was
informed of it, and is the answer to whoever asks for the same again."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Hashable
from concurrent.futures import Future, ThreadPoolExecutor
from threading import Lock

from archive.room.answer import Answer

AT_ONCE = 8  # pages that are made at the same time; others wait for these
PATIENCE = 8.0  # seconds until a person is informed that a page is being made

_pool = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="room")
_working: dict[Hashable, Future[Answer]] = {}
_lock = Lock()


def begin(key: Hashable, make: Callable[[], Answer]) -> Future[Answer]:
    """The page that is being made under a key; begun now where it is not yet.

    Args:
        key: what the page depends on.
        make: makes it, in a thread of its own.
    """
    with _lock:
        if key not in _working:
            _working[key] = _pool.submit(make)
        future = _working[key]
    future.add_done_callback(lambda _: _end(key, future))
    return future


def _end(key: Hashable, future: Future[Answer]) -> None:
    with _lock:
        if _working.get(key) is future:
            del _working[key]


async def wait_for(
    key: Hashable, make: Callable[[], Answer], patience: float | None = None
) -> Answer | None:
    """The page, once it is made; None where that takes longer than somebody waits.

    Args:
        key: what the page depends on.
        make: makes it, in a thread of its own, and goes on when nobody waits any more.
        patience: how long it is waited for, in seconds; None: for ever.
    """
    page = asyncio.wrap_future(begin(key, make))
    done, _ = await asyncio.wait([page], timeout=patience)
    return page.result() if done else None
