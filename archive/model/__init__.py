"""The values that travel between the parts of the archive: frozen, without behaviour.

Times are ISO 8601 strings with an offset, as they are in the database. A value that the page does
not give is None.
"""

from archive.model.article import Article, ArticleFields, Paging, Picture, StoredFields
from archive.model.values import Account, Failure, Link
from archive.model.words import (
    AccountStatus,
    AliasReason,
    AttachmentState,
    CoverageOutcome,
    FileKind,
    Kind,
    LinkChange,
    ListEnd,
    ListOrder,
    NamePlace,
    Outcome,
    PageUnit,
    PayloadKind,
    PictureState,
    Status,
    Withdrawer,
)

__all__ = [
    "Account",
    "AccountStatus",
    "AliasReason",
    "Article",
    "ArticleFields",
    "AttachmentState",
    "CoverageOutcome",
    "Failure",
    "FileKind",
    "Kind",
    "Link",
    "LinkChange",
    "ListEnd",
    "ListOrder",
    "NamePlace",
    "Outcome",
    "PageUnit",
    "Paging",
    "PayloadKind",
    "Picture",
    "PictureState",
    "Status",
    "StoredFields",
    "Withdrawer",
]
