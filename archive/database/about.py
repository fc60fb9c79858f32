"""The table `about`: how to read `archive.db`, for whoever has only that and stock programs."""

from __future__ import annotations

from archive.database.schema import TABLES

ABOUT = {
    "what": "An archive of what Chinese government accounts published on news platforms, made by "
    "Zhengwen from WARC files.",
    "search": "Full text: sqlite-utils search archive.db articles 疫情防控 (or Datasette's search "
    "box). Every word of one to four Chinese characters is found exactly, wherever it is in the "
    "text, and so are complete words and numbers in other scripts and mixtures such as 2020年; "
    "spaces mean AND; AND, OR, NOT and parentheses work (NOT last: 疫情 防控 NOT 演练).",
    "longer words": "A word of five or more characters finds nothing by itself in a stock program: "
    "put a space after every four characters (人类命运 共同体), or use LIKE. With the package "
    "zhengwen installed, the same programs take words of any length, quoted phrases, title: and "
    "account:.",
    "spelling": "The index holds NFKC forms and small letters: type GDP, not ＧＤＰ. Traditional "
    "and Simplified are two spellings; search for both with OR.",
    "not possible": "Without the package, quoted phrases, NEAR and title: are errors (the index "
    "holds no positions), snippet() is NULL and rank is 0; rebuild-fts is an error too, and "
    "zhengwen rebuild makes the index again.",
    "order": "Rows come in the order in which they were archived; add -o 'published_at desc' for "
    "the newest first (with -c, name published_at too). Times are ISO 8601 with offset.",
    "like": "SELECT id, title FROM articles WHERE text LIKE '%人类命运共同体%' is exact for any "
    "length, and reads every text.",
    "evidence": "captures.warc, .offset and .length name the WARC record that proves a row.",
    **{f"table {table.name}": table.english for table in TABLES},
    "table articles_fts": "The full-text index of articles. It holds terms, no text.",
    "table media_text_fts": "The full-text index of media_text, with the same terms: sqlite-utils "
    "search archive.db media_text 汛期. A picture's text is no text of an article.",
    "table attachment_text_fts": "The full-text index of attachment_text, with the same terms: "
    "sqlite-utils search archive.db attachment_text 汛期. Each row is a page of a document.",
}
