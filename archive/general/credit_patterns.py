"""Patterns of credits: a label and the sign after it, what ends a name, names before what they
did."""

from __future__ import annotations

import re

from archive.general.credit_labels import PART
from archive.general.names import HAN
from archive.page.moments import UNNAMED as MOMENT

GAP = "[ \u3000\xa0]"
SIGN = "[：:丨｜|／/]"
REPORTERS = (
    "(?:本报|本网|本刊|本台|我报)?(?:全媒体|融媒体|新媒体)?(?:见习|实习|首席|特约|驻站|资深|高级|特派)?"
    "(?:记者|記者|通讯员|通訊員)"
)


def _spread(label: str) -> str:
    """A pattern for a label that may be set wide: 来　源."""
    if len(label) in (2, 3) and not re.search("[/／、·|]", label):
        return f"{GAP}{{0,4}}".join(label)
    return re.escape(label)


def _either(labels: list[str]) -> str:
    """A pattern for one of some labels, the longest first; few characters begin one."""
    starts = "".join(sorted({label[0] for label in labels}))
    words = "|".join(_spread(label) for label in sorted(labels, key=len, reverse=True))
    return f"(?=[{starts}])(?:{words})"


SHORT = [label for label in PART if len(label) == 1]
LONG = [label for label in PART if len(label) > 1]
TO_VALUE = rf"{GAP}{{0,4}}{SIGN}{GAP}{{0,8}}"
STARTS = "".join(sorted({label[0] for label in PART} | set("本我全融新见实首特驻资高记記通")))
LABEL = re.compile(
    rf"(?=[{STARTS}])(?:"
    rf"(?<![{HAN}A-Za-z])(?:"
    rf"(?P<alone>{REPORTERS}|{_either(LONG)})"
    rf"(?:{TO_VALUE}|[\t ]{GAP}{{0,8}}\t?|[\u3000\xa0]|(?=[】\]]))"
    rf"|(?<![/／])(?P<short>{_either(SHORT)})(?![/／][文图摄影]){TO_VALUE})"
    rf"|(?P<inside>{REPORTERS}|{_either(LONG)}){GAP}{{0,4}}[：:丨｜]{GAP}{{0,8}}"
    rf"|^(?P<start>(?:本文|文章)(?:来源于|来源|转载自|转自|摘自)"
    rf"|(?:来源于|转自|来源|摘自)(?={GAP})){GAP}{{0,4}}(?=\S)"
    rf"|(?<![据随陪率领问被任])(?P<reporter>{REPORTERS}){GAP}{{0,4}}(?=[{HAN}]))"
)
# what ends a name: a date, another part of the line, the site's services
END = re.compile(
    rf"{MOMENT}|\d{{4}}[-年/.]|\d{{1,2}}:\d\d|[\t|｜丨；;。！？!?<>＞]|[【】\[\]（）()]|https?:|,\s"
    r"|，(?=\S{5})|(?:浏览|阅读|点击|访问)(?:次?数|量|次)?|字[体号]|(?:我要)?打印|分享到?"
    r"|收藏|评论|举报|扫一扫|参与互动|关闭(?:窗口)?|大\s{0,3}中\s{0,3}小|责任?编辑?|编辑"
    r"|时间|日期|(?<![\u4e00-\u9fff])发布(?=于|时间|日期)"
)
BLANK = re.compile(r"[ \u3000\xa0]+|、|，|,|/|／")
LATIN = re.compile(r"[A-Za-z][\w.&'’-]*(?: [A-Za-z&][\w.&'’-]*)*")
WIDE_NAME = re.compile(rf"(?<![{HAN}·])([{HAN}])[ \u3000\xa0]{{1,4}}([{HAN}])(?![{HAN}·])")
EDGES = " \u3000\xa0\t|｜丨()（）[]【】《》〈〉“”\"'‘’、，,。.;；:：-—·/／*"
PARENTHESIS = re.compile(r"[（(\[【〔]([^（）()\[\]【】〔〕]{2,80})[）)\]】〕]")
NAMES = rf"[{HAN}·]{{2,20}}(?:[ \u3000\xa0、][{HAN}·]{{2,20}}){{0,5}}"
# 张三/文, 李四 摄, 宣传部供稿: the names stand before what they did
AFTER = re.compile(
    rf"(?:^|(?<=[\s（(】，,。|｜]))(?P<names>{NAMES}){GAP}{{0,4}}[/／]?{GAP}{{0,4}}(?P<did>"
    r"(?<=[ \u3000\xa0/／])(?:文[/／、]?[图摄]|图[/／、]?文|文字?|图片?|编辑|整理)"
    r"|摄影报道|撰稿|撰文|供稿|报道|摄影|供图|摄|提供)(?=$|[\s）)】。；;，,|｜])"
)
SENTENCE = re.compile("[。！？]")
LONGEST_SIGNATURE = 90  # characters of a line that may be nothing else
NAMES_ALONE = re.compile(rf"[{HAN}]{{2,3}}(?:[ \u3000、]{{1,2}}[{HAN}]{{2,3}}){{0,4}}[）)】]?")
BY_REPORTER = re.compile(
    rf"[{HAN}·&]{{0,12}}{REPORTERS}{GAP}{{0,4}}[：:]?{GAP}{{0,4}}"
    rf"[{HAN}·]{{2,4}}(?:[ \u3000、][{HAN}·]{{2,4}}){{0,4}}(?=[ \u3000\xa0]|报道)"
)
PHOTOGRAPHED = re.compile(
    r"^[^/／文）)】]*+(?:(?<=摄)|(?<=摄影)|(?<=供图)|(?<=[ \u3000\xa0]图))[）)】\s]*$"
)
BEFORE_REPORTER = re.compile(rf"(?:^|[\s（(｜|：:])(?P<name>[{HAN}·&]{{2,16}})$")
