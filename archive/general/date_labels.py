"""What a printed date is the date of, by the words around it."""

from __future__ import annotations

import re
from typing import Literal

Label = Literal[
    "published",
    "time",
    "updated",
    "written",
    "effective",
    "adopted",
    "deadline",
    "event",
    "today",
]
"""`time`: called time or date, and of nothing else. `written`: of the document, 成文日期. `event`:
when something else takes place. `today`: of the day on which the page was asked for."""


def _spaced(words: str) -> str:
    """Words of a pattern, whose characters may be set apart: 发 布 时 间."""
    return "|".join(r"\s?".join(word) for word in words.split())


OF_TIME = rf"(?:\s?(?:{_spaced('日期 时间 時間')}))"
TODAY = _spaced("今天 今日 当前 现在 北京 系统 服务器 访问 打印 查询 截图")
UPDATED = _spaced("更新 修改 编辑 變更 变更")
WRITTEN = _spaced("成文 发文 印发 签发 制发 撰写 写作 落款 文件")
EFFECTIVE = _spaced("施行 实施 生效 执行 启用")
ADOPTED = _spaced("通过 批准 审议 颁布 制定 修订 修正")
DEADLINE = _spaced("截止 截至 截止到 失效 废止 到期 终止 有效期至 有效期")
PUBLISHED = _spaced(
    "发布 发表 发稿 发送 公开 公布 刊发 刊登 刊载 上网 上传 上线 登载 推送 首发 录入 添加 信息"
    " 文章 新闻 稿件 公告 通知 报道 创建 提交 转载 編發 编发 見報 见报 發佈 發布 發表"
)
VERBS = _spaced("发布 发表 刊发 首发 發佈 發布 發表")
ALONE = r"(?<![\u4e00-\u9fff])"  # no end of a name: 中国广州发布
BEFORE: dict[Label, str] = {
    "today": rf"(?:{TODAY}){OF_TIME}?\s?[是为]?",
    "updated": rf"(?:{UPDATED})(?:{OF_TIME}[于於]?|[于於])|{ALONE}(?:{UPDATED})"
    r"|(?i:last\s)?(?i:updated|modified)(?i:\s?on|\s?at)?",
    "written": rf"(?:{WRITTEN}){OF_TIME}",
    "effective": rf"(?:{EFFECTIVE}){OF_TIME}",
    "adopted": rf"(?:{ADOPTED}){OF_TIME}",
    "deadline": rf"(?:{DEADLINE}){OF_TIME}?[到至]?|[\u4e00-\u9fff]{{2,4}}截止{OF_TIME}?",
    "published": rf"(?:{PUBLISHED}){OF_TIME}[为是]?|(?:{VERBS})[于於在]|{ALONE}(?:{VERBS})"
    r"|(?i:published|posted|released?)(?i:\s?on|\s?date|\s?time)?|(?i:pub\s?date)",
    # a word of its own before 时间, that says of what; not the end of a name that runs into it
    "event": r"(?<![^\s；;，。（(|])(?!生成|日期|时间)[\u4e00-\u9fff]{2,4}(?:日期|时间|時間)为?"
    r"|[一二三四五六七八九十\d][、.．]\s?(?:日期|时间)"
    r"|(?:[自从在至到]|定于|将于|拟于|已于|(?<!发布|发表|刊发|更新)于)",
    "time": rf"(?:{_spaced('生成日期 日期 时间 時間')})|\b(?i:date|time)",
}
LABEL_BEFORE = re.compile(
    "(?:" + "|".join(f"(?P<{name}>{words})" for name, words in BEFORE.items()) + ")$"
)
TRAIL = " \t\r\n\u3000\xa0:：|｜/[【(（“\"'>"  # between a label and its date
ANY_DATE = r"(?:\d{1,4}|[一二三〇零十四五六七八九]{1,4})\s?[-年月日.／/]"
NO_LABEL = rf"(?!{OF_TIME}|[于於]|\s?[：:])"  # not of the next date
AFTER: dict[Label, str] = {
    "event": r"\s?(?:上午|下午|晚)"
    r"|[^，。；：:\s]{0,12}?(?:举行|召开|举办|开展|开幕|开庭|开标|考试|面试)",
    "adopted": r"[^，。；：:\s]{0,30}?(?:通过|批准|修订|修正|颁布|审议|公布)",
    "effective": r"\s?起?(?:施行|实施|生效|执行|启用)|\s?起",
    "written": r"\s?(?:印发|印制|签发)",
    "deadline": r"\s?(?:(?:之|以)?前|止|截止|为止)",
    "updated": rf"\s?(?:更新|修改){NO_LABEL}",
    "published": rf"\s?(?:发布|发表|刊发)(?![会厅]){NO_LABEL}",
}
PERIOD = re.compile(rf"\s?(?:至|到|—|－|–|~|～|-){{1,2}}\s?{ANY_DATE}")
LABEL_AFTER = re.compile("|".join(f"(?P<{name}>{words})" for name, words in AFTER.items()))
NEAR = 24  # characters that a label may be long


def label_of(before: str, after: str) -> tuple[Label | None, bool]:
    """Reads what a date is the date of.

    Args:
        before: the text of its line before it, back to the date before that.
        after: the text behind it.

    Returns:
        The label, None where nothing says it; and whether it is a word before the date.

    Example:
        >>> label_of("来源：市水务局 发布时间：", " 浏览"), label_of("自", "起施行")
        (('published', True), ('effective', False))
    """
    if PERIOD.match(after):
        return "event", False
    named = LABEL_BEFORE.search(before[-NEAR:].rstrip(TRAIL))
    label = _kind(named)
    if label and label not in ("event", "time"):
        return label, True
    if follows := _kind(LABEL_AFTER.match(after[: 2 * NEAR])):
        return follows, False
    return label, label is not None


def _kind(match: re.Match[str] | None) -> Label | None:
    return match.lastgroup if match else None  # type: ignore[return-value]  # the groups are Labels
