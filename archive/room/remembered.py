"""What is asked of the complete archive, remembered until its database changes: counting a hundred
thousand articles takes longer than a page may."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from math import inf
from threading import Lock
from time import monotonic
from typing import Any, TypeVar

from archive.archive import Archive

Value = TypeVar("Value")
MOST = 200  # values that are remembered

_values: OrderedDict[tuple[object, ...], tuple[float, Any]] = OrderedDict()
_making: dict[tuple[object, ...], Lock] = {}
_lock = Lock()


def remembered(
    archive: Archive, name: str, make: Callable[[], Value], *of: object, seconds: float = inf
) -> Value:
    """The value, made now or before of the same state of the database. Of readers who ask for it at
    the same time one makes it, and the others wait.

    Args:
        archive: what it is made of.
        name: what it is.
        make: makes it.
        of: what else it depends on.
        seconds: that it holds, where it depends on the clock.
    """
    key = (*_state(archive), name, *of)
    with _lock:
        making = _making.setdefault(key, Lock())
    try:
        with making:
            with _lock:
                at, value = _values.get(key, (-inf, None))
            if monotonic() - at < seconds:
                return value  # type: ignore[no-any-return]  # of the same name
            fresh = make()
            with _lock:
                _values[key] = (monotonic(), fresh)
                while len(_values) > MOST:
                    _values.popitem(last=False)
            return fresh
    finally:
        with _lock:
            _making.pop(key, None)


def _state(archive: Archive) -> tuple[object, ...]:
    """What changes whenever a database does, or cannot be reached: their files' sizes and times."""
    paths = [path for db in archive.databases for path in (db, db.with_name(f"{db.name}-wal"))]
    stats = [path.stat() for path in paths if path.exists()]
    names = map(str, archive.databases)
    return (*names, *((stat.st_size, stat.st_mtime_ns) for stat in stats))
