"""Who crawls: the contact, the user agent that sites see, and the `warcinfo` of the record."""

from __future__ import annotations

import getpass
import os
import socket
from dataclasses import dataclass
from importlib.metadata import version
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from scrapy.settings import BaseSettings


def contact_of(setting: str | None = None) -> str:
    """Where the operator can be reached: the setting, else $ZHENGWEN_CONTACT, else user@host."""
    return (
        setting or os.environ.get("ZHENGWEN_CONTACT") or f"{getpass.getuser()}@{socket.getfqdn()}"
    )


@dataclass(frozen=True, slots=True)
class Identity:
    """Who crawls, as sites and readers of the record see it.

    Attributes:
        user_agent: the header of every request, with the contact.
        operator: name and contact, for `warcinfo`.
        robots: `obey` or `ignore`, as `warcinfo` declares it.
    """

    user_agent: str
    operator: str
    robots: str

    @classmethod
    def of(cls, settings: BaseSettings) -> Identity:
        """Read it from the settings USER_AGENT, CONTACT, OPERATOR and ROBOTSTXT_OBEY."""
        contact = contact_of(settings["CONTACT"])
        return cls(
            user_agent=f"{settings['USER_AGENT']} (+{contact})",
            operator=f"{settings['OPERATOR'] or getpass.getuser()} <{contact}>",
            robots="obey" if settings.getbool("ROBOTSTXT_OBEY") else "ignore",
        )

    def warcinfo(self, run_id: str) -> dict[str, str]:
        """The fields of the `warcinfo` record that begins each of a run's files."""
        return {
            "software": software(),
            "robots": self.robots,
            "http-header-user-agent": self.user_agent,
            "operator": self.operator,
            "isPartOf": run_id,
        }


def software() -> str:
    """The programs that record, with their versions."""
    return " ".join(
        f"{title}/{version(title.lower())}" for title in ("Zhengwen", "Scrapy", "warcio")
    )
