"""Lists of hanweb (大汉): records in a `<datastore>` of the page, the rest by `dataproxy.jsp`.

The page calls `$('#30067').jpage({totalRecord: 1418, perPage: 25, proxyUrl: …, ajaxParam: {…}})`,
whose script posts `ajaxParam` to the proxy with `startrecord`, `endrecord` and `perpage`; records
are the pieces of HTML of `<record><![CDATA[…]]></record>`, older ones texts of a script
(`InitData30067`). Where the page has only `<nextgroup>`, its link leads to the next records. Seen
in public crawlers of Jiangsu, Shandong, Zhejiang and Nantong.
"""

from __future__ import annotations

import re
from html import unescape
from urllib.parse import urlencode

from archive.page.page import Page
from archive.platform import Ask
from archive.platforms.kit.json_lists import parameter
from archive.platforms.kit.lists.following import NO_MORE, Following
from archive.platforms.kit.lists.script_addresses import LITERAL

RECORD, RECORD_END = re.compile(r"<record>", re.I), re.compile(r"</record>", re.I)
NEXT_GROUP = re.compile(r"<nextgroup>\s*+(?:<!\[CDATA\[)?\s*+<a\s[^>]*?href=[\"']([^\"'>]+)", re.I)
TOTAL = re.compile(
    r"<totalrecord>\s*+(\d{1,9})\s*+</totalrecord>|\btotalRecord\s*+[:=]\s*+[\"']?(\d{1,9})", re.I
)
PER_PAGE = re.compile(r"\bperPage\s*+[:=]\s*+[\"']?(\d{1,4})", re.I)
PROXY = re.compile(r"\bproxyUrl\s*+:\s*+[\"']([^\"'\s]++)[\"']")
PARAMETERS = re.compile(r"\bajaxParam\s*+:\s*+\{([^{}]{0,2000})\}")
PARAMETER = re.compile(rf"(?<!\w)[\"']?(\w++)[\"']?\s*+:\s*+({LITERAL}|[\w./-]++)")
STORE = re.compile(r"\bInitData\w*+\s*+=\s*+\[")
TEXT = re.compile(LITERAL)
PAGES_AT_ONCE = 3  # of which jpage asks for the records


def records(page: Page) -> str | None:
    """The HTML of the records that a page or an answer of the proxy holds; None where it holds
    none of hanweb's."""
    pieces = _records(page) or _stored(page)
    if not pieces and "<datastore>" not in page.text:
        return None
    return "\n".join(pieces)


def paging(page: Page) -> Following | None:
    """What comes after the records of a page or an answer; None where it is none of hanweb's."""
    if not any(word in page.text for word in ("<datastore>", "proxyUrl", ".jpage(")):
        return None
    match = TOTAL.search(page.text)
    total = int(match[1] or match[2]) if match else None
    if total is not None and len(_records(page) or _stored(page)) >= total:
        return Following(end="platform_said", total=total)
    if total is not None and (ask := _proxy(page)):
        first, size, url, body = ask
        if first > total:
            return Following(end="platform_said", total=total)
        window = {"startrecord": first, "endrecord": min(first + size * PAGES_AT_ONCE - 1, total)}
        address = f"{url.partition('?')[0]}?{urlencode({**window, 'perpage': size})}"
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        return Following(
            more=Ask(url=address, method="POST", headers=headers, body=body), total=total
        )
    return _next_group(page, total) if "<datastore>" in page.text else None


def _proxy(page: Page) -> tuple[int, int, str, bytes] | None:
    """The next record, the records of one page, the proxy, and what is posted to it."""
    if start := parameter(page.url, "startrecord"):
        last, size = parameter(page.url, "endrecord"), parameter(page.url, "perpage") or "15"
        if not (start.isdecimal() and last.isdecimal() and size.isdecimal()):
            return None
        return int(last) + 1, int(size), page.url, page.request_body
    proxy, written = PROXY.search(page.text), PARAMETERS.search(page.text)
    if not proxy or not written:
        return None
    values = {name: value.strip("'\"") for name, value in PARAMETER.findall(written[1])}
    per_page = PER_PAGE.search(page.text)
    present = len(_records(page) or _stored(page))
    body = urlencode(values).encode("ascii")
    return present + 1, int(per_page[1]) if per_page else 15, page.link(proxy[1]), body


def _records(page: Page) -> list[str]:
    pieces = [RECORD_END.split(piece, maxsplit=1)[0] for piece in RECORD.split(page.text)[1:]]
    return [piece.strip().removeprefix("<![CDATA[").removesuffix("]]>") for piece in pieces]


def _stored(page: Page) -> list[str]:
    """The texts of the array that older pages keep their records in."""
    store = STORE.search(page.text)
    if store is None:
        return []
    texts = TEXT.findall(page.text[store.end() :].partition("];")[0])
    return [text[1:-1].replace("\\'", "'").replace('\\"', '"') for text in texts]


def _next_group(page: Page, total: int | None) -> Following:
    match = NEXT_GROUP.search(page.text)
    present = len(_records(page))
    if match is None or not present:
        return NO_MORE
    url = page.link(unescape(match[1]))
    return Following(more=Ask(url=url), trial=True, total=total)
