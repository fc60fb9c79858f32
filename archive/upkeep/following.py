"""What is written into `accounts.csv`: accounts to follow, and their names."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archive.reader import Reader

if TYPE_CHECKING:  # at run time a method imports what it needs, as in `Session`
    from archive.accounts import Followed


class Following(Reader):
    """The part of `Upkeep` that follows accounts."""

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

    def learn_names(self) -> None:
        """Write the names that the platforms gave into `accounts.csv`, where it has none. The
        caller has the archive's lock."""
        from archive import accounts

        accounts.learn_names(self.path / "accounts.csv", self.names(), self.platforms)
