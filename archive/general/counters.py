"""The counters of a site in the body of an article: how often it was read, liked or passed on. They
are other numbers at each capture, and nothing that its author wrote."""

from __future__ import annotations

import re

EDGE = 4  # paragraphs at each end of a body in which a site counts
LONGEST = 80  # characters of a line with a counter; a longer one is the author's
SENTENCE = re.compile("[。！？；]")
COUNT = r"\d[\d,，]{0,14}+(?:\.\d{1,4}+)?+(?:\s*+[万亿wWkK])?+\+?+"
SEEN = "阅读|浏览|点击|访问|观看|播放|点赞|转发|收藏|评论|在看|跟[贴帖]|围观|閱讀|瀏覽|點擊"
IN_ENGLISH = "(?i:views?|hits?|reads?)"
THING = f"(?:{SEEN}|查看|人气|热度|下载|分享|推荐|参与)"
HOW_MANY = "(?:次数|总?数量|总?量|总次?数|人次数?|人数|数|率|次數|數|指数)?"
TIMES = r"(?:\s*+(?:人次|次|人|条|个|℃|度))?+(?:\s*+[\])）】])?+"
WHOSE = "(?:本文|文章|本页|页面|信息|内容|本?新闻|累计|共|总)?"
BETWEEN = r"\s|｜/·•【】()（）\[\],，、"
COUNTER = re.compile(
    rf"(?:(?<=[{BETWEEN}])|^)(?:"
    rf"(?:{WHOSE}{THING}{HOW_MANY}|{IN_ENGLISH})"
    rf"(?:\s*+[：:](?:\s*+[\[(（【]?+\s*+{COUNT})?+|\s*+[\[(（【]\s*+{COUNT}|\s*+{COUNT}){TIMES}"
    rf"|(?:(?:已有|共有|共|有|被)\s*+)?+{COUNT}\s*+(?:位|个|名)?(?:人次|次|人|网友|读者|条|用户)?\s*+(?:已|已经)?"
    rf"(?:{SEEN}|{IN_ENGLISH})(?:过|了)?(?:本文|此文|该文|本页)?"
    rf"|(?:本文|此文|该文|本页|文章)(?:已经?|共)?被?(?:{SEEN})了?\s*+{COUNT}{TIMES}"
    # before a word it is the author's: 推荐 3 名候选人
    rf")(?=\s*+(?:[|｜/·•】()（）\[\],，、]|{THING}|\d|$))"
)
LETTERS = re.compile(r"\w")


def without_counters(lines: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """The lines of an article without its site's counters.

    Only near the ends of the body, where sites print them, in lines that are no sentence and no row
    of a table: a notice may count such things too.

    Args:
        lines: tag and text of each paragraph.

    Example:
        >>> without_counters([("p", "来源：本网 阅读 1022"), ("p", "全文。"), ("p", "点赞 35")])
        [('p', '来源：本网'), ('p', '全文。')]
    """
    last = len(lines) - EDGE
    remaining = []
    for place, (tag, text) in enumerate(lines):
        left = _without(text) if place < EDGE or place >= last else text
        if left:
            remaining.append((tag, left))
    return remaining


def _without(text: str) -> str:
    if len(text) > LONGEST or "\t" in text or SENTENCE.search(text):
        return text
    left, removed = COUNTER.subn("", text)
    if not removed:
        return text
    left = re.sub(" {2,}", " ", left).strip(" |｜/·•,，、\u3000")
    return left if LETTERS.search(left) else ""
