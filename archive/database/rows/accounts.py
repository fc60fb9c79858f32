"""Rows of an account over time: the names under which it was seen."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from archive.model import NamePlace
from archive.model.meaning import UTC, Meaning, plain


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountNameRow:
    """A name of an account in one kind of place, with when it was seen there first and last."""

    platform: Annotated[str, plain("平台", "name of the platform in this program")]
    account_id: Annotated[
        str, plain("账号编号", "the platform's own id of the account; text, not a number")
    ]
    name: Annotated[
        str,
        Meaning("账号名称", "name of the account as the answer prints it", sensitivity="printed"),
    ]
    seen_in: Annotated[NamePlace, plain("所见之处", "what kind of answer prints it")]
    first_seen_at: Annotated[str, plain("首次所见", "first capture with this name", UTC)]
    first_capture: Annotated[str, plain("首次采集", "captures.id of that capture", "URN")]
    last_seen_at: Annotated[str, plain("末次所见", "last capture with this name", UTC)]
    last_capture: Annotated[str, plain("末次采集", "captures.id of that capture", "URN")]
