"""Rows of what made the database, of which files, and of how it is read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from archive.model.meaning import plain


@dataclass(frozen=True, slots=True, kw_only=True)
class ProducerRow:
    """What made the rows: versions of the program and of the libraries that extraction depends
    on."""

    id: Annotated[
        str, plain("产生者编号", "short digest over the versions in this row", "hexadecimal")
    ]
    zhengwen: Annotated[str, plain("程序版本", "version of this program")]
    rules: Annotated[
        str, plain("规则", "digest over the source code that reads pages", "hexadecimal")
    ]
    trafilatura: Annotated[str, plain("trafilatura 版本", "version of trafilatura")]
    lxml: Annotated[str, plain("lxml 版本", "version of lxml")]
    libxml2: Annotated[str, plain("libxml2 版本", "version of libxml2")]
    python: Annotated[str, plain("Python 版本", "version of Python")]
    attachments: Annotated[
        str | None,
        plain(
            "附件读取程序",
            "the libraries that attachments are read with, with their versions",
            null="they are not installed, and attachments are not read",
        ),
    ]
    descriptions: Annotated[
        str | None,
        plain(
            "平台描述",
            "the archive's own descriptions of platforms: SHA-256 by the name of each file",
            "JSON",
            null="it has none",
        ),
    ]


@dataclass(frozen=True, slots=True, kw_only=True)
class WarcRow:
    """A WARC file that was read."""

    name: Annotated[str, plain("文件名", "name of a WARC file")]
    size: Annotated[int, plain("大小", "size of the file", "bytes")]
    records: Annotated[int, plain("记录数", "number of WARC records in the file", "count")]
    damage: Annotated[
        str | None,
        plain(
            "损坏",
            "what of the file could not be read, and what to do; `records` are then the others",
            null="all of it was read",
        ),
    ] = None
    unused: Annotated[
        str | None,
        plain(
            "未用记录",
            "how many of its records nothing is read from, by why",
            "JSON",
            null="none, but warcinfo records",
        ),
    ] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AboutRow:
    """A paragraph on how to read the database."""

    topic: Annotated[
        str,
        plain(
            "题目", "what the text is about; `chain`: how long chain.jsonl was when it was indexed"
        ),
    ]
    text: Annotated[str, plain("说明", "how to read this file")]
