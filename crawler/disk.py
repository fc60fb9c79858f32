"""Room on the disk of the archive, before a crawl begins."""

from __future__ import annotations

from archive.disk import free_bytes
from archive.errors import UsageError
from archive.folder import archive_dir
from crawler.units import parse_size


def check_disk(folder: str | None, least: str | int | None) -> None:
    """Refuse a crawl where there is less room than it is to leave.

    Args:
        folder: the archive, as the setting ARCHIVE gives it.
        least: the setting MIN_FREE_DISK, such as `500MB`.

    Raises:
        UsageError: there is less, or `least` is no size.
    """
    required, free = parse_size(least, "MIN_FREE_DISK"), free_bytes(archive_dir(folder))
    if free < required:
        raise UsageError(
            f"There are {free / 1e6:.0f} MB free for the archive and MIN_FREE_DISK is "
            f"{required / 1e6:.0f} MB; make room, or allow less with -s MIN_FREE_DISK=SIZE."
        )
