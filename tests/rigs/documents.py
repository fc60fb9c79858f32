"""The documents as tests read them: fenced blocks with their language, and the commands in them."""

from __future__ import annotations

import re
import shlex
from dataclasses import dataclass
from pathlib import Path

from tests.conftest import ROOT

FENCE = re.compile(r"^```(?P<language>\w+)\n(?P<text>.*?)^```$", re.M | re.S)
NETWORK = "needs the network"


@dataclass(frozen=True)
class Block:
    """A fenced block: its language, its text, and the document it is in."""

    document: str
    language: str
    text: str

    @property
    def commands(self) -> list[str]:
        """The commands of a shell block, one a line; continued lines are joined."""
        lines = self.text.replace("\\\n", " ").splitlines()
        return [line for line in lines if line.strip() and not line.lstrip().startswith("#")]

    @property
    def runnable(self) -> list[str]:
        """Those that need no network. A comment says which do: on a line of its own it speaks of
        the block, behind a command of that command."""
        if any(line.startswith("#") and NETWORK in line for line in self.text.splitlines()):
            return []
        return [command for command in self.commands if NETWORK not in command]


def blocks(document: str, language: str) -> list[Block]:
    """The blocks of a document that are in this language."""
    text = (ROOT / document).read_text("utf-8")
    return [
        Block(document, language, block["text"])
        for block in FENCE.finditer(text)
        if block["language"] == language
    ]


def documents() -> list[str]:
    """All documents of the project, as paths relative to it."""
    paths: list[Path] = [*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md")]
    return sorted(path.relative_to(ROOT).as_posix() for path in paths)


def words(command: str) -> list[list[str]]:
    """The simple commands of a line, each as its words, without comments, redirections and
    assignments."""
    lexer = shlex.shlex(command, posix=True, punctuation_chars=";&|<>")
    lexer.commenters = "#"
    lexer.whitespace_split = True
    simple: list[list[str]] = [[]]
    for word in lexer:
        if set(word) <= set(";&|"):
            simple.append([])
        elif not set(word) <= set("<>"):
            simple[-1].append(word)
    return [[word for word in part if not re.match(r"[A-Z_]+=", word)] for part in simple if part]
