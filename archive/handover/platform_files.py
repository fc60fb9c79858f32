"""The archive's own descriptions of platforms, by which the pages of a package were read: whoever
has the WARC files makes the database again by them."""

from __future__ import annotations

from archive.database.producer import current, differences
from archive.errors import ArchiveError, UsageError
from archive.handover import layout
from archive.handover.selection import Selection
from archive.platforms import Platforms


def files(platforms: Platforms) -> dict[str, bytes]:
    """The files of the package: path and content."""
    return {f"{layout.PLATFORMS}/{each.path.name}": each.data for each in platforms.descriptions}


def check(selection: Selection, platforms: Platforms) -> None:
    """Check that the descriptions may be handed over.

    Raises:
        ArchiveError: they are not those by which the rows were read. A database of an older program
            does not say which those were.
        UsageError: one has a name that manifests write in two ways: RFC 8493 wants line ends and %
            as escapes, and not every program undoes all of them.
    """
    _require_those_of_the_rows(selection, platforms)
    _require_plain_names(platforms)


def _require_those_of_the_rows(selection: Selection, platforms: Platforms) -> None:
    if "descriptions" not in selection.names("producers"):
        return
    now = current(platforms).descriptions
    for (before,) in selection.connection.execute("SELECT descriptions FROM producers"):
        if changed := ", ".join(differences(before, now)):
            raise ArchiveError(
                f"The database was made by other descriptions of platforms ({changed}); run "
                "`zhengwen rebuild`, so that the package holds those by which its pages were read."
            )


def _require_plain_names(platforms: Platforms) -> None:
    for description in platforms.descriptions:
        if "%" in description.path.name or not description.path.name.isprintable():
            raise UsageError(
                f"{description.path} cannot be in a package, because of a % or a sign that cannot "
                "be seen in its name; rename it, then run `zhengwen rebuild`."
            )
