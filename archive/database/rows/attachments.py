"""Rows of the text of attached documents."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from archive.database.rows.meanings import KEY, PAYLOAD_DIGEST
from archive.model import AttachmentState, PageUnit
from archive.model.meaning import Meaning, plain

NOT_READ = "nothing was read"


@dataclass(frozen=True, slots=True, kw_only=True)
class AttachmentTextRow:
    """The text of a page of an attached document, or that there is none. Articles have it by
    `media.capture`. A document has a row for each page with text, a long page several; one of which
    nothing was read has one row, without a number."""

    pk: Annotated[int, KEY]
    capture: Annotated[str, plain("所据采集", "captures.id of the exchange with the file", "URN")]
    number: Annotated[
        int | None,
        plain("页码", "place of the page in the document", "number, from 1", null=NOT_READ),
    ]
    part: Annotated[
        int,
        plain("页内部分", "place in its page, of which a long one is cut", "number, from 1"),
    ]
    unit: Annotated[PageUnit | None, plain("单位", "what its pages are", null=NOT_READ)]
    label: Annotated[
        str | None,
        Meaning("页名", "name of the sheet", null="it has none", sensitivity="body"),
    ]
    file_name: Annotated[
        str,
        plain("文件名", "name of the file, as its server gives it, else its address"),
    ]
    payload_digest: Annotated[str | None, PAYLOAD_DIGEST]
    state: Annotated[AttachmentState, plain("读取状态", "how the reading of the document ended")]
    detail: Annotated[
        str | None, plain("说明", "why it was not read, or not all of it", null="all was read")
    ]
    reader: Annotated[str, plain("读取程序", "the libraries that read it, with their versions")]
    pages: Annotated[
        int | None,
        plain("页数", "how many pages of the document were read", "number", null=NOT_READ),
    ]
    text: Annotated[
        str,
        Meaning(
            "附件文字",
            "text of the page; a full line of print goes on in the next",
            sensitivity="body",
        ),
    ]
