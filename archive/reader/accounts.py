"""The accounts and platforms of an archive: those that `accounts.csv` follows, and those of which
its database has something."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archive.reader.searches import Searches

if TYPE_CHECKING:  # at run time a method imports what it needs, as in `Session`
    from archive.accounts import Followed


class Accounts(Searches):
    """The part of `Reader` that knows accounts and platforms."""

    def accounts(self) -> list[Followed]:
        """The accounts of `accounts.csv`, in its order, paused and ended ones included. Raises
        UsageError that names the line of an account that cannot be followed."""
        from archive import accounts

        return accounts.read(self.path / "accounts.csv", self.platforms)

    def names(self) -> dict[tuple[str, str], str]:
        """The present name of each account, as far as it was seen, by platform and account id."""
        from archive.search.accounts import present_names

        return present_names(self.connection) if self.is_indexed() else {}

    def accounts_called(self, name: str) -> list[tuple[str, str]]:
        """The accounts that have or had a name, by platform and account id; none where nothing was
        indexed yet."""
        from archive.search.accounts import accounts_called

        return accounts_called(self.connection, name) if self.is_indexed() else []

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
