"""The project's words: names and sentences use the field's standard terms, not a private dialect."""

from __future__ import annotations

import ast
import re
import tokenize
from pathlib import Path

import pytest

from tests.conftest import ROOT

# Each with what to write instead; for the names below, the thing's own name.
RETIRED_WORDS = {
    "sight": "observation",
    "sights": "observations",
    "told": "reported, declared",
    "tells": "reports, declares",
    "heard": "received",
    "held": "stored",
    "whole": "complete",
    "trouble": "back off, problem",
    "beside": "compared with, next to",
    "stands": "is",
    "second look": "recheck",
    "second looks": "rechecks",
    "due look": "recheck",
    "due looks": "rechecks",
}
RETIRED_NAMES = frozenset(
    [
        "sight",
        "sights",
        "look",
        "looks",
        "told",
        "said",
        "tells",
        "held",
        "kept",
        "heard",
        "well",
        "whole",
        "turn",
        "turns",
        "trouble",
        "made",
        "one",
        "found",
        "what",
    ]
)
# `beside-the-time` is a value of `found_by` in the database, which may not change.
PATTERN = re.compile(
    rf"\b({'|'.join(sorted(RETIRED_WORDS, key=len, reverse=True))})\b(?!-the-time)", re.I
)
CODE = sorted(
    path
    for room in ("archive", "crawler", "benchmarks", "tests")
    for path in (ROOT / room).rglob("*.py")
)
FOLDERS = sorted({path.parent for path in CODE})
PROSE = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md")])


CONTRACTS = frozenset({"found_by", "found_at"})  # columns and JSON keys: they may not change


def is_retired(name: str) -> bool:
    """Whether a name has a retired word in it; the name of a test is a sentence."""
    words = set(name.lower().strip("_").split("_"))
    retired = RETIRED_WORDS.keys() if name.startswith("test_") else RETIRED_NAMES
    return name not in CONTRACTS and bool(retired & words)


def names_given(tree: ast.AST) -> list[tuple[int, str]]:
    """Every name that the code gives: variables, parameters, functions, classes, attributes."""
    given = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            given.append((node.lineno, node.id))
        elif isinstance(node, ast.arg):
            given.append((node.lineno, node.arg))
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            given.append((node.lineno, node.name))
        elif isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store):
            given.append((node.lineno, node.attr))
    return given


def sentences(path: Path) -> list[tuple[int, str]]:
    """Comments and strings, the literal parts of f-strings among them."""
    kinds = {
        tokenize.COMMENT,
        tokenize.STRING,
        getattr(tokenize, "FSTRING_MIDDLE", tokenize.STRING),
    }
    with tokenize.open(path) as file:
        return [
            (token.start[0], token.string)
            for token in tokenize.generate_tokens(file.readline)
            if token.type in kinds
        ]


def retired_in_code(path: Path) -> list[str]:
    """What one file has of retired words, in names, comments and strings."""
    retired = [
        f"{path.relative_to(ROOT)}:{line}: {name!r} as a name"
        for line, name in names_given(ast.parse(path.read_text("utf-8")))
        if is_retired(name)
    ]
    for line, text in sentences(path):
        retired += [
            f"{path.relative_to(ROOT)}:{line}: {word!r}; write {RETIRED_WORDS[word.lower()]}"
            for word in PATTERN.findall(text)
        ]
    return retired


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: str(folder.relative_to(ROOT)))
def test_code_uses_no_retired_word(folder: Path) -> None:
    files = [path for path in CODE if path.parent == folder and path != Path(__file__)]
    retired = [line for path in files for line in retired_in_code(path)]

    assert files
    assert not retired, "\n".join(retired)


def test_a_retired_word_is_noticed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(f"{__name__}.ROOT", tmp_path)
    path = tmp_path / "room.py"
    path.write_text("def look() -> None:\n    found = 1  # " + "the wh" + "ole page\n")

    assert [line.split(" ")[0] for line in retired_in_code(path)] == [
        "room.py:1:",
        "room.py:2:",
        "room.py:2:",
    ]


def test_documents_use_no_retired_word() -> None:
    retired = [
        f"{path.relative_to(ROOT)}:{number}: {word!r}; write {RETIRED_WORDS[word.lower()]}"
        for path in PROSE
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1)
        for word in PATTERN.findall(line)
    ]

    assert PROSE
    assert not retired, "\n".join(retired)
