"""Rows of an account: as it was last seen, and over time: its names, and what it was."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from archive.database.rows.meanings import ACCOUNT_ID, PLATFORM
from archive.model import AccountStatus, NamePlace
from archive.model.meaning import NOT_GIVEN, UTC, Meaning, plain


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountRow:
    """An account as it was last seen."""

    platform: Annotated[str, PLATFORM]
    account_id: Annotated[str, ACCOUNT_ID]
    name: Annotated[
        str | None,
        Meaning(
            "账号名称", "name of the account as last seen", null=NOT_GIVEN, sensitivity="printed"
        ),
    ]
    description: Annotated[
        str | None,
        Meaning(
            "账号简介",
            "how the account describes itself, as last seen",
            null=NOT_GIVEN,
            sensitivity="printed",
        ),
    ]
    url: Annotated[str | None, plain("账号网址", "address of the account's page", null="not seen")]
    seen_at: Annotated[str, plain("末次所见", "when name and description were seen", UTC)]


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountNameRow:
    """A name of an account in one kind of place, with when it was seen there first and last."""

    platform: Annotated[str, PLATFORM]
    account_id: Annotated[str, ACCOUNT_ID]
    name: Annotated[
        str,
        Meaning("账号名称", "name of the account as the answer prints it", sensitivity="printed"),
    ]
    seen_in: Annotated[NamePlace, plain("所见之处", "what kind of answer prints it")]
    first_seen_at: Annotated[str, plain("首次所见", "first capture with this name", UTC)]
    first_capture: Annotated[str, plain("首次采集", "captures.id of that capture", "URN")]
    last_seen_at: Annotated[str, plain("末次所见", "last capture with this name", UTC)]
    last_capture: Annotated[str, plain("末次采集", "captures.id of that capture", "URN")]


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountStatusRow:
    """What an account was for a time: it became so between `before_at` and `begun_at`, and ended
    between `last_at` and `over_at`. `proofs` is JSON."""

    platform: Annotated[str, PLATFORM]
    account_id: Annotated[str, ACCOUNT_ID]
    status: Annotated[AccountStatus, plain("状态", "what the account was")]
    before_at: Annotated[
        str | None,
        plain(
            "此前末证",
            "the last proof of what it was before",
            UTC,
            null="nothing is known from before",
        ),
    ]
    begun_at: Annotated[str, plain("首证", "the first proof that it was so", UTC)]
    confirmed_at: Annotated[
        str | None,
        plain(
            "证实时间",
            "when it was proved: by another run, hours later; what is shown proves itself",
            UTC,
            null="not proved yet",
        ),
    ]
    last_at: Annotated[str, plain("末证", "the last proof that it was so", UTC)]
    over_at: Annotated[
        str | None, plain("此后首证", "the first proof that it was over", UTC, null="it lasts")
    ]
    reason: Annotated[
        str | None,
        Meaning(
            "说明",
            "what was seen, in a sentence, some of it the platform's",
            null="nothing to say",
            sensitivity="printed",
        ),
    ]
    proofs: Annotated[
        str,
        plain(
            "证据",
            "WARC-Record-IDs of the first proofs, those that confirm them, and the last",
            "JSON",
        ),
    ]
