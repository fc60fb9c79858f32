"""Where in a picture a word was read: the part of the picture around it, with its boxes."""

from __future__ import annotations

from dataclasses import dataclass

from archive.ocr.lines import Box
from archive.search.pictures import PictureHit

SHAPE = 0.75  # height by width of the part of a long picture that is shown
WIDEST = 480  # pixels of the page
EDGE = 4  # pixels of the page around a word


@dataclass(frozen=True, slots=True, kw_only=True)
class Clip:
    """The part of a picture that is shown, in pixels of the picture; `shown_width` and
    `shown_height` are those of the page, `boxes` go around the words, `line` is how thick."""

    width: int
    height: int
    top: int
    shown: int
    shown_width: int
    shown_height: int
    boxes: list[Box]
    line: float
    is_all: bool


def clip(hit: PictureHit) -> Clip | None:
    """What is shown of a hit; None where the size of the picture is not known."""
    width, height = hit.width, hit.height
    if not width or not height:
        return None
    shown = min(height, max(round(width * SHAPE), 1))
    top = _top(hit.boxes, height, shown)
    shown_width = min(width, WIDEST)
    scale = width / shown_width
    return Clip(
        width=width,
        height=height,
        top=top,
        shown=shown,
        shown_width=shown_width,
        shown_height=max(round(shown / scale), 1),
        boxes=[_around(box, round(EDGE * scale)) for box in hit.boxes],
        line=round(2.5 * scale, 2),
        is_all=shown == height,
    )


def _top(boxes: list[Box], height: int, shown: int) -> int:
    """The upper edge of a part with the first box in its middle.

    Example:
        >>> _top([(0, 900, 40, 20)], 2000, 300), _top([(0, 10, 40, 20)], 2000, 300)
        (760, 0)
    """
    middle = boxes[0][1] + boxes[0][3] // 2 if boxes else 0
    return min(max(middle - shown // 2, 0), height - shown)


def _around(box: Box, edge: int) -> Box:
    left, top, width, height = box
    return left - edge, top - edge, width + 2 * edge, height + 2 * edge
