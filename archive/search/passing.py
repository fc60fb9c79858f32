"""The hits that are passed over before those of a page: counted by their keys, so that none of them
is read or sorted."""

from __future__ import annotations


class Passing:
    """Passes over the first hits of an order that is given part by part.

    Attributes:
        left: how many hits are still to be passed over.
    """

    def __init__(self, skip: int) -> None:
        """Args: skip: how many hits are passed over."""
        self.left = skip
        self._given: set[int] = set()

    def covers(self, keys: set[int]) -> bool:
        """Whether all hits of a part are passed over. If not, each of them is asked for.

        Args:
            keys: of the hits of the part, those of earlier parts among them.

        Example:
            >>> passing = Passing(3)
            >>> passing.covers({1, 2}), passing.covers({2, 3, 4}), passing.left
            (True, False, 1)
            >>> [key for key in (4, 3, 2) if passing.shows(key)]
            [3]
        """
        new = keys - self._given
        if len(new) > self.left:
            return False
        self._given |= new
        self.left -= len(new)
        return True

    def shows(self, key: int) -> bool:
        """Whether the next hit, by its key, is neither passed over nor given already."""
        if key in self._given:
            return False
        self._given.add(key)
        if self.left:
            self.left -= 1
            return False
        return True
