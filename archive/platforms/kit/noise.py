"""What addresses carry that names no article: sessions, tracking, times against caches, forms for
printing and for telephones.

Sources: the servlet specification 4.0, 7.1.3 (`;jsessionid=`); the parameters of Google Analytics
(`utm_`), Baidu Tongji (`hmsr` …) and Alibaba (`spm`, `scm`).
"""

from __future__ import annotations

import re
from collections.abc import Collection
from urllib.parse import SplitResult

from archive.page.urls import urlsplit

SESSION_IN_PATH = re.compile(r";(?:jsessionid|phpsessid|sid|session_?id)=[^/?#;]*+", re.I)
NAMES = re.compile(
    r"(?:utm_\w+|_?spm|spm_id_from|scm|gclid|fbclid|msclkid|bd_vid|hm(?:sr|pl|cu|kw|ci)"
    r"|jsessionid|phpsessid|aspsessionid\w*|session_?id"
    r"|from|fr|ref|referr?er|isappinstalled|ivk_sa|tdsourcetag|share\w*|wx_?share\w*|nsukey"
    r"|print|printable|dayin|mobile|wap|is_?mobile)\Z",
    re.I,
)
# Noise only with such a value: a time in seconds or milliseconds, a random number, a secret.
BY_VALUE = re.compile(
    r"(?:_|_?ts?|tt|time|timestamp|rnd|rand|random|r|v|nocache)=(?:1\d{9}|1\d{12}|0\.\d{4,})\Z"
    r"|(?:sid|s|token|auth|sign)=(?=[^=]*\d)[\w-]{16,}\Z",
    re.I,
)
FOR_TELEPHONES = re.compile(r"(?:m|wap|3g|mobile|h5)\.(?=(?:[^.]+\.){2}[^.])")
FOLDER_FOR_TELEPHONES = re.compile(r"/(?:m|wap|3g|mobile|h5)(?=/)", re.I)


def without_noise(url: str, names: Collection[str] = ()) -> str:
    """The address without its fragment, sessions, tracking and the like; what names a page stays as
    it is written.

    Args:
        url: an address of an article.
        names: more parameters that name nothing on the site.

    Example:
        >>> without_noise("https://a.example/c.html;jsessionid=0A?id=7&spm=1.2#top")
        'https://a.example/c.html?id=7'
    """
    if not (";" in url or "?" in url or "#" in url):
        return url
    path, _, query = url.partition("#")[0].partition("?")
    parts = [part for part in query.split("&") if part and not _is_noise(part, names)]
    return SESSION_IN_PATH.sub("", path) + ("?" + "&".join(parts) if parts else "")


def split(url: str) -> SplitResult:
    """The parts of an address without noise."""
    return urlsplit(without_noise(url))


def for_all_devices(host: str, path: str) -> tuple[str, str]:
    """Host and path of a page as they are for computers where they are those for telephones.

    Example:
        >>> for_all_devices("m.yunxi.gov.cn", "/wap/art/1.html")
        ('yunxi.gov.cn', '/art/1.html')
    """
    host = FOR_TELEPHONES.sub("", host.removeprefix("www."), count=1)
    start = FOLDER_FOR_TELEPHONES.match(path)
    return host, path[start.end() :] if start else path


def _is_noise(part: str, names: Collection[str]) -> bool:
    name = part.partition("=")[0]
    return name in names or NAMES.match(name) is not None or BY_VALUE.match(part) is not None
