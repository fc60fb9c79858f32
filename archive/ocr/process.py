"""The process that reads pictures: what a picture does to it costs that picture alone."""

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

from archive.errors import ArchiveError, described
from archive.model.words import PictureState
from archive.ocr import engine
from archive.ocr.answers import Answer

if TYPE_CHECKING:
    from multiprocessing.context import SpawnProcess

SECONDS = 600  # for one picture, starting the process included
MEMORY = 16 * 2**30  # bytes of addresses, of which threads take much and fill little


class PictureReader:
    """Reads pictures in a process of its own, which is begun again where one has ended it. A
    context manager."""

    def __init__(self, seconds: float = SECONDS) -> None:
        """Say how long one picture may take.

        Raises:
            UsageError: the reader of pictures is not installed.
        """
        self.name = engine.name()
        self._seconds = seconds
        self._process: SpawnProcess | None = None
        self._connection: Connection | None = None

    def __enter__(self) -> PictureReader:
        return self

    def __exit__(self, *exc_info: object) -> None:
        self._end()

    def read(self, payload_digest: str, data: bytes) -> Answer:
        """What is printed on a picture, or why it is not read.

        Args:
            payload_digest: of the bytes.
            data: the picture as it came.

        Raises:
            ArchiveError: the process cannot be started at all.
        """
        connection = self._connection or self._begin()
        try:
            connection.send((payload_digest, data))
            if connection.poll(self._seconds):
                answer: Answer = connection.recv()
                return answer
            state: PictureState = "too-slow"
            detail = f"it takes more than {self._seconds:g} seconds"
        except (EOFError, OSError):
            state, detail = "ended-process", "the process that read it was killed, or out of memory"
        self._end()
        return Answer(payload_digest=payload_digest, state=state, detail=detail, reader=self.name)

    def _begin(self) -> Connection:
        context = get_context("spawn")
        self._connection, theirs = context.Pipe()
        self._process = context.Process(target=_serve, args=(theirs,), daemon=True)
        # Ctrl-C reaches all processes of a terminal, and the program's own alone decides.
        resource_tracker.ensure_running()
        before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
        try:
            self._process.start()
        finally:
            signal.pthread_sigmask(signal.SIG_SETMASK, before)
        theirs.close()
        try:
            fault = self._connection.recv()
        except EOFError:
            fault = "its process ended"
        if fault:
            self._end()
            raise ArchiveError(
                f"RapidOCR cannot be started here ({fault}); see that `python -c 'import rapidocr'`"
                " works, then run it again."
            )
        return self._connection

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
    warnings.simplefilter("ignore")  # of damaged pictures; what matters is the answer
    with suppress(EOFError, ConnectionError):
        try:
            engine.begin()
        except Exception as error:  # of libraries that lack something of this machine
            connection.send(described(error))
            return
        connection.send("")
        while True:
            connection.send(_read(*connection.recv()))


def _read(payload_digest: str, data: bytes) -> Answer:
    from archive.ocr.picture import read

    try:
        return read(payload_digest, data)
    except MemoryError:
        os._exit(1)


def _end_with_parent() -> None:
    """A parent that was killed ends no process, which would read on to the end of its picture."""
    if parent := parent_process():
        parent.join()
        os._exit(1)
