"""What a browser asks of the reading room, and the addresses of its pages."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal
from urllib.parse import quote, urlencode

Language = Literal["en", "zh"]
LANGUAGES: tuple[Language, ...] = ("en", "zh")
LONGEST_VALUE = 2000  # characters of a value in an address
ACCEPTED = re.compile(
    r"\s*+([a-zA-Z*]{1,8}+)(?:-[\w-]*+)?+\s*+(?:;\s*+q=([01](?:\.\d{0,3}+)?+)\s*+)?+"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One request.

    Attributes:
        root: the address of the room, without "/" at its end, such as `/archive/room`.
        path: what follows it, without "/" at its begin.
        values: those of the query that are not empty, the last of each name.
        query: all of it, as it was sent.
        language: of the answer.
        chosen: the language that the reader chose; None where the browser's is taken.
        replay: the origin that pages are replayed on; None where there is none.
        site: scheme and host under which the room was asked for.
        moment: the header Accept-Datetime.
        scripts: whether captured pages can be shown with their scripts.
        missing: what cannot be read, and so is missing from the answer: a sentence for each.
    """

    root: str
    path: str
    values: Mapping[str, str] = field(default_factory=dict)
    query: str = ""
    language: Language = "en"
    chosen: Language | None = None
    replay: str | None = None
    site: str = ""
    moment: str | None = None
    scripts: bool = False
    missing: tuple[str, ...] = ()

    def link(self, *parts: str, **values: object) -> str:
        """The address of a page of the room, in the language that the reader chose.

        Args:
            parts: of its path; any text.
            values: of its query; None and '' are left out.

        Example:
            >>> Asked(root="/room", path="").link("article", "demo-1001", version=2)
            '/room/article/demo-1001?version=2'
        """
        path = "/".join(quote(part, safe="") for part in parts)
        given = {name: value for name, value in values.items() if value not in (None, "")}
        if self.chosen:
            given.setdefault("lang", self.chosen)
        query = urlencode(given, errors="replace")
        return f"{self.root}/{path}{'?' if query else ''}{query}"

    def here(self, **changed: object) -> str:
        """The address of this page with other values."""
        return self.link_to_path({**self.values, **changed})

    def link_to_path(self, values: Mapping[str, object]) -> str:
        """The address of this path with these values."""
        given = {name: value for name, value in values.items() if value not in (None, "")}
        query = urlencode(given, errors="replace")
        return f"{self.root}/{self.path}{'?' if query else ''}{query}"

    def number(self, name: str, default: int, *, least: int = 1, most: int = 10**6) -> int:
        """A number of the query; the default where it is none, or out of bounds."""
        text = self.values.get(name, "")
        number = int(text) if re.fullmatch(r"[0-9]{1,9}", text) else default
        return number if least <= number <= most else default


def values_of(pairs: Sequence[tuple[str, str]]) -> dict[str, str]:
    """The values of a query as `Asked.values` has them; longer ones than anybody types are cut."""
    cut = {name: value.strip()[:LONGEST_VALUE] for name, value in pairs}
    return {name: value for name, value in cut.items() if value}


def language_of(accepted: str) -> Language:
    """The language for a browser, by its header Accept-Language (RFC 9110, section 12.5.4).

    Example:
        >>> language_of("fr, zh-CN;q=0.9, en;q=0.8")
        'zh'
    """
    weights: dict[Language, float] = {"en": 0.0, "zh": 0.0}
    for part in accepted[:500].split(","):
        match = ACCEPTED.fullmatch(part)
        if match and (name := match[1].lower()) in weights:
            language: Language = "zh" if name == "zh" else "en"
            weights[language] = max(weights[language], float(match[2] or 1))
    return "zh" if weights["zh"] > weights["en"] else "en"
