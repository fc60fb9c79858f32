"""Rows of the pictures and attachments of an article, and of the text in its pictures."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from archive.database.rows.meanings import ARTICLE_ID, KEY, PAYLOAD_DIGEST
from archive.model import FileKind, PictureState
from archive.model.meaning import NOT_GIVEN, UTC, Meaning, plain

NOT_FETCHED = "none was fetched"


@dataclass(frozen=True, slots=True, kw_only=True)
class MediaRow:
    """A picture or an attachment of an article's body, with the capture that has it."""

    article_id: Annotated[str, ARTICLE_ID]
    position: Annotated[
        int, plain("次序", "place among the pictures of the article", "number, from 0")
    ]
    url: Annotated[str, plain("文件网址", "address of the picture or attachment")]
    caption: Annotated[
        str | None,
        Meaning("图片说明", "caption as printed", null=NOT_GIVEN, sensitivity="body"),
    ]
    kind: Annotated[
        FileKind,
        plain("文件种类", "what the file is"),
    ]
    capture: Annotated[
        str | None,
        plain("所据采集", "captures.id of the exchange with the file", "URN", null=NOT_FETCHED),
    ]
    captured_at: Annotated[
        str | None,
        plain("采集时间", "when the request was sent (WARC-Date)", UTC, null=NOT_FETCHED),
    ]
    status: Annotated[
        int | None,
        plain("HTTP 状态", "HTTP status code of the capture", "number", null=NOT_FETCHED),
    ]
    content_type: Annotated[
        str | None,
        plain("媒体类型", "Content-Type as the server sent it", null="none was fetched or sent"),
    ]
    payload_digest: Annotated[str | None, PAYLOAD_DIGEST]


@dataclass(frozen=True, slots=True, kw_only=True)
class MediaTextRow:
    """What a reader of pictures saw in a picture: no text of a page. Articles have it by
    `media.payload_digest`. `text` is one line for each paragraph, '' where there is none."""

    pk: Annotated[int, KEY]
    payload_digest: Annotated[
        str, plain("载荷摘要", "WARC-Payload-Digest of the picture", "sha1: and base32")
    ]
    state: Annotated[PictureState, plain("识别状态", "how the reading ended")]
    detail: Annotated[str | None, plain("说明", "why it was not read", null="it was read")]
    reader: Annotated[str, plain("识别程序", "the program that read it, with its versions")]
    width: Annotated[
        int | None, plain("宽度", "width of the picture", "pixels", null="it was not read")
    ]
    height: Annotated[
        int | None, plain("高度", "height of the picture", "pixels", null="it was not read")
    ]
    text: Annotated[
        str,
        Meaning(
            "图中文字",
            "what was read in the picture, with the mistakes of the reader",
            sensitivity="body",
        ),
    ]
    lines: Annotated[
        str | None,
        Meaning(
            "文字行",
            "each line in order: text, box (left, top, width, height), confidence from 0 to 1, "
            "left edge of each character",
            "JSON; pixels of the picture",
            null="it was not read, or its text is withheld",
            sensitivity="body",
        ),
    ]
