"""What an address is on its platform, by a table of the paths that it has."""

from __future__ import annotations

import re
from collections.abc import Iterable

from archive.platform import Address, Role
from archive.platforms.kit.noise import split

Form = tuple[Role, re.Pattern[str], str]
"""A role, the pattern of its paths, whose first group that matches is the native id, "" without
one, and the canonical address with {} in place of the id; "" where the address itself is
canonical."""


def by_path(url: str, forms: Iterable[Form]) -> Address | None:
    r"""What an address is, by the first form that its path has.

    Example:
        >>> by_path("https://m.a.example/n/5?s=1", [
        ...     ("article", re.compile(r"/n/(\d+)$"), "https://a.example/n/{}")
        ... ])
        Address(role='article', id='5', url='https://a.example/n/5')
        >>> by_path("https://api.a.example/list", [("listing", re.compile("/list$"), "")])
        Address(role='listing', id='', url='https://api.a.example/list')
    """
    path = split(url).path
    for role, pattern, canonical in forms:
        if match := pattern.search(path):
            native = next(filter(None, match.groups()), "")
            return Address(role=role, id=native, url=canonical.format(native) or url)
    return None
