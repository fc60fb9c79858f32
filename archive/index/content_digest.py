"""The digest of what an article says: what makes two captures two versions."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable

from archive.database.values import storable
from archive.model import Article
from archive.model.columns import digest_fields

# Pictures, counters, mark-up and white space make no version of their own.
INVISIBLE = re.compile(r"[\s\u200b-\u200f\u2060\ufeff\xad]+")


def content_digest(article: Article) -> str:
    """The SHA-256, in hexadecimal, of what makes two captures two versions: white space and
    characters of no width come and go with the mark-up and do not count."""
    return digest_of(getattr(article, name) for name in digest_fields(type(article)))


def digest_of(values: Iterable[str | None]) -> str:
    """The same of the values of the fields, in their order of the digest."""
    visible = [None if value is None else INVISIBLE.sub("", storable(value)) for value in values]
    text = json.dumps(visible, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()
