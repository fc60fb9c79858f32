"""Revisit records: which response a later one with the same payload may refer to instead of being
stored again (WARC 1.1, "revisit")."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from archive.warc import http
from archive.warc.exchange import Answer, Exchange
from archive.warc.record import stamp

SAME_PAYLOAD = "http://netpreserve.org/warc/1.1/revisit/identical-payload-digest"
NOT_MODIFIED = "http://netpreserve.org/warc/1.1/revisit/server-not-modified"
REMEMBERED = 100_000  # payloads of this run that later exchanges may refer to
SMALLEST_REVISIT = 512  # bytes of payload below which a reference is no shorter


@dataclass(frozen=True, slots=True)
class Original:
    """The complete response that a revisit refers to.

    Attributes:
        record_id: without angle brackets.
        date: its WARC-Date.
        payload_digest: of the original where the server answered "304 Not Modified", which has no
            payload of its own; None otherwise.
    """

    record_id: str
    url: str
    date: str
    payload_digest: str | None = None

    def fields(self) -> list[tuple[str, str]]:
        """The header fields of a revisit record that refers to this response."""
        return [
            ("WARC-Profile", NOT_MODIFIED if self.payload_digest else SAME_PAYLOAD),
            ("WARC-Refers-To", f"<{self.record_id}>"),
            ("WARC-Refers-To-Target-URI", self.url),
            ("WARC-Refers-To-Date", self.date),
        ]


FindOriginal = Callable[[str, str | None], Original | None]
"""Looks in earlier runs for the complete response with a payload digest, at an address or, for
None, anywhere."""


class Originals:
    """Finds the original of an answer: among the last responses of this run, then in earlier ones.

    Args:
        find_earlier: looks in earlier runs.
    """

    def __init__(self, find_earlier: FindOriginal) -> None:
        self._find_earlier = find_earlier
        self.of_this_run: OrderedDict[tuple[str, str | None], Original] = OrderedDict()

    def find(
        self, exchange: Exchange, answer: Answer, facts: Mapping[str, object]
    ) -> Original | None:
        """The response with the same payload, None where there is none or a reference gains
        nothing."""
        if not _is_referable(exchange, answer):
            return None
        key = (answer.payload_digest, _address(exchange, facts))
        return self.of_this_run.get(key) or self._find_earlier(*key)

    def remember(
        self, exchange: Exchange, answer: Answer, facts: Mapping[str, object], record_id: str
    ) -> None:
        """Let later exchanges refer to this response, if it is complete."""
        if not _is_referable(exchange, answer):
            return
        key = (answer.payload_digest, _address(exchange, facts))
        self.of_this_run[key] = Original(record_id, exchange.url, stamp(exchange.started))
        if len(self.of_this_run) > REMEMBERED:
            self.of_this_run.popitem(last=False)


def _is_referable(exchange: Exchange, answer: Answer) -> bool:
    is_complete = exchange.truncated is None and http.Head(answer.head).status == 200
    return is_complete and answer.size >= SMALLEST_REVISIT


def _address(exchange: Exchange, facts: Mapping[str, object]) -> str | None:
    """A page is the same only at its own address; a picture is the same at any."""
    return None if facts.get("role") == "media" else exchange.url
