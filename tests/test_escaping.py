"""Text of others, made safe for a terminal, JSON, Markdown and spreadsheets."""

from __future__ import annotations

import json
import unicodedata

import pytest
from cmarkgfm import github_flavored_markdown_to_html
from cmarkgfm.cmark import Options

from archive.escaping import for_json, for_markdown, for_spreadsheet, for_terminal, from_spreadsheet

STEERING = {
    "clear the screen": "\x1b[2J\x1b[H",
    "title of the window": "\x1b]0;rm -rf\x07",
    "hyperlink": "\x1b]8;;http://evil.example/\x1b\\here\x1b]8;;\x1b\\",
    "clipboard": "\x1b]52;c;cm0gLXJm\x07",
    "device control": "\x1bP+q544e\x1b\\",
    "C1 control sequence": "\x9b2J",
    "C1 string": "\x9d0;title\x9c",
    "bell": "\x07",
    "back to the line's start": "0 hits\rzhengwen: all well",
    "backspaces": "evil\b\b\b\bgood",
    "delete": "\x7f",
    "vertical tab and form feed": "\x0b\x0c",
    "shift out": "\x0e",
    "NUL": "\x00",
    "right to left override": "\u202egpj.exe",
    "embedding and isolate": "\u202a\u2066\u2067\u2068\u2069\u202c",
    "marks of direction": "\u200e\u200f\u061c",
    "zero width": "武\u200b汉\u2060发\ufeff布",
    "joiners between Chinese characters": "武\u200c汉\u200d发布",
    "soft hyphen": "rm\u00adrf",
    "Hangul filler": "\u3164\u115f",
    "tags": "\U000e0041\U000e007f",
    "line separators": "a\u2028b\u2029c\x85d",
    "interlinear annotation": "\ufff9a\ufffab\ufffb",
    "half an emoji": "\ud83d",
    "a byte of a file name": "\udcff",
}
READABLE = [
    "武汉发布（虚构）：2020年2月2日，“四早”措施！",
    "👨‍👩‍👧‍👦 🏳️‍🌈 ❤️‍🔥 1️⃣",
    "می‌خواهم",  # Persian, with a joiner that must be there
    "क्‍ष",
    "a\u00a0b　c",
    "\ue0ff\U0002a6d6\U000323b0",  # private use, rare and new Chinese characters
    "C:\\Users\\a <b> & 'c'",
]


@pytest.mark.parametrize("case", STEERING)
def test_what_steers_or_hides_is_seen(case: str) -> None:
    text = STEERING[case]

    for shown in (for_terminal(text), for_terminal(text, multiline=True)):
        assert not [
            character
            for character in shown
            if unicodedata.category(character) in ("Cc", "Cf", "Cs", "Zl", "Zp")
            or character in "\u3164\u115f"
        ]
        assert shown.isprintable() and "\\" in shown
    assert for_terminal(text).encode() and "\n" not in for_terminal(text)


@pytest.mark.parametrize("case", STEERING)
def test_json_is_escaped_and_the_same_value(case: str) -> None:
    line = for_json({"title": STEERING[case]})

    assert line.isprintable()
    assert json.loads(line) == {"title": STEERING[case]}


@pytest.mark.parametrize("text", READABLE)
def test_what_can_be_seen_stays(text: str) -> None:
    assert for_terminal(text) == text
    assert for_json(text) == json.dumps(text, ensure_ascii=False)


def test_every_format_character_that_is_not_drawn_is_seen() -> None:
    drawn = {*range(0x600, 0x606), 0x6DD, 0x70F, 0x890, 0x891, 0x8E2, 0x110BD, 0x110CD}
    drawn |= set(range(0x13430, 0x13440))  # Egyptian hieroglyphs are joined by them
    unseen = [
        code
        for code in range(0x110000)
        if unicodedata.category(chr(code)) in ("Cc", "Cf", "Cs", "Zl", "Zp") and code not in drawn
    ]

    assert len(unseen) > 2_000
    assert [
        hex(code) for code in unseen if for_terminal(f"汉{chr(code)}字") == f"汉{chr(code)}字"
    ] == []


