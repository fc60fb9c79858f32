"""What can be searched in an indexed archive: hits, counts, and why there is none."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from archive.reader.session import Session

if TYPE_CHECKING:  # at run time a method imports what it needs, as in `Session`
    from collections.abc import Iterator
    from datetime import date

    from archive.model import Kind, Status
    from archive.search.attached import Within
    from archive.search.filters import Filters
    from archive.search.pictures import PictureHit
    from archive.search.search import Hit, Order


class Searches(Session):
    """The part of `Reader` that searches."""

    def search(
        self,
        query: str,
        *,
        platform: str | None = None,
        account: str | None = None,
        status: Status | None = None,
        since: str | date | None = None,
        until: str | date | None = None,
        kind: Kind | None = None,
        order: Order = "date",
        limit: int | None = 20,
        offset: int = 0,
        widen: bool = True,
        within: Within = "everywhere",
    ) -> list[Hit]:
        """Search title, text and attachments of all articles.

        Args:
            query: words that must all be there; AND, OR, NOT, parentheses and "an exact phrase".
            platform: only articles of this platform.
            account: only articles of this account (its id, or any name that it has or had).
            status: only articles in this state: live, changed, withdrawn or unreachable.
            since: only articles published on this day (a date, or YYYY-MM-DD) or later.
            until: only articles published on this day or earlier.
            kind: only articles of this kind, such as `pictures` or `attachment` (`articles.kind`).
            order: `date`, the newest first, or `relevance`: title hits, then density, then date.
            limit: at most so many hits; None: all.
            offset: pass over so many hits first.
            widen: Traditional and Simplified spellings too, where OpenCC is installed.
            within: `everywhere`; `text`: title and text only; `attachments`: these only.

        Raises:
            UsageError: for a query without a word, an invalid date, a platform or account that
                is not known, or no database yet.

        Example:
            >>> archive.search("疫情 防控", since="2020-02-01", limit=1)[0].id
            'thepaper-5701234'
        """
        filters = self.filters(
            platform=platform,
            account=account,
            status=status,
            since=since,
            until=until,
            kind=kind,
        )
        return self.find(
            query,
            filters,
            order=order,
            limit=limit,
            offset=offset,
            widen=widen,
            within=within,
        )

    def find(self, query: str, filters: Filters, **how: Any) -> list[Hit]:
        """Search as `search` does, by filters that were checked.

        Args:
            query: as in `search`.
            filters: made by `filters`.
            how: `order`, `limit`, `offset`, `widen` and `within`, and `marks`, which are put around
                each match.
        """
        from archive.search.search import search

        return search(self.connection, query, filters, **how)

    def search_pictures(
        self,
        query: str,
        *,
        platform: str | None = None,
        account: str | None = None,
        status: Status | None = None,
        since: str | date | None = None,
        until: str | date | None = None,
        kind: Kind | None = None,
        order: Order = "date",
        limit: int | None = 20,
        offset: int = 0,
        widen: bool = True,
    ) -> list[PictureHit]:
        """Search the text in pictures that `read_pictures` has read, which is in no article's text.
        Takes and raises what `search` does, but for `within`; by relevance, the picture with the
        most matches is first.

        Example:
            >>> hit = archive.search_pictures("汛期")[0]
            >>> hit.picture, hit.boxes
            ('https://www.thepaper.cn/…/notice.png', [[64, 60, 52, 29]])
        """
        from archive.search.pictures import search_pictures

        filters = self.filters(
            platform=platform,
            account=account,
            status=status,
            since=since,
            until=until,
            kind=kind,
        )
        return search_pictures(
            self.connections, query, filters, order=order, limit=limit, offset=offset, widen=widen
        )

    def count_pictures(self, query: str, by: str = "all", **given: Any) -> dict[str | None, int]:
        """Count the pictures whose text satisfies a query. Takes and raises what `count` does, but
        for `within`."""
        from archive.search.pictures import count_pictures

        widen = given.pop("widen", True)
        return count_pictures(self.connections, query, self.filters(**given), by=by, widen=widen)

    def why_no_picture(self) -> str:
        """Say why a search of pictures may have no hit: how many of them were read."""
        from archive.search.pictures import why_no_picture

        return why_no_picture(self.connections)

    def count(
        self,
        query: str,
        by: str = "all",
        *,
        platform: str | None = None,
        account: str | None = None,
        status: Status | None = None,
        since: str | date | None = None,
        until: str | date | None = None,
        kind: Kind | None = None,
        widen: bool = True,
        within: Within = "everywhere",
    ) -> dict[str | None, int]:
        """Count the articles that satisfy a query.

        Args:
            query: and the filters, as in `search`.
            by: all, account, platform, status, month or year.

        Returns:
            Numbers by value, the largest first; months and years in order; one under None for
            `all`.

        Raises:
            UsageError: as in `search`, and for another `by`.
        """
        from archive.search.search import count

        filters = self.filters(
            platform=platform,
            account=account,
            status=status,
            since=since,
            until=until,
            kind=kind,
        )
        return count(self.connection, query, filters, by=by, widen=widen, within=within)

    def why_none(
        self,
        query: str,
        *,
        platform: str | None = None,
        account: str | None = None,
        status: Status | None = None,
        since: str | date | None = None,
        until: str | date | None = None,
        kind: Kind | None = None,
        widen: bool = True,
        within: Within = "everywhere",
    ) -> str:
        """Say why a search without a hit has none. Takes and raises what `search` does.

        Example:
            >>> archive.why_none("疫情 and 防控")
            'no article holds and; operators are written in capitals (AND, OR, NOT), so “and” is …'
        """
        from archive.search.explanation import OfDatabase, explain

        filters = self.filters(
            platform=platform,
            account=account,
            status=status,
            since=since,
            until=until,
            kind=kind,
        )
        return explain(OfDatabase(self.connection), query, filters, widen=widen, within=within)

    def filters(self, **given: Any) -> Filters:
        """The filters of a search, as `search` takes them. Raises UsageError for a platform or an
        account that is not known."""
        from archive.search.filters import filters_of

        filters = filters_of(**given)
        if filters.platform or filters.account:
            from archive.search.explanation import OfDatabase, check_names

            evidence = OfDatabase(self.connection)
            check_names(evidence, filters, lambda: self.platforms, self._followed)
        return filters

    def _followed(self) -> Iterator[str]:
        """The names and ids of the accounts that are followed, whether they were crawled or not."""
        from archive import accounts

        for account in accounts.read(self.path / "accounts.csv", self.platforms):
            yield from filter(None, (account.account_id, account.name))
