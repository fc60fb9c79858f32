"""How exactly the text in long pictures is read, and what it costs.

    python -m benchmarks.pictures [PICTURES]     # default 30

Made pictures of notices: four fonts that Debian packages (Noto Sans CJK, WenQuanYi Zen Hei, AR PL
UMing, AR PL UKai), 750 to 1,200 pixels wide, up to 20,000 high, letters of 24 to 40 pixels, as PNG
and JPEG. A character that is missing, added or another is an error (edit distance); spaces and the
width of a sign (NFKC) do not count. The time is of one process, model and threads included.
"""

from __future__ import annotations

import random
import resource
import sys
import time
import unicodedata
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from archive.ocr.lines import running_text
from archive.ocr.process import PictureReader
from tests.rigs.long_pictures import FONTS, LongPicture, draw

ROW = "{:20} {:>9} {:>12} {:>10} {:>14} {:>16}"
HIGHEST = 20_000


@dataclass(slots=True)
class Score:
    """What was read of some pictures."""

    pictures: int = 0
    characters: int = 0
    errors: int = 0
    megapixels: float = 0.0
    seconds: float = 0.0

    @property
    def accuracy(self) -> float:
        """One minus the errors by character."""
        return 1 - self.errors / max(self.characters, 1)

    def add(self, other: Score) -> None:
        """Add what was read of other pictures."""
        for name in ("pictures", "characters", "errors", "megapixels", "seconds"):
            setattr(self, name, getattr(self, name) + getattr(other, name))

    def row(self, name: str) -> str:
        """A line of the table."""
        return ROW.format(
            name,
            self.pictures,
            self.characters,
            f"{self.accuracy:.4f}",
            f"{self.seconds / max(self.pictures, 1):.1f}",
            f"{self.seconds / max(self.megapixels, 0.001):.2f}",
        )


def pictures(number: int) -> Iterator[LongPicture]:
    """Made pictures, the fonts in turn; the highest is `HIGHEST` pixels high."""
    rnd = random.Random(14)
    for place in range(number):
        height = HIGHEST if place == 0 else rnd.choice([1500, 3000, 4500, 6000, 9000])
        yield draw(
            list(FONTS)[place % len(FONTS)],
            width=rnd.choice([750, 900, 1080, 1200]),
            height=height,
            seed=place,
            points=rnd.choice([24, 28, 32, 40]),
            kind=rnd.choice(["PNG", "JPEG"]),
        )


def comparable(text: str) -> str:
    """What is compared of a text."""
    return "".join(unicodedata.normalize("NFKC", text).split())


def edit_distance(before: str, after: str) -> int:
    """How many characters are to be added, removed or exchanged.

    Example:
        >>> edit_distance("防汛通知", "防讯通知。")
        2
    """
    row = list(range(len(after) + 1))
    for number, character in enumerate(before, 1):
        diagonal, row[0] = row[0], number
        for place, other in enumerate(after, 1):
            diagonal, row[place] = (
                row[place],
                min(row[place] + 1, row[place - 1] + 1, diagonal + (character != other)),
            )
    return row[-1]


def score(reader: PictureReader, picture: LongPicture) -> Score:
    """Read one picture."""
    begun = time.perf_counter()
    answer = reader.read("sha1:made", picture.data)
    seconds = time.perf_counter() - begun
    printed = comparable(picture.text)
    width, height = picture.size
    return Score(
        pictures=1,
        characters=len(printed),
        errors=edit_distance(printed, comparable(running_text(answer.lines))),
        megapixels=width * height / 1e6,
        seconds=seconds,
    )


def main() -> None:
    number = int(sys.argv[1]) if len(sys.argv) > 1 else 30
    by_font: defaultdict[str, Score] = defaultdict(Score)
    total = Score()
    heads = ("font", "pictures", "characters", "accuracy", "s a picture", "s a megapixel")
    with PictureReader() as reader:
        print(reader.name)
        for picture in pictures(number):
            scored = score(reader, picture)
            by_font[picture.font].add(scored)
            total.add(scored)
            print(".", end="", file=sys.stderr, flush=True)
    print(file=sys.stderr)
    print(ROW.format(*heads))
    for font, of_font in by_font.items():
        print(of_font.row(font))
    print(total.row("all"))
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    print(f"CPU seconds {used.ru_utime + used.ru_stime:.0f}, memory {used.ru_maxrss / 1000:.0f} MB")


if __name__ == "__main__":
    main()
