"""RapidOCR, with the models in its package: nothing is downloaded."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from archive.errors import UsageError
from archive.ocr.lines import BAND, SHARED, TextLine

if TYPE_CHECKING:
    from PIL.Image import Image

PACKAGES = ("rapidocr", "onnxruntime")
MOST_THREADS = 8
MODELS = {"Det": "PP-OCRv6_det_small.onnx", "Rec": "PP-OCRv6_rec_small.onnx"}


def name() -> str:
    """Program, versions and way of reading, as the column `media_text.reader` has them.

    Raises:
        UsageError: it is not installed.
    """
    try:
        versions = [f"{package} {version(package)}" for package in PACKAGES]
    except PackageNotFoundError:
        raise UsageError(
            "Pictures are read with RapidOCR, which is not installed; `pip install "
            "'zhengwen[pictures]'` does that."
        ) from None
    return ", ".join([*versions, MODELS["Rec"].removesuffix(".onnx"), f"bands {BAND}/{SHARED}"])


def begin() -> None:
    """Load the models, which takes a second. Raises whatever its libraries do where they do not
    work on this machine."""
    _engine()


def read(image: Image) -> list[TextLine]:
    """The lines of a picture that is not larger than a band.

    Args:
        image: in RGB.
    """
    import numpy

    answer = _engine()(
        numpy.asarray(image)[:, :, ::-1],  # it takes BGR
        return_word_box=True,
        return_single_char_box=True,
    )
    return list(_lines(answer)) if answer.boxes is not None else []


@cache
def _engine() -> Any:
    from rapidocr import RapidOCR

    # It would download a model that its package does not have; one with a path it does not.
    spec = find_spec("rapidocr")
    folder = Path(spec.origin or "").parent / "models" if spec else Path()
    paths = {f"{part}.model_path": str(folder / file) for part, file in MODELS.items()}
    threads = {
        "EngineConfig.onnxruntime.intra_op_num_threads": min(os.cpu_count() or 1, MOST_THREADS)
    }
    return RapidOCR(
        params={**paths, **threads, "Global.use_cls": False, "Global.log_level": "critical"}
    )


def _lines(answer: Any) -> Iterator[TextLine]:
    parts = zip(answer.boxes, answer.txts, answer.scores, answer.word_results, strict=True)
    for corners, text, score, characters in parts:
        if not text.strip():
            continue
        xs, ys = [float(x) for x, _ in corners], [float(y) for _, y in corners]
        left, top = int(min(xs)), int(min(ys))
        box = (left, top, max(round(max(xs)) - left, 1), max(round(max(ys)) - top, 1))
        yield TextLine(text, box, round(float(score), 4), _lefts(text, box[0], box[2], characters))


def _lefts(
    text: str, left: int, width: int, characters: Sequence[tuple[str, float, Any]]
) -> tuple[int, ...]:
    """The left edge of each character; in equal steps where the reader does not say it."""
    if "".join(character for character, *_ in characters) == text and len(characters) == len(text):
        return tuple(int(min(x for x, _ in corners)) for _, _, corners in characters)
    return tuple(left + width * number // len(text) for number in range(len(text)))
