"""Lines of text in a picture: where they are, how the pieces of a long picture are joined, and
what they say when they are read one after the other."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import zip_longest

# A long picture is read in bands, since a reader makes a picture smaller that is larger than it
# was trained for. What two bands share is higher than the tallest letters.
BAND, SHARED = 1600, 240  # pixels
AT_EDGE = 3  # pixels from the edge of a band within which a line may have been cut
SAME = 0.4  # of the smaller of two boxes, from which on they show the same line
ALIKE = 0.75  # of the higher of two lines: letters of one size
ENDS = tuple("。！？；：…!?;:")

Box = tuple[int, int, int, int]
"""Left, top, width and height, in pixels of the picture as it is shown."""


@dataclass(frozen=True, slots=True)
class TextLine:
    """A line of text.

    Attributes:
        confidence: how sure the reader is of it, from 0 to 1.
        lefts: the left edge of each character, in pixels of the picture.
    """

    text: str
    box: Box
    confidence: float
    lefts: tuple[int, ...]

    @property
    def right(self) -> int:
        """Its right edge."""
        return self.box[0] + self.box[2]

    @property
    def bottom(self) -> int:
        """Its lower edge."""
        return self.box[1] + self.box[3]

    def box_of(self, start: int, end: int) -> Box:
        """The box of some of its characters.

        Example:
            >>> TextLine("防汛通知", (10, 5, 80, 20), 0.99, (10, 30, 50, 70)).box_of(1, 3)
            (30, 5, 40, 20)
        """
        left = self.lefts[start]
        right = self.lefts[end] if end < len(self.lefts) else self.right
        return left, self.box[1], max(right - left, 1), self.box[3]

    def lower(self, pixels: int) -> TextLine:
        """The same line, so many pixels further down."""
        left, top, width, height = self.box
        return TextLine(self.text, (left, top + pixels, width, height), self.confidence, self.lefts)


def bands(height: int) -> list[tuple[int, int]]:
    """The bands in which a picture is read, from top to bottom, by their first and last edge.

    Example:
        >>> bands(3000)
        [(0, 1600), (1360, 2960), (2720, 3000)]
    """
    starts = range(0, max(height - SHARED, 1), BAND - SHARED)
    return [(start, min(start + BAND, height)) for start in starts]


def joined(
    pieces: Iterable[tuple[tuple[int, int], Sequence[TextLine]]], height: int
) -> list[TextLine]:
    """The lines of a picture, each once, in the order in which they are read.

    Args:
        pieces: each band with its lines, in pixels of the picture.
        height: of the picture.
    """
    placed = [(_is_cut(line, band, height), line) for band, of_band in pieces for line in of_band]
    # A line that a band cut is complete in the other band; else the larger part of it is kept.
    placed.sort(key=lambda each: (each[0], -each[1].box[2] * each[1].box[3]))
    lines: list[TextLine] = []
    for _, line in placed:
        if not any(_is_same(line, other) for other in lines):
            lines.append(line)
    return list(_in_order(lines))


def running_text(lines: Sequence[TextLine]) -> str:
    """What the lines say: a paragraph is one line of text, so that a word is found that a line end
    divides."""
    text = ""
    right = max((line.right for line in lines), default=0)
    for line, after in zip_longest(lines, lines[1:]):
        text += line.text
        if after and not _goes_on(line, after, right):
            text += "\n"
    return text


def boxes_of(lines: Sequence[TextLine], text: str, start: int, end: int) -> list[Box]:
    """Where in the picture a part of the running text is: a box for each line that it is in.

    Args:
        lines: of the picture.
        text: their running text.
        start, end: the part, in characters of the text.
    """
    boxes: list[Box] = []
    place = 0
    for line in lines:
        place = text.index(line.text, place)
        first, last = max(start - place, 0), min(end - place, len(line.text))
        if first < last:
            boxes.append(line.box_of(first, last))
        place += len(line.text)
    return boxes


def _is_cut(line: TextLine, band: tuple[int, int], height: int) -> bool:
    top, bottom = band
    above = top > 0 and line.box[1] <= top + AT_EDGE
    return above or (bottom < height and line.bottom >= bottom - AT_EDGE)


def _is_same(line: TextLine, other: TextLine) -> bool:
    width = min(line.right, other.right) - max(line.box[0], other.box[0])
    height = min(line.bottom, other.bottom) - max(line.box[1], other.box[1])
    smaller = min(each.box[2] * each.box[3] for each in (line, other))
    return width > 0 and height > 0 and width * height >= SAME * smaller


def _in_order(lines: list[TextLine]) -> Iterator[TextLine]:
    """From top to bottom; what is side by side from left to right."""
    row: list[TextLine] = []
    for line in sorted(lines, key=lambda line: (line.box[1] + line.box[3] / 2, line.box)):
        if row and line.box[1] + line.box[3] / 2 > row[0].bottom - row[0].box[3] * 0.25:
            yield from sorted(row, key=lambda line: line.box)
            row = []
        row.append(line)
    yield from sorted(row, key=lambda line: line.box)


def _goes_on(line: TextLine, after: TextLine, right: int) -> bool:
    """Whether a paragraph goes on in the line after this one: the letters are of one size, the gap
    is small, and this line is full."""
    height = max(line.box[3], after.box[3])
    is_alike = min(line.box[3], after.box[3]) >= ALIKE * height
    is_near = -height < after.box[1] - line.bottom < 1.2 * height
    is_full = line.right >= max(right, after.right) - 2.5 * height
    begins = after.box[0] <= line.box[0] + height
    return is_alike and is_near and is_full and begins and not line.text.endswith(ENDS)
