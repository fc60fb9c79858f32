"""What a platform says in the place of an account that it does not show: unknown, closed by its
owner, or suspended."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from archive.errors import Unreadable
from archive.model import Failure, Outcome
from archive.page.page import Page

WHO = (
    r"(?:用户|账号|帐号|账户|帐户|公众号|作者|号主|主页|频道"
    r"|(?:澎湃|头条|企鹅|百家|网易|搜狐|大鱼|凤凰|政务)号)"
)
NOTICES: dict[Outcome, re.Pattern[str]] = {
    "withdrawn": re.compile(
        WHO + r".{0,12}?(?:已|被|因).{0,12}?"
        r"(?:注销|销号|封禁|封停|封号|屏蔽|冻结|停用|禁用|关闭|下线|处罚|暂停(?:使用|服务))"
        r"|" + WHO + r".{0,6}?(?:违规|违反)"
        r"|(?:user|account).{0,20}?(?:suspended|disabled|banned|deactivated|closed|blocked)",
        re.I,
    ),
    "not-found": re.compile(
        WHO + r"(?:信息|主页|页面)?(?:已经?)?"
        r"(?:不存在|不见了|未找到|没有找到|找不到|被?删除|失效)"
        r"|(?:没有|无|未找到|查无|找不到)(?:此|该|这个|对应的?)?" + WHO + r"|(?:此|该)人不存在"
        r"|(?:user|account).{0,12}?(?:not (?:exist|found)|n't exist|deleted)"
        r"|no such (?:user|account)",
        re.I,
    ),
}
SHORT = 60  # characters of a message; whatever is longer speaks of accounts and is none
DEPTH = 3  # objects in one another, in which an answer in JSON has its message
ESCAPE = re.compile(r"\\u([0-9a-fA-F]{4})")


def account_notice(page: Page) -> Failure | None:
    """Recognises a notice that the platform does not show an account. Only for an answer in which
    no profile, and no entry of a list, could be read: others may speak of such accounts too.

    Args:
        page: the answer.

    Returns:
        A failure whose detail is the notice, or None where the page has none.

    Example:
        >>> account_notice(Page(url="", body='{"code":404,"desc":"用户不存在"}'.encode())).detail
        '用户不存在'
    """
    for message in _messages(page):
        for outcome, pattern in NOTICES.items():
            if len(message) <= SHORT and pattern.search(message):
                return Failure(outcome=outcome, reason="said", detail=message)
    return None


def _messages(page: Page) -> Iterator[str]:
    """The short texts of an answer, in JSON or as a page shows them."""
    try:
        if page.text.lstrip()[:1] in ("{", "["):
            yield from _texts(page.json)
        else:
            text = ESCAPE.sub(lambda match: chr(int(match[1], 16)), page.text)
            yield from re.findall(r'"([^"<>]{3,60})"', text) if "<" not in text else page.lines
    except Unreadable:
        return  # nothing to read, or beyond the limits: it says nothing that is understood


def _texts(value: Any, depth: int = DEPTH) -> Iterator[str]:
    if isinstance(value, str):
        yield value.strip()
    elif depth and isinstance(value, dict):
        for part in value.values():
            yield from _texts(part, depth - 1)
