"""One archive on disk, as a Python program sees it: a folder with `accounts.csv`, `warc/` and
`archive.db`."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from archive.disk import no_progress
from archive.upkeep import Upkeep

if TYPE_CHECKING:  # at run time a method imports what it needs, as in `Session`
    from archive.disk import Progress
    from archive.handover.request import Tier
    from archive.verification.finding import Finding


class Archive(Upkeep):
    """An archive to read and to index, to check and to hand over; what only reads is in `Reader`,
    what brings it up to date in `Upkeep`.

    Example:
        >>> with Archive("my-archive") as archive:
        ...     article = archive.article("thepaper-5701234")
        ...     print(article.title, article.status, len(archive.versions(article.id)))
    """

    def of_article(self, name: str) -> Archive:
        """The archive that has an article with its history: this one; of a collection the part that
        has it. `name` is as `id_of` takes it; of one that is nowhere it is this one too."""
        return self

    def of_record(self, record_id: str) -> Archive:
        """The archive whose WARC files have a record: this one; of a collection one of its
        shards."""
        return self

    @property
    def together(self) -> Archive:
        """The archive whose database has all rows: this one; of a collection that of all shards
        together, without a full-text index."""
        return self

    def verify(self, *, quick: bool = False, progress: Progress = no_progress) -> list[Finding]:
        """Check WARC files, chain, database and full-text index.

        Args:
            quick: do not make the database again from the WARC files to compare the two.
            progress: called with the bytes of WARC that were read since the last call.

        Returns:
            What is wrong, each with its place and what to do; none where all is well.

        Raises:
            ArchiveError: the disk has too little room to make the database again.
        """
        from archive.verification.archive import check_archive

        return list(check_archive(self.path, self.platforms, quick=quick, progress=progress))

    def export(
        self,
        dest: str | os.PathLike[str],
        *,
        tier: Tier = "full",
        platform: str | None = None,
        account: str | None = None,
        since: str | None = None,
        until: str | None = None,
        query: str | None = None,
        run: str | None = None,
        force: bool = False,
        progress: Callable[[str, int, int], None] = lambda step, done, total: None,
    ) -> None:
        """Make a package to hand over (BagIt), of all articles or of those that satisfy the
        filters. One state of the archive gives the same bytes.

        Args:
            dest: the folder to make.
            tier: `metadata` (no body text), `text` (no WARC) or `full`.
            platform, account, since, until, query: only such articles, as in `search`.
            run: only what that crawl captured, with the older captures that it needs.
            force: replace the package `dest`.
            progress: called with what is being done, how much of it is done, and of how much.

        Raises:
            UsageError: `dest` is in the way, the filters choose nothing, a library is missing.
            ArchiveError: too little room, a WARC file that is not as it was indexed, or a
                description of a platform that was edited since.
            Busy: another export makes the same package.
        """
        from archive.handover.export import export
        from archive.handover.request import ExportRequest

        request = ExportRequest(
            platform=platform,
            account=account,
            since=since,
            until=until,
            query=query,
            run=run,
            tier=tier,
        )
        self.filters(platform=platform, account=account, since=since, until=until)
        export(self.path, Path(dest), request, self.platforms, force=force, progress=progress)
