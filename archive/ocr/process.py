"""The process that reads pictures: what a picture does to it costs that picture alone."""

from __future__ import annotations

from contextlib import suppress
from multiprocessing.connection import Connection

from archive import child
from archive.errors import ArchiveError, described
from archive.ocr import engine
from archive.ocr.answers import Answer

SECONDS = 600  # for one picture, starting the process included
MEMORY = 16 * 2**30  # bytes of addresses, of which threads take much and fill little


class PictureReader(child.ChildProcess):
    """Reads pictures in a process of its own, which is begun again where one has ended it. A
    context manager."""

    def __init__(self, seconds: float = SECONDS) -> None:
        """Say how long one picture may take.

        Raises:
            UsageError: the reader of pictures is not installed.
        """
        super().__init__(_serve, seconds)
        self.name = engine.name()

    def read(self, payload_digest: str, data: bytes) -> Answer:
        """What is printed on a picture, or why it is not read.

        Args:
            payload_digest: of the bytes.
            data: the picture as it came.

        Raises:
            ArchiveError: the process cannot be started at all.
        """
        try:
            answer: Answer = self._ask(payload_digest, data)
            return answer
        except child.NoAnswer as reason:
            return Answer(
                payload_digest=payload_digest,
                state=reason.state,
                detail=reason.detail,
                reader=self.name,
            )

    def _begin(self) -> Connection:
        """Start the process and the reader in it. Raises ArchiveError where one does not."""
        connection = super()._begin()
        try:
            fault = connection.recv()
        except EOFError:
            fault = "its process ended"
        if fault:
            self._end()
            raise ArchiveError(
                f"RapidOCR cannot be started here ({fault}); see that `python -c 'import rapidocr'`"
                " works, then run it again."
            )
        return connection


def _serve(connection: Connection) -> None:
    child.limit(MEMORY)
    with suppress(ConnectionError):
        try:
            engine.begin()
        except Exception as error:  # of libraries that lack something of this machine
            connection.send(described(error))
            return
        connection.send("")
        child.answer_all(connection, _read)


def _read(payload_digest: str, data: bytes) -> Answer:
    from archive.ocr.picture import read  # after the limits: it imports what takes memory

    return read(payload_digest, data)
