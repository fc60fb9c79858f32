"""The process that reads documents: what a document does to it costs that document alone."""

from __future__ import annotations

import os
from multiprocessing.connection import Connection

from archive import child
from archive.attachments import document
from archive.attachments.installed import required_reader
from archive.attachments.text import MOST_BYTES, DocumentText

# For one document, starting the process included. Pages, characters and bytes are bound first
# (archive.attachments.text), so that the clock ends only what is made to take for ever.
SECONDS = 300
MEMORY = 768 * 2**20  # bytes of addresses


class DocumentReader(child.ChildProcess):
    """Reads documents in a process of its own, which is begun again where one has ended it. A
    context manager."""

    def __init__(self, seconds: float = SECONDS) -> None:
        """Say how long one document may take.

        Raises:
            UsageError: the readers of documents are not installed.
        """
        super().__init__(_serve, seconds)
        self.name = required_reader()

    def read(self, data: bytes, file_name: str) -> DocumentText:
        """The text of a document, or why it is not read.

        Args:
            data: the document as it came.
            file_name: as its address or its server names it.
        """
        if len(data) > MOST_BYTES:
            return document.read(data, file_name)  # which refuses it; nothing need be sent
        try:
            text: DocumentText = self._ask(data, file_name)
            return text
        except child.NoAnswer as reason:
            state, detail = reason.state, reason.detail
        except OSError:
            state, detail = "ended-process", child.ENDED
        return DocumentText(state=state, detail=detail, reader=self.name)


def _serve(connection: Connection) -> None:
    child.limit(MEMORY)
    # A reader that aborts writes a page of addresses; the answer says all that matters of it.
    os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
    child.answer_all(connection, document.read)
