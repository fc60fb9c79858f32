"""The time zone of the pages."""

from __future__ import annotations

from datetime import timedelta, timezone

CHINA = timezone(timedelta(hours=8))
"""Asia/Shanghai: one zone for all of China, without daylight saving since 1991 (IANA time zone
database, file `asia`)."""
