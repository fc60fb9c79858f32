"""The hash chain of an archive, and what its database notes of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from archive.errors import UsageError
from archive.upkeep.following import Following

if TYPE_CHECKING:  # at run time a method imports what it needs, as in `Session`
    from archive.warc.chain_state import ChainState


class Chain(Following):
    """The part of `Upkeep` that makes the hash chain longer."""

    def extend_chain(self, run: Mapping[str, object] | None = None) -> ChainState | None:
        """Add to the hash chain what it lacks: finished WARC files, then the run, if there is one.
        The caller has the archive's lock.

        Returns:
            The state of the chain that the database knows.
        """
        from archive.database.chain_state import known_state
        from archive.warc import chaining

        known = known_state(self.db_path)
        chaining.extend(self.path, run=run, known=known)
        return known

    def begin_chain_anew(self) -> None:
        """Begin a new hash chain in place of one whose lines are lost; what is left of it goes
        aside. The caller has the archive's lock, and indexes then.

        Raises:
            UsageError: no lines are lost.
        """
        from archive.database.chain_state import known_state, note_state
        from archive.warc import chain, chaining

        lost = chain.lost_state(self.path, known_state(self.db_path))
        if lost is None:
            raise UsageError(
                f"Nothing shows that lines of {self.path / chain.CHAIN} are lost, so it stays."
            )
        self.close()
        chaining.begin_anew(self.path, lost)
        if self.is_indexed():
            note_state(self.db_path, chain.state_of(list(chain.links(self.path))))

    def _note_chain(self, known: ChainState | None) -> None:
        """Note in the database how long the chain is; where it lost lines, what was known."""
        from archive.database.chain_state import note_state
        from archive.warc import chain

        links = list(chain.links(self.path))
        state = known if known and not chain.holds(links, known) else chain.state_of(links)
        note_state(self.db_path, state)
