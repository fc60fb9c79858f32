"""Names, reasons and titles that are markup are shown as they are in every text of a package."""

from __future__ import annotations

import json
import re
import sqlite3
from collections import Counter
from contextlib import closing
from pathlib import Path

import pytest
import yaml
from cmarkgfm import github_flavored_markdown_to_html
from cmarkgfm.cmark import Options

from archive.archive import Archive
from archive.warc import chaining
from tests.rigs.history import OTHER, STORY, History

pytestmark = pytest.mark.slow  # tries many inputs

NAMES = {
    "HTML": "<script>alert(1)</script>",
    "image": '"><img src=x onerror=alert(1)>',
    "link": "[武汉发布](http://evil.example/)",
    "picture": "![x](http://evil.example/x.png)",
    "address": "http://evil.example/x",
    "address without a scheme": "www.evil.example",
    "mail": "a@evil.example",
    "cells": "a | b | c \\| d",
    "code": "`rm -rf` ```",
    "heading": "# 武汉",
    "lines": "武汉\n\n# 发布\n\n- x\n<b>",
    "entities": "&lt;script&gt; &#60;b&#62;",
    "templates": "$title ${version} {{x}}",
    "escape sequences": "武汉\x1b[2J\u202e\x07发布",
    "end of a comment": "--> </td></table><h1>",
    "definition": "[x]: http://evil.example",
}
TEXTS = ("README.md", "README.zh.md", "DATASHEET.md")


@pytest.fixture(scope="module")
def archive_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("archive")
    History(folder).run(0, "ok", walk=[STORY, OTHER])
    chaining.extend(folder)
    with Archive(folder) as archive:
        archive.index()
    return folder


def package(archive_dir: Path, dest: Path, name: str) -> Path:
    """A package of the archive, in which everything that others may name has this name."""
    for table, column in (
        ("accounts", "name"),
        ("articles", "account"),
        ("coverage", "reason"),
        ("runs", "software"),
        ("producers", "trafilatura"),
    ):
        with closing(sqlite3.connect(archive_dir / "archive.db")) as db, db:
            db.execute(f"UPDATE {table} SET {column} = ?", [name])
    words = json.dumps(name, ensure_ascii=True)
    (archive_dir / "datasheet.toml").write_text(f"[package]\ntitle = {words}\noperator = {words}\n")
    with Archive(archive_dir) as archive:
        archive.export(dest, tier="metadata")
    return dest


def shape(text: str) -> tuple[Counter[str], list[str]]:
    """The elements of a text as GitHub shows it, with all HTML let through, and where its links lead."""
    html = github_flavored_markdown_to_html(text, options=Options.CMARK_OPT_UNSAFE)
    html = re.sub(r"<code>@+</code>", "@", html)  # how an address of mail is kept from being a link
    tags = re.findall(r"<(/?\w+)", html)
    return Counter(tags), re.findall(r'(?:href|src)="([^"]*)"', html)


@pytest.fixture(scope="module")
def plain(archive_dir: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return package(archive_dir, tmp_path_factory.mktemp("plain") / "package", "武汉发布")


@pytest.mark.parametrize("case", NAMES)
def test_a_name_makes_no_markup(case: str, plain: Path, archive_dir: Path, tmp_path: Path) -> None:
    name = NAMES[case]

    folder = package(archive_dir, tmp_path / "package", name)

    for text in TEXTS:
        markdown = (folder / text).read_text("utf-8")
        assert shape(markdown) == shape((plain / text).read_text("utf-8"))
        assert markdown.replace("\n", "").isprintable()
    assert yaml.safe_load((folder / "CITATION.cff").read_text("utf-8"))["title"] == name
    for document in ("datapackage.json", "ro-crate-metadata.json", "datacite.json"):
        json.loads((folder / document).read_text("utf-8"))
    lines = (folder / "bag-info.txt").read_text("utf-8").splitlines()
    assert [line.partition(":")[0] for line in lines] == [
        line.partition(":")[0] for line in (plain / "bag-info.txt").read_text("utf-8").splitlines()
    ]
