"""The process that reads documents: what a document does to it costs that document alone."""

from __future__ import annotations

import os
import resource
import signal
import warnings
from contextlib import suppress
from multiprocessing import get_context, parent_process, resource_tracker
from multiprocessing.connection import Connection
from threading import Thread
from typing import TYPE_CHECKING

from archive.attachments import document
from archive.attachments.installed import required_reader
from archive.attachments.text import MOST_BYTES, DocumentText
from archive.model import AttachmentState

if TYPE_CHECKING:
    from multiprocessing.context import SpawnProcess

# For one document, starting the process included. Pages, characters and bytes are bound first
# (archive.attachments.text), so that the clock ends only what is made to take for ever.
SECONDS = 300
MEMORY = 768 * 2**20  # bytes of addresses


class DocumentReader:
    """Reads documents in a process of its own, which is begun again where one has ended it. A
    context manager."""

    def __init__(self, seconds: float = SECONDS) -> None:
        """Say how long one document may take.

        Raises:
            UsageError: the readers of documents are not installed.
        """
        self.name = required_reader()
        self._seconds = seconds
        self._process: SpawnProcess | None = None
        self._connection: Connection | None = None

    def __enter__(self) -> DocumentReader:
        return self

    def __exit__(self, *exc_info: object) -> None:
        self._end()

    def read(self, data: bytes, file_name: str) -> DocumentText:
        """The text of a document, or why it is not read.

        Args:
            data: the document as it came.
            file_name: as its address or its server names it.
        """
        if len(data) > MOST_BYTES:
            return document.read(data, file_name)  # which refuses it; nothing need be sent
        try:
            connection = self._connection or self._begin()
            connection.send((data, file_name))
            if connection.poll(self._seconds):
                text: DocumentText = connection.recv()
                return text
            state: AttachmentState = "too-slow"
            detail = f"it takes more than {self._seconds:g} seconds"
        except (EOFError, OSError):
            state, detail = "ended-process", "the process that read it was killed, or out of memory"
        self._end()
        return DocumentText(state=state, detail=detail, reader=self.name)

    def _begin(self) -> Connection:
        context = get_context("spawn")
        connection, theirs = context.Pipe()
        process = context.Process(target=_serve, args=(theirs,), daemon=True)
        # Ctrl-C reaches all processes of a terminal, and the program's own alone decides.
        resource_tracker.ensure_running()
        before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
        try:
            process.start()
        finally:
            signal.pthread_sigmask(signal.SIG_SETMASK, before)
        theirs.close()
        self._process, self._connection = process, connection
        return connection

    def _end(self) -> None:
        if self._process and self._connection:
            self._connection.close()
            self._process.kill()
            self._process.join()
        self._process = self._connection = None


def _serve(connection: Connection) -> None:
    """Answer until the parent closes the connection or ends."""
    Thread(target=_end_with_parent, daemon=True).start()
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    # A reader that aborts writes a page of addresses; the answer says all that matters of it.
    os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
    warnings.simplefilter("ignore")  # of damaged documents; what matters is the answer
    with suppress(EOFError, ConnectionError):
        while True:
            connection.send(_read(*connection.recv()))


def _read(data: bytes, file_name: str) -> DocumentText:
    try:
        return document.read(data, file_name)
    except MemoryError:
        os._exit(1)


def _end_with_parent() -> None:
    """A parent that was killed ends no process, which would read on to the end of its document."""
    if parent := parent_process():
        parent.join()
        os._exit(1)
