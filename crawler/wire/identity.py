"""Who crawls: the contact, the user agent that sites see, and the `warcinfo` of the record."""

from __future__ import annotations

import getpass
import os
import socket
from dataclasses import dataclass
from importlib.metadata import version
from typing import TYPE_CHECKING
from urllib.request import getproxies

from archive.errors import UsageError

if TYPE_CHECKING:
    from scrapy.settings import BaseSettings


PLACE = "CONTACT"  # in the setting USER_AGENT: where the contact goes
ASK = (
    "No contact is given, so a site does not learn whom to ask about this crawl; give an address "
    "that is read: export ZHENGWEN_CONTACT=you@example.org, or -s CONTACT=you@example.org"
)


def contact_of(setting: str | None = None) -> str:
    """Where the operator can be reached: the setting, else $ZHENGWEN_CONTACT, else user@host.

    Raises:
        UsageError: it is no text for a header.
    """
    contact = given_contact(setting) or f"{getpass.getuser()}@{socket.getfqdn()}"
    if not contact.isprintable() or "(" in contact or ")" in contact:
        raise UsageError(f"The contact is {contact!r}; give an e-mail address or a URL.")
    return contact


def given_contact(setting: str | None = None) -> str | None:
    """The contact that the operator gave; None where there is none."""
    return (setting or os.environ.get("ZHENGWEN_CONTACT") or "").strip() or None


def check_contact(settings: BaseSettings) -> None:
    """Refuse a crawl of the public web by someone whom its sites cannot reach.

    Through a proxy, and into a network that the operator allows, a crawl may be a test or stay in
    the house: there the missing contact is only complained of.

    Raises:
        UsageError: no contact is given.
    """
    inside = getproxies() or settings.getlist("ALLOW_NETWORKS")
    if not given_contact(settings["CONTACT"]) and not inside:
        raise UsageError(f"{ASK}. Without one the public web is not crawled.")


@dataclass(frozen=True, slots=True)
class Identity:
    """Who crawls, as sites and readers of the record see it.

    Attributes:
        user_agent: the header of every request, with the contact: in the place that the setting
            USER_AGENT has for it, else behind it.
        operator: name and contact, for `warcinfo`.
        robots: `obey` or `ignore`, as `warcinfo` declares it.
    """

    user_agent: str
    operator: str
    robots: str

    @classmethod
    def of(cls, settings: BaseSettings) -> Identity:
        """Read it from the settings USER_AGENT, CONTACT, OPERATOR and ROBOTSTXT_OBEY."""
        contact, agent = contact_of(settings["CONTACT"]), settings["USER_AGENT"]
        return cls(
            user_agent=agent.replace(PLACE, contact) if PLACE in agent else f"{agent} (+{contact})",
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
