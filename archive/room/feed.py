"""The changes as an Atom feed, and references to an article as files."""

from __future__ import annotations

from archive.archive import Archive
from archive.collection.news import news as of_shards
from archive.collection.reading import CollectionReader
from archive.database.opening import read_rows
from archive.monitoring.news import news
from archive.monitoring.news_feed import MEDIA_TYPE, atom
from archive.room.answer import Answer, attachment
from archive.room.article import article_of
from archive.room.asked import Asked
from archive.room.citing import citations
from archive.room.remembered import remembered
from archive.room.signposting import to_article

IN_FEED = 100
FIRST_RUN = "SELECT id FROM runs ORDER BY started_at, id LIMIT 1"
SINCE = """SELECT started_at FROM runs WHERE started_at IS NOT NULL
    ORDER BY started_at DESC LIMIT 1 OFFSET 20"""
FORMS = {
    "bib": ("BibTeX", "application/x-bibtex"),
    "ris": ("RIS", "application/x-research-info-systems"),
}


def changes(archive: Archive, asked: Asked) -> Answer:
    """The feed of what was new, changed, missing and back in the last crawls."""
    address = f"{asked.site}{asked.link('changes.atom')}"
    body = remembered(archive, "feed", lambda: _feed(archive, address), address)
    return Answer(body=body, content_type=f"{MEDIA_TYPE}; charset=utf-8")


def _feed(archive: Archive, address: str) -> bytes:
    first = next(read_rows(archive.connection, FIRST_RUN), {"id": archive.path.name})
    since = next(read_rows(archive.connection, SINCE), {"started_at": "1970-01-01"})
    day = since["started_at"][:10]
    if isinstance(archive, CollectionReader):
        items = of_shards(archive.collection, since=day)
    else:
        items = news(archive, since=day)
    title = "政文 Zhengwen"
    return atom(items[-IN_FEED:], title=title, identity=first["id"], address=address)


def reference(archive: Archive, asked: Asked, name: str, form: str) -> Answer:
    """The reference to an article in the form of a reference manager."""
    row = article_of(archive, name)
    versions = archive.versions(row.id)
    number = asked.number("version", len(versions), most=max(len(versions), 1))
    kind, media_type = FORMS[form]
    text = citations(archive, row, versions[number - 1] if versions else row)[kind]
    return Answer(
        body=text.encode("utf-8", "replace"),
        content_type=f"{media_type}; charset=utf-8",
        headers=attachment(f"{row.id}.{form}") | to_article(asked, row.id, "describes"),
    )
