"""The attachments of articles: how many were read, and which were not."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from archive.archive import Archive
from archive.attachments.file_name import file_name
from archive.attachments.installed import INSTALL, installed_reader
from archive.counting import counted
from archive.model import AttachmentState

NAMED = 3  # attachments

STATES = """SELECT state, count(*) FROM (SELECT DISTINCT capture, state FROM attachment_text)
    GROUP BY state ORDER BY count(*) DESC, state"""
UNREAD = """SELECT DISTINCT m.capture, m.url FROM media m
    WHERE m.kind = 'attachment' AND m.capture IS NOT NULL
        AND NOT EXISTS (SELECT 1 FROM attachment_text t WHERE t.capture = m.capture)
    ORDER BY m.captured_at DESC, m.url"""


@dataclass(frozen=True, slots=True, kw_only=True)
class AttachmentsState:
    """The captured attachments of an archive.

    Attributes:
        states: how many are in each state, the most first.
        unread: how many were not tried; `examples` are the names of some of them.
        installed: whether the libraries are there that read them.
    """

    states: Mapping[AttachmentState, int]
    unread: int
    examples: Sequence[str]
    installed: bool

    def __str__(self) -> str:
        """What was read, as a part of a sentence; empty where there is no attachment."""
        counts = [f"{count} {state}" for state, count in self.states.items()]
        counts += [f"{self.unread} not read yet"] if self.unread else []
        total = sum(self.states.values()) + self.unread
        return f"{counted(total, 'attachment')}: {', '.join(counts)}" if total else ""

    def unread_sentence(self) -> str:
        """Which attachments were not tried, and what to do; empty where all were."""
        if not self.unread:
            return ""
        names = ", ".join([*self.examples, *(["…"] if self.unread > len(self.examples) else [])])
        if self.installed:
            todo = "their records cannot be read; `zhengwen verify` says why"
        else:
            todo = f"{INSTALL}, then run `zhengwen rebuild`"
        return f"The text of {counted(self.unread, 'attachment')} was not read ({names}): {todo}."


def attachments_state(archive: Archive) -> AttachmentsState:
    """How the attachments of an indexed archive were read."""
    unread = archive.connection.execute(UNREAD).fetchall()
    return AttachmentsState(
        states=dict(archive.connection.execute(STATES)),
        unread=len(unread),
        examples=[file_name(url, None) for _, url in unread[:NAMED]],
        installed=installed_reader() is not None,
    )
