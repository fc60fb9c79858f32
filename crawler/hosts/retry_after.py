"""The Retry-After header of an answer."""

from __future__ import annotations

from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

DIGITS = 15  # of a number of seconds; longer ones mean for ever, as well as these do


def retry_after(value: bytes | None, now: datetime) -> float:
    """Seconds that a Retry-After header asks to wait, as a number or as a date (RFC 9110, 10.2.3).

    Args:
        value: the header's value; None where there is no such header.
        now: the present moment, with its zone, to which a date is compared.

    Returns:
        Seconds, 0 where none are asked for or the value is neither a number nor a date.

    Example:
        >>> retry_after(b"120", datetime.now(UTC))
        120.0
    """
    text = (value or b"").decode("latin-1").strip()
    if text.isascii() and text.isdigit():
        return float(text if len(text) <= DIGITS else 10**DIGITS)
    try:
        moment = parsedate_to_datetime(text)
    except (TypeError, ValueError, OverflowError):
        return 0.0
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return max(0.0, (moment - now).total_seconds())
