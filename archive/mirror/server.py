"""Groonga, asked by HTTP: commands with their answers, and every refusal as a sentence."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping, Sequence
from http.client import HTTPConnection, HTTPException
from typing import Any
from urllib.parse import urlencode, urlsplit

from archive.counting import counted
from archive.errors import ArchiveError, UsageError

PORT = 10041  # Groonga's own
TIME_OUT = 120  # seconds; a new index column over many articles is built in one call
TRIALS = 3  # of a command: under load some are answered with 500, and well when asked again
PAUSE = 0.5  # seconds between them
TYPE = {"Content-Type": "application/json"}  # of rows


class Server:
    """A Groonga server.

    Args:
        address: such as `groonga://search.example.org:10041`.

    Raises:
        UsageError: it is no such address.

    Example:
        >>> Server("groonga://127.0.0.1").where
        '127.0.0.1:10041'

    Source: https://groonga.org/docs/server/http.html.
    """

    def __init__(self, address: str) -> None:
        try:
            parts = urlsplit(address)
            self.host, self.port = parts.hostname or "", parts.port or PORT
        except ValueError:
            parts, self.host = urlsplit(""), ""
        if parts.scheme != "groonga" or not self.host or parts.path.strip("/") or parts.query:
            raise UsageError(
                f"{address!r} is no address of a search server; write it as groonga://HOST:PORT."
            )

    @property
    def where(self) -> str:
        """Host and port."""
        return f"{self.host}:{self.port}"

    def ask(self, command: str, **parameters: str | int) -> Any:
        """What the server answers to a command.

        Raises:
            ArchiveError: it cannot be reached, is no Groonga, or refuses the command.
        """
        return self._answer(command, parameters, None)

    def load(self, table: str, rows: Sequence[Mapping[str, Any]]) -> None:
        """Write rows into a table, over those of the same keys. Raises ArchiveError as `ask`."""
        body = json.dumps(rows, ensure_ascii=False).encode("utf-8", "replace")
        count = self._answer("load", {"table": table}, body)
        if count != len(rows):
            raise ArchiveError(
                f"The search server at {self.where} took {count} of "
                f"{counted(len(rows), 'row')}; see its log, and run this again."
            )

    def _answer(self, command: str, parameters: Mapping[str, str | int], body: bytes | None) -> Any:
        path = f"/d/{command}?{urlencode(parameters)}"
        for trial in range(1, TRIALS + 1):
            status, data = self._exchange(path, body)
            if status < 500 or trial == TRIALS:
                break
            time.sleep(PAUSE * trial)
        try:
            (code, *_rest, reason), *value = _parts(json.loads(data))
        except (ValueError, TypeError) as error:
            raise ArchiveError(
                f"What answers at {self.where} is no Groonga (HTTP {status}); see what listens "
                "there."
            ) from error
        if code:
            raise ArchiveError(f"The search server at {self.where} refuses {command}: {reason}.")
        return value[0] if value else None

    def _exchange(self, path: str, body: bytes | None) -> tuple[int, bytes]:
        connection = HTTPConnection(self.host, self.port, timeout=TIME_OUT)
        try:
            connection.request("GET" if body is None else "POST", path, body, TYPE if body else {})
            answer = connection.getresponse()
            return answer.status, answer.read()
        except (OSError, HTTPException) as error:
            raise ArchiveError(
                f"The search server at {self.where} cannot be asked ({error}); start it, or see "
                "that the address is right."
            ) from error
        finally:
            connection.close()


def _parts(answer: Any) -> list[Any]:
    """An answer with the reason of a refusal last in its head; Groonga leaves it out where there
    is none."""
    head, *value = answer
    return [[head[0], head[3] if len(head) > 3 else ""], *value]
