"""A picture from bytes that anybody may have made, and the text in it."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING

from archive.model.words import PictureState
from archive.ocr import engine
from archive.ocr.answers import Answer
from archive.ocr.lines import bands, joined

if TYPE_CHECKING:
    from PIL.Image import Image

MOST_BYTES = 64 * 2**20
MOST_PIXELS = 80_000_000  # three times 1,200 by 20,000
LONGEST_SIDE = 65_500  # pixels; a JPEG has no more
FORMATS = ("JPEG", "PNG", "GIF", "WEBP", "BMP", "AVIF")
LONGEST_DETAIL = 200  # characters


class NotRead(Exception):
    """Why a picture is not read.

    Args:
        state: as the column `media_text.state` has it.
        detail: for a person.
    """

    def __init__(self, state: PictureState, detail: str) -> None:
        super().__init__(detail)
        self.state, self.detail = state, detail


def read(payload_digest: str, data: bytes) -> Answer:
    """What is printed on a picture.

    Args:
        payload_digest: of the bytes.
        data: the picture as it came; of an animation the first picture is read.
    """
    reader = engine.name()
    try:
        image = _opened(data)
    except NotRead as reason:
        return Answer(
            payload_digest=payload_digest,
            state=reason.state,
            detail=reason.detail[:LONGEST_DETAIL],
            reader=reader,
        )
    width, height = image.size
    pieces = []
    for top, bottom in bands(height):
        lines = engine.read(image.crop((0, top, width, bottom)))
        pieces.append(((top, bottom), [line.lower(top) for line in lines]))
    return Answer(
        payload_digest=payload_digest,
        state="read",
        reader=reader,
        width=width,
        height=height,
        lines=tuple(joined(pieces, height)),
    )


def _opened(data: bytes) -> Image:
    """The picture as it is shown. Raises NotRead."""
    from PIL import Image, ImageOps, UnidentifiedImageError

    if len(data) > MOST_BYTES:
        raise NotRead("too-large", f"{len(data)} bytes; at most {MOST_BYTES} are read")
    try:
        with Image.open(BytesIO(data), formats=FORMATS) as image:
            width, height = image.size
            if width * height > MOST_PIXELS or max(width, height) > LONGEST_SIDE:
                raise NotRead("too-large", f"{width} by {height} pixels")
            shown = _on_white(ImageOps.exif_transpose(image))
    except UnidentifiedImageError:
        raise NotRead("unsupported", f"none of {', '.join(FORMATS)}") from None
    except Image.DecompressionBombError as error:
        raise NotRead("too-large", str(error)) from None
    # Pillow raises these for damaged files, and others for what a decoder did not foresee.
    except (OSError, SyntaxError, ValueError, EOFError, IndexError, MemoryError) as error:
        raise NotRead("broken", f"{type(error).__name__}: {error}") from None
    return shown


def _on_white(image: Image) -> Image:
    from PIL import Image

    if not image.has_transparency_data:
        return image.convert("RGB")
    ground = Image.new("RGBA", image.size, "white")
    return Image.alpha_composite(ground, image.convert("RGBA")).convert("RGB")
