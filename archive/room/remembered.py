"""What is asked of the complete archive, remembered until its database changes: counting a hundred
thousand articles takes longer than a page may."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from threading import Lock
from time import monotonic
from typing import Any, TypeVar

from archive.archive import Archive

Value = TypeVar("Value")
MOST = 200  # values that are remembered
SECONDS = 60.0  # that a value holds, since what is silent or due depends on the clock

_values: OrderedDict[tuple[object, ...], tuple[float, Any]] = OrderedDict()
_lock = Lock()


def remembered(archive: Archive, name: str, make: Callable[[], Value], *of: object) -> Value:
    """The value, made now or less than a minute ago of the same state of the database.

    Args:
        archive: what it is made of.
        name: what it is.
        make: makes it.
        of: what else it depends on.
    """
    key = (*_state(archive), name, *of)
    with _lock:
        at, value = _values.get(key, (-SECONDS, None))
    if monotonic() - at < SECONDS:
        return value  # type: ignore[no-any-return]  # of the same name
    fresh = make()
    with _lock:
        _values[key] = (monotonic(), fresh)
        while len(_values) > MOST:
            _values.popitem(last=False)
    return fresh


def _state(archive: Archive) -> tuple[object, ...]:
    """What changes whenever the database does: its files' sizes and times."""
    paths = (archive.db_path, archive.db_path.with_name(archive.db_path.name + "-wal"))
    stats = [path.stat() for path in paths if path.exists()]
    return (str(archive.db_path), *((stat.st_size, stat.st_mtime_ns) for stat in stats))
