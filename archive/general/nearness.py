"""Where the elements of a page are, seen from its headline."""

from __future__ import annotations

from lxml.html import HtmlElement

from archive.page.letters import letters


class Nearness:
    """How near an element follows the headline.

    Calling it with an element gives a weight: 1 right after the headline or around it, less with
    the distance, 0.1 where the element ends before it.
    """

    def __init__(self, tree: HtmlElement, title: str | None) -> None:
        elements = list(tree.iter("*"))
        self.place = {element: number for number, element in enumerate(elements)}
        self.last = dict(self.place)  # place of the last element within
        depth: dict[HtmlElement | None, int] = {}
        for element in elements:
            depth[element] = depth.get(element.getparent(), 0) + (
                10 if element.tag == "table" else 1
            )
        self.deepest = max(depth.values())
        for element in reversed(elements):
            over = element.getparent()
            if over is not None and over in self.last:
                self.last[over] = max(self.last[over], self.last[element])
        title_letters = letters(title)
        shown = [
            element
            for element in elements
            if title_letters
            and len(element.text or "") >= len(title_letters)
            and letters(element.text).startswith(title_letters)
        ]
        shown = [
            element for element in shown if element.tag not in ("title", "script", "a", "option")
        ] or shown[-1:]
        heads = [element for element in shown if element.tag in ("h1", "h2")]
        self.headline = self.place[(heads or shown)[0]] if shown else None

    def __call__(self, element: HtmlElement) -> float:
        """Weigh an element of the tree, from 0 to 1; 1 on a page without headline."""
        if self.headline is None:
            return 1.0
        start = self.place[element]
        if start <= self.headline:
            return 1.0 if self.last[element] >= self.headline else 0.1
        return 1 / (1 + (start - self.headline) / 150)
