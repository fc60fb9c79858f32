"""What is made of the WARC files of an archive: its database, and what was read in its pictures."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from archive.disk import no_progress
from archive.errors import ArchiveError, UsageError
from archive.upkeep.chain import Chain

if TYPE_CHECKING:  # at run time a method imports what it needs, as in `Session`
    from archive.disk import Progress
    from archive.index.comparison import Change
    from archive.index.files import Files
    from archive.index.indexer import Indexed
    from archive.index.picture_reading import PicturesRead
    from archive.index.picture_store import AnswerStore


class Upkeep(Chain):
    """The part of `Archive` that is kept up to date."""

    def index(self, *, workers: int | None = 1, progress: Progress = no_progress) -> Indexed:
        """Bring the hash chain and the database up to date with the WARC files. The caller has the
        archive's lock. What of a file cannot be read is in `failures` and `warcs.damage`. Where an
        import was taken out, the database is made again.

        Args:
            workers: processes that read; None: one a core. A script that wants more than one needs
                the usual `if __name__ == "__main__":`, here as in `rebuild` and `compare`.
            progress: called with the bytes of each WARC file when it is done.

        Returns:
            How many WARC files and captures were new.

        Raises:
            ArchiveError: the database was made by another version of the program.

        Example:
            >>> from archive.lock import Lock
            >>> with Archive("my-archive") as archive, Lock(archive.path):
            ...     archive.index()
            Indexed(files=1, captures=12)
        """
        from archive.index import fresh_database, indexer

        self.close()
        fresh_database.remove_unfinished(self.db_path)
        known = self.extend_chain()
        if not self.is_indexed():
            self._require_files()
        elif self._has_removed_files():
            done = self.rebuild(workers=workers, progress=progress)
            self._note_chain(known)
            return done
        done = indexer.index(
            self.warc_dir, self.db_path, self.platforms, workers=workers, progress=progress
        )
        self._note_chain(known)
        return done

    def rebuild(
        self,
        *,
        workers: int | None = 1,
        progress: Progress = no_progress,
        files: Files | None = None,
    ) -> Indexed:
        """Make the database again from the WARC files alone; the old one stays until the new one
        is complete. Takes and returns what `index` does, and leaves the chain as it is. `files`
        gives the rows of the WARC files in place of `workers`.
        """
        from archive.database.chain_state import known_state
        from archive.index import indexer

        self.close()
        known = known_state(self.db_path)
        self._require_files()
        done = indexer.rebuild(
            self.warc_dir,
            self.db_path,
            self.platforms,
            workers=workers,
            progress=progress,
            files=files,
        )
        self._note_chain(known)
        return done

    def prepare_database(self) -> None:
        """Bring the chain up to date, unless the archive is sealed, and save what only the old
        database has, before another process makes a new one. The caller has the archive's lock.

        Raises:
            ArchiveError: the WARC files that the chain names are missing.
        """
        from archive.folder import is_sealed
        from archive.index import indexer

        if not is_sealed(self.path):
            self.extend_chain()
        self._require_files()
        self.close()
        indexer.prepare(self.warc_dir, self.db_path)

    def put_database(self, fresh: Path) -> None:
        """Put a database of all WARC files in the place of the old one.

        Args:
            fresh: in the folder of the archive.
        """
        from archive.database.chain_state import known_state
        from archive.index import fresh_database

        known = known_state(self.db_path)
        fresh_database.put_in_place(fresh, self.db_path)
        self._note_chain(known)

    def compare(self, *, workers: int | None = 1, progress: Progress = no_progress) -> list[Change]:
        """Find what a rebuild by this version of the program would change; the database stays as
        it is. Takes what `index` takes; the caller has the archive's lock.

        Raises:
            UsageError: there is no database to compare with.
        """
        from archive.index import indexer
        from archive.index.comparison import changes

        self.close()
        if not self.db_path.exists():
            raise UsageError(
                f"{self.path} holds no archive.db to compare with; run `zhengwen index` first."
            )
        folder = self.path / ".compare"
        shutil.rmtree(folder, ignore_errors=True)  # a killed comparison's
        folder.mkdir()
        try:
            indexer.make(
                self.warc_dir,
                folder / "archive.db",
                self.platforms,
                workers=workers,
                progress=progress,
                searchable=False,  # rows are compared
            )
            return list(changes(self.db_path, folder / "archive.db"))
        finally:
            shutil.rmtree(folder, ignore_errors=True)

    def read_pictures(
        self,
        *,
        limit: int | None = None,
        account: str | None = None,
        again: bool = False,
        progress: Callable[[int, int], None] = lambda done, total: None,
        into: AnswerStore | None = None,
    ) -> PicturesRead:
        """Read the text in the captured pictures of articles, those of the newest articles first.
        What was read stays, whatever ends the call and whenever the database is made again. A
        script needs the usual `if __name__ == "__main__":`, because another process reads.

        Args:
            limit: at most so many pictures.
            account: only pictures of this account (its id, or any name that it has or had).
            again: also pictures that another version of the reader read, and those that took too
                long.
            progress: called with how many pictures are done, and of how many.
            into: takes what was read; None: this archive does.

        Raises:
            UsageError: nothing was indexed yet, no such account, or the reader of pictures
                (`pip install 'zhengwen[pictures]'`) is missing.
            Busy: another process reads the pictures of this archive.

        Example:
            >>> archive.read_pictures(limit=100).states
            Counter({'read': 98, 'unsupported': 2})
        """
        from archive.index.picture_reading import read_pictures

        self.check_readable()
        self.filters(account=account)
        called = self.accounts_called(account) if account else []
        self.close()
        return read_pictures(
            self.path,
            limit=limit,
            account=account,
            called=called,
            again=again,
            progress=progress,
            into=into,
        )

    def _require_files(self) -> None:
        """Check that there is something to make a database of. Raises ArchiveError where the chain
        names WARC files and none is there."""
        from archive.warc import chain
        from archive.warc.stored import all_files

        missing = chain.missing_files(self.path)
        if missing and not all_files(self.warc_dir):
            files = f"All {len(missing)} WARC files" if len(missing) > 1 else "The one WARC file"
            verb = "are" if len(missing) > 1 else "is"
            raise ArchiveError(
                f"{files} that {chain.CHAIN} names {verb} missing from "
                f"{self.warc_dir}, {missing[0]} among them; restore them from a copy (archive.db "
                "stays as it was)."
            )

    def _has_removed_files(self) -> bool:
        """Whether the database has rows of WARC files that the chain says were taken out."""
        from archive.warc import chain
        from archive.warc.imports import removed_files

        removed = removed_files(link.entry for link in chain.links(self.path))
        if not removed:
            return False
        try:
            indexed = self.connection.execute("SELECT name FROM warcs").fetchall()
        finally:
            self.close()
        return any(name in removed for (name,) in indexed)