def test_lines_stay_where_lines_are_wanted() -> None:
    assert for_terminal("a\n\tb", multiline=True) == "a\n\tb"
    assert for_terminal("a\n\tb\r\n") == "a\\n\\tb\\r\\n"


MARKUP = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "&lt;b&gt; &#60;i&#62; &nbsp;",
    "[click](http://evil.example)",
    "![x](javascript:alert(1))",
    "[ref]: http://evil.example",
    "[x][y] [^1]",
    "<http://evil.example>",
    "http://evil.example/a",
    "https://evil.example",
    "www.evil.example",
    "evil.com",
    "mail@evil.com @someone #1 a@@b",
    "a | b || c \\| d \\\\| e",
    "`code` ``more`` ```",
    "# heading",
    "## heading ##",
    "- item",
    "+ item",
    "* item",
    "1. item",
    "123) item",
    "> quotation",
    "---",
    "===",
    "***",
    "| - | - |",
    "*a* **b** _c_ __d__ ~~e~~",
    "中*国*发_布_",
    "$x$ $$y$$",
    "a\nb\n\n# c\r\n<b>",
    "line\\\nbreak  \nhere",
    "    indented",
    "~~~\ncode",
    "\\",
    "<!-- -->",
    "$title ${title}",
]
FORMS = [
    "{}",
    "# {}",
    "- {}",
    "**{}** after",
    "| a | b |\n|---|---|\n| {} | last |",
    "before {} after",
]


def rendered(markdown: str) -> str:
    """What GitHub's own renderer makes of it, with all HTML let through."""
    html = github_flavored_markdown_to_html(markdown, options=Options.CMARK_OPT_UNSAFE)
    return str(html).replace("<code>@</code>", "@").replace("<code>@@</code>", "@@")


@pytest.mark.parametrize("text", MARKUP)
def test_markdown_shows_the_text_and_nothing_else(text: str) -> None:
    words = " ".join(text.split())
    for form in FORMS:
        escaped = rendered(form.format(for_markdown(text)))
        plain = rendered(form.format("WORD"))
        html = words.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")

        assert escaped.replace("&quot;", '"') == plain.replace("WORD", html)


def test_plain_text_is_readable_in_the_source_too() -> None:
    for text in (
        "武汉发布（虚构）",
        "2020-02-02T20:52:00+08:00",
        "format_changed",
        "0.2.0 (rules 1)",
    ):
        assert for_markdown(text) == text


FORMULAS = [
    *("=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "\tx", "\rx", "\nx"),
    *("＝1", "＋1", "－1", "＠SUM", "﹦1", "﹢1", "﹣1", "﹫1", "\u22121"),
    *(
        " =1",
        "\u00a0=1",
        "\u3000＝1",
        "\u200b=1",
        "\ufeff=1",
        "\u200b \u00a0=1",
        "\x00=1",
        "\u2800=1",
    ),
    *(
        "'=1",
        '"=1',
        "“=1",
        "\u202e=1",
        "\u00ad=1",
        "\u3164=1",
        "=cmd|' /C calc'!A0",
        "-cmd|' /C calc'!A0",
    ),
    *("\x0b=1", "\x1f=1", "\u2028=1", "\ud83d=1"),
]
HONEST = ["济南", "12-3", "a=1", "2020-02-02", "（-1）", "", " ", "《=》", "1+1", "a@b.cn", None]


@pytest.mark.parametrize("text", FORMULAS)
def test_no_cell_is_a_formula(text: str) -> None:
    assert for_spreadsheet(text) == "'" + text
    assert from_spreadsheet("'" + text) == text


@pytest.mark.parametrize("value", [*HONEST, -3, -2.5, 0, True])
def test_an_honest_cell_stays(value: object) -> None:
    assert for_spreadsheet(value) is value
    if isinstance(value, str):
        assert from_spreadsheet(value) == value


def test_an_apostrophe_of_a_text_stays() -> None:
    assert from_spreadsheet("'twas") == "'twas"
