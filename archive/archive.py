"""One archive on disk, as a Python program sees it: a folder with `accounts.csv`, `warc/` and
`archive.db`."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from archive.disk import no_progress
from archive.errors import ArchiveError, UsageError
from archive.reader import Reader

if TYPE_CHECKING:  # at run time a method imports what it needs, as in `Session`
    from archive.accounts import Followed
    from archive.disk import Progress
    from archive.handover.request import Tier
    from archive.index.comparison import Change
    from archive.index.files import Files
    from archive.index.indexer import Indexed
    from archive.index.picture_reading import PicturesRead
    from archive.index.picture_store import AnswerStore
    from archive.verification.finding import Finding
    from archive.warc.chain_state import ChainState


def archive_dir(given: str | os.PathLike[str] | None) -> Path:
    """The folder of the archive: the one given, else $ZHENGWEN_ARCHIVE, else the current one."""
    return Path(given or os.environ.get("ZHENGWEN_ARCHIVE") or ".")


class Archive(Reader):
    """An archive to read and to index, to check and to hand over; what only reads is in `Reader`.

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

    def archived_platforms(self) -> list[str]:
        """The names of the known platforms of which there are articles, and which can be asked."""
        if not self.is_indexed():
            return []
        names = [
            row[0] for row in self.connection.execute("SELECT DISTINCT platform FROM articles")
        ]
        return [name for name in names if name in self.platforms and self.platforms[name].hosts]

    def unknown_platforms(self) -> dict[str, int]:
        """How many captures there are of each platform that was crawled and is not known here: no
        page of theirs could be read. Raises UsageError where nothing was indexed yet."""
        crawled = self.connection.execute("SELECT DISTINCT platform FROM runs ORDER BY platform")
        statement = """SELECT count(*) FROM captures JOIN runs ON runs.id = captures.run
            WHERE runs.platform = ? AND captures.platform IS NULL"""
        return {
            name: self.connection.execute(statement, [name]).fetchone()[0]
            for (name,) in crawled.fetchall()
            if name is not None and name not in self.platforms
        }

    def accounts(self) -> list[Followed]:
        """The accounts of `accounts.csv`, in its order, paused and ended ones included. Raises
        UsageError that names the line of an account that cannot be followed."""
        from archive import accounts

        return accounts.read(self.path / "accounts.csv", self.platforms)

    def follow(self, urls: list[str]) -> list[Followed]:
        """Add accounts to `accounts.csv`. The caller has the archive's lock.

        Args:
            urls: addresses of account pages, or of lists of a described platform; without a scheme
                they are the web's.

        Returns:
            The accounts that were not followed yet.

        Raises:
            UsageError: for an address that is no account's; then nothing is written.
        """
        from archive import accounts

        return accounts.follow(self.path / "accounts.csv", urls, self.platforms)

    def names(self) -> dict[tuple[str, str], str]:
        """The present name of each account, as far as it was seen, by platform and account id."""
        from archive.search.accounts import present_names

        return present_names(self.connection) if self.is_indexed() else {}

    def accounts_called(self, name: str) -> list[tuple[str, str]]:
        """The accounts that have or had a name, by platform and account id; none where nothing was
        indexed yet."""
        from archive.search.accounts import accounts_called

        return accounts_called(self.connection, name) if self.is_indexed() else []

    def learn_names(self) -> None:
        """Write the names that the platforms gave into `accounts.csv`, where it has none. The
        caller has the archive's lock."""
        from archive import accounts

        accounts.learn_names(self.path / "accounts.csv", self.names(), self.platforms)

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
        from archive.index import indexer

        self.close()
        indexer.remove_unfinished(self.db_path)
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
        from archive.index import indexer

        known = known_state(self.db_path)
        indexer.put_in_place(fresh, self.db_path)
        self._note_chain(known)

    def extend_chain(self, run: Mapping[str, object] | None = None) -> ChainState | None:
        """Add to the hash chain what it lacks: finished WARC files, then the run, if there is one.
        The caller has the archive's lock.

        Returns:
            The state of the chain that the database knows.
        """
        from archive.database.chain_state import known_state
        from archive.warc import chain

        known = known_state(self.db_path)
        chain.extend(self.path, run=run, known=known)
        return known

    def begin_chain_anew(self) -> None:
        """Begin a new hash chain in place of one whose lines are lost; what is left of it goes
        aside. The caller has the archive's lock, and indexes then.

        Raises:
            UsageError: no lines are lost.
        """
        from archive.database.chain_state import known_state, note_state
        from archive.warc import chain

        lost = chain.lost_state(self.path, known_state(self.db_path))
        if lost is None:
            raise UsageError(
                f"Nothing shows that lines of {self.path / chain.CHAIN} are lost, so it stays."
            )
        self.close()
        chain.begin_anew(self.path, lost)
        if self.is_indexed():
            note_state(self.db_path, chain.state_of(list(chain.links(self.path))))

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

    def _note_chain(self, known: ChainState | None) -> None:
        """Note in the database how long the chain is; where it lost lines, what was known."""
        from archive.database.chain_state import note_state
        from archive.warc import chain

        links = list(chain.links(self.path))
        state = known if known and not chain.holds(links, known) else chain.state_of(links)
        note_state(self.db_path, state)

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
        try:
            indexer.rebuild(
                self.warc_dir,
                folder / "archive.db",
                self.platforms,
                workers=workers,
                progress=progress,
            )
            return list(changes(self.db_path, folder / "archive.db"))
        finally:
            shutil.rmtree(folder, ignore_errors=True)

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
