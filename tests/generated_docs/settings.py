"""docs/settings.md, from crawler/settings.py and its comments."""

from __future__ import annotations

import ast
import re
import tokenize
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from io import StringIO

from scrapy.settings import default_settings

from tests.conftest import ROOT
from tests.generated_docs.markdown import HEAD, table

SECTION = re.compile(r"# --- (.+) ---$")


@dataclass(frozen=True, slots=True)
class Setting:
    """A setting as crawler/settings.py declares it."""

    section: str
    name: str
    default: str
    meaning: str


def settings(source: str | None = None) -> str:
    """docs/settings.md: every setting with its default and its meaning.

    Args:
        source: the text of the module of settings; None: that of crawler/settings.py.

    Raises:
        ValueError: a setting has no comment that says what it means.
    """
    text = (ROOT / "crawler" / "settings.py").read_text("utf-8") if source is None else source
    declared = list(_settings(text))
    parts = [
        f"# Settings\n\n{HEAD}",
        "Give one for a single crawl with `zhengwen crawl -s NAME=VALUE`. Those that Scrapy has too\n"
        "mean what they mean in Scrapy, and the last column has Scrapy's own default; all of\n"
        "Scrapy's other settings can be given as well. Sizes are numbers of bytes, or text such as\n"
        "`500MB` where the default is text; times are seconds, or text such as `30m` or `2h`.\n",
    ]
    for section in dict.fromkeys(setting.section for setting in declared):
        of_section = [setting for setting in declared if setting.section == section]
        rows = [(f"`{s.name}`", f"`{s.default}`", s.meaning, _scrapys(s.name)) for s in of_section]
        parts += [
            f"## {section[:1].upper()}{section[1:]}\n",
            table(("setting", "default", "meaning", "default in Scrapy"), rows),
        ]
    return "\n".join(parts)


def _settings(source: str) -> Iterator[Setting]:
    comments = _comments(source)
    headings = {
        line: match[1] for line, token in comments.items() if (match := SECTION.match(token.string))
    }
    for node in ast.parse(source).body:
        if not isinstance(node, ast.Assign) or not isinstance(node.targets[0], ast.Name):
            continue
        section = [text for line, text in headings.items() if line < node.lineno][-1]
        name = node.targets[0].id
        meaning = _meaning(node, comments)
        if not meaning:
            raise ValueError(f"{name} has no comment that says what it means")
        yield Setting(section, name, _default(node.value, source), meaning)


def _comments(source: str) -> dict[int, tokenize.TokenInfo]:
    """Each comment by its line."""
    tokens = tokenize.generate_tokens(StringIO(source).readline)
    return {token.start[0]: token for token in tokens if token.type == tokenize.COMMENT}


def _meaning(node: ast.Assign, comments: Mapping[int, tokenize.TokenInfo]) -> str:
    """The comment behind a setting of one line, else the lines of comment directly above it."""
    if node.lineno == node.end_lineno and node.lineno in comments:
        return _text(comments[node.lineno])
    lines: list[str] = []
    above = comments.get(node.lineno - 1)
    while above and above.line.startswith("#") and not SECTION.match(above.string):
        lines.insert(0, _text(above))
        above = comments.get(above.start[0] - 1)
    return " ".join(lines)


def _text(comment: tokenize.TokenInfo) -> str:
    return comment.string.removeprefix("#").strip()


def _default(value: ast.expr, source: str) -> str:
    """The default as it is written; a dictionary without the places of its classes."""
    if not isinstance(value, ast.Dict):
        return ast.get_source_segment(source, value) or ""
    entries = zip(value.keys, value.values, strict=True)
    return ", ".join(
        f"{_last(key)}: {_last(item)}" for key, item in entries if isinstance(key, ast.Constant)
    )


def _last(node: ast.expr) -> str:
    """The last part of the name of a class, or the value itself."""
    value = ast.literal_eval(node)
    is_class = isinstance(value, str) and re.fullmatch(r"(crawler|scrapy)(\.\w+)+", value)
    return value.rpartition(".")[2] if is_class else str(value)


def _scrapys(name: str) -> str:
    """Scrapy's own default of a setting; empty where the setting is ours alone."""
    if not hasattr(default_settings, name):
        return ""
    value = getattr(default_settings, name)
    return "" if isinstance(value, dict) else f"`{value!r}`"
