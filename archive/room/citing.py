"""How to cite an article: GB/T 7714-2015, English, BibTeX, RIS; and meta data for reference
managers.

Sources: GB/T 7714-2015, 4.6 (electronic resources, `[EB/OL]`); the RIS format of Research
Information Systems, type ELEC; BibLaTeX, `@online`; Google Scholar's Highwire tags
(https://scholar.google.com/intl/en/scholar/inclusion.html), which Zotero reads.
"""

from __future__ import annotations

import re
from urllib.parse import urlencode

from archive.archive import Archive
from archive.database.rows import ArticleRow, VersionRow
from archive.folder import package_of
from archive.handover import operator_file
from archive.handover.pwid import pwid

TEX = {
    "\\": r"\textbackslash{}",
    "{": r"\textbraceleft{}",
    "}": r"\textbraceright{}",
    "$": r"\$",
    "&": r"\&",
    "#": r"\#",
    "^": r"\textasciicircum{}",
    "_": r"\_",
    "~": r"\textasciitilde{}",
    "%": r"\%",
}
# BibTeX counts every brace, whatever is before it; TeX makes one character of two of these.
LIGATURES = re.compile(r"(?<=([-'`]))(?=\1)")
CONTROLS = re.compile(r"[\x00-\x08\x0e-\x1f\x7f]")
NO_URL = re.compile(r"[\s{}\\\x00-\x1f\x7f]")


def citations(
    archive: Archive, article: ArticleRow, shown: ArticleRow | VersionRow
) -> dict[str, str]:
    """The references to an article as one of its versions shows it, by form."""
    name = _line(article.account or article.source or article.platform)
    title, day = _line(shown.title), (shown.published_at or "")[:10]
    captured = shown.first_captured_at
    identifier = pwid(_archive_id(archive), "article", captured, article.url)
    return {
        "GB/T 7714": _chinese(name, title, day, captured[:10], article.url, identifier),
        "English": _english(name, title, day, captured, article, identifier),
        "BibTeX": _bibtex(name, title, day, captured, article, identifier),
        "RIS": _ris(name, title, day, captured, article, identifier),
        "PWID": identifier,
    }


def _archive_id(archive: Archive) -> str:
    if package_of(archive.path):
        return operator_file.UNREGISTERED
    return operator_file.read(archive.path).archive_id


def _line(text: str) -> str:
    return " ".join(CONTROLS.sub("", text).split())


def _chinese(name: str, title: str, day: str, seen: str, url: str, identifier: str) -> str:
    published = f"({day})" if day else ""
    return f"{name}. {title}[EB/OL]. {published}[{seen}]. {url}. {identifier}."


def _english(
    name: str, title: str, day: str, captured: str, article: ArticleRow, identifier: str
) -> str:
    return (
        f"{name} ({day or 'no date'}). {title}. {article.platform}. {article.url} "
        f"(captured {captured[:19]}Z; {identifier})."
    )


def _bibtex(
    name: str, title: str, day: str, captured: str, article: ArticleRow, identifier: str
) -> str:
    key = re.sub(r"[^0-9A-Za-z:-]", "-", article.id)
    lines = {
        "author": f"{{{_tex(name)}}}",
        "title": f"{{{_tex(title)}}}",
        **({"date": day} if day else {}),
        "urldate": captured[:10],
        "url": NO_URL.sub("", article.url),
        "note": _tex(identifier),
        "langid": "chinese",
    }
    fields = "".join(f"  {field} = {{{value}}},\n" for field, value in lines.items())
    return f"@online{{{key},\n{fields}}}\n"


def _tex(text: str) -> str:
    escaped = "".join(TEX.get(character, character) for character in text)
    return LIGATURES.sub("{}", escaped)


def _ris(
    name: str, title: str, day: str, captured: str, article: ArticleRow, identifier: str
) -> str:
    lines = [
        ("TY", "ELEC"),
        ("AU", name),
        ("TI", title),
        *([("PY", day[:4]), ("DA", day.replace("-", "/"))] if day else []),
        ("PB", article.platform),
        ("UR", _line(article.url)),
        ("Y2", captured[:10].replace("-", "/")),
        ("M1", identifier),
        ("LA", "zh"),
        ("ID", article.id),
    ]
    return "".join(f"{tag}  - {value}\r\n" for tag, value in lines) + "ER  - \r\n"


def highwire(article: ArticleRow, shown: ArticleRow | VersionRow) -> list[tuple[str, str]]:
    """Names and contents of the meta elements that reference managers read.

    Source: what Zotero's translator "Embedded Metadata" reads; by `DC.type` the article is a web
    page and no journal article, and `DC.source` is the title of its site.
    """
    day = (shown.published_at or "")[:10].replace("-", "/")
    given = {
        "citation_title": shown.title,
        "citation_author": _creator(article),
        "citation_publication_date": day,
        "citation_publisher": article.platform,
        "citation_language": "zh",
        "citation_public_url": article.url,
        "citation_abstract": shown.summary or "",
        "DC.identifier": article.id,
        "DC.type": "webpage",
        "DC.source": article.platform,
    }
    return [(name, content) for name, content in given.items() if content]


def coins(article: ArticleRow, shown: ArticleRow | VersionRow) -> str:
    """The same as a ContextObject in a span: the query of an OpenURL of which a browser's reference
    manager makes an entry.

    Source: COinS (https://ocoins.info), the KEV format for Dublin Core of ANSI/NISO Z39.88-2004.
    """
    given = {
        "ctx_ver": "Z39.88-2004",
        "rft_val_fmt": "info:ofi/fmt:kev:mtx:dc",
        "rft.type": "webpage",
        "rft.title": _line(shown.title),
        "rft.creator": _creator(article),
        "rft.source": article.platform,
        "rft.publisher": article.platform,
        "rft.date": (shown.published_at or "")[:10],
        "rft.description": _line(shown.summary or ""),
        "rft.identifier": article.url,
        "rft.language": "zh",
    }
    return urlencode({name: value for name, value in given.items() if value})


def _creator(article: ArticleRow) -> str:
    return _line(article.account or article.source or "")
