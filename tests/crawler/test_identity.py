"""Who crawls, as a site sees it: the user agent, and a contact that is asked for."""

from __future__ import annotations

import os
from importlib.metadata import version
from pathlib import Path

import pytest
from scrapy.settings import BaseSettings

from archive.errors import UsageError
from crawler import settings
from crawler.wire.identity import Identity, check_contact
from tests.conftest import ACCOUNT, FAST, ROOT, Program, rows
from tests.rigs.warm import WarmPrograms
from tests.standin.pages import Story
from tests.standin.thepaper import ThePaper
from tests.standin.web import LoopbackWeb

CONTACT = "you@example.org"


def identity(**given: object) -> Identity:
    return Identity.of(BaseSettings({"USER_AGENT": settings.USER_AGENT, **given}))


def test_the_user_agent_has_the_customary_form() -> None:
    agent = f"Mozilla/5.0 (compatible; Zhengwen/{version('zhengwen')}; +{CONTACT})"

    assert identity(CONTACT=CONTACT).user_agent == agent
    assert identity(CONTACT=CONTACT).warcinfo("1")["http-header-user-agent"] == agent
    assert identity(CONTACT=CONTACT, USER_AGENT="Own/1").user_agent == f"Own/1 (+{CONTACT})"
    assert identity(CONTACT=CONTACT, USER_AGENT="A (CONTACT)").user_agent == f"A ({CONTACT})"


@pytest.mark.parametrize("contact", ["a\nb@example.org", "a\r\nX: b", "me)", "(me", "\x1b[31m"])
def test_a_contact_that_no_header_can_have_is_wrong_usage(contact: str) -> None:
    with pytest.raises(UsageError, match="e-mail"):
        identity(CONTACT=contact)


@pytest.mark.parametrize(
    ("given", "environ", "refused"),
    [
        ({}, {}, True),
        ({"CONTACT": " "}, {}, True),
        ({}, {"ZHENGWEN_CONTACT": ""}, True),
        ({}, {"ZHENGWEN_CONTACT": CONTACT}, False),
        ({"CONTACT": CONTACT}, {}, False),
        ({}, {"https_proxy": "http://127.0.0.1:1"}, False),
        ({"ALLOW_NETWORKS": "10.0.0.0/8"}, {}, False),
    ],
)
def test_the_public_web_is_not_crawled_without_a_contact(
    given: dict[str, str], environ: dict[str, str], refused: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in [name for name in os.environ if name.lower().endswith("_proxy")]:
        monkeypatch.delenv(name)
    monkeypatch.delenv("ZHENGWEN_CONTACT", raising=False)
    for name, value in environ.items():
        monkeypatch.setenv(name, value)

    if refused:
        with pytest.raises(UsageError, match="export ZHENGWEN_CONTACT="):
            check_contact(BaseSettings(given))
    else:
        check_contact(BaseSettings(given))


def test_a_crawl_asks_for_a_contact(
    web: LoopbackWeb, thepaper: ThePaper, zhengwen: Program, warm_programs: WarmPrograms,
    archive_dir: Path,
) -> None:  # fmt: skip
    thepaper.add(Story(5_700_000, "通报", ["疫情防控。"]))
    alone = {
        name: value for name, value in os.environ.items() if not name.lower().endswith("_proxy")
    } | {"ZHENGWEN_CONTACT": ""}
    words = ["--archive", str(archive_dir), "crawl", ACCOUNT]

    refused = warm_programs.run(words, alone, ROOT, timeout=180)
    through_a_proxy = warm_programs.run(
        [*words, *FAST], {**alone, **web.environ(), "ZHENGWEN_CONTACT": ""}, ROOT, timeout=180
    )

    assert refused.returncode == 2 and refused.stderr.count("\n") == 1
    assert "ZHENGWEN_CONTACT" in refused.stderr
    assert through_a_proxy.returncode == 0 and through_a_proxy.stderr.count("\n") == 1
    assert "ZHENGWEN_CONTACT" in through_a_proxy.stderr
    assert len(rows(archive_dir, "SELECT id FROM articles")) == 1
    web.forget()
    zhengwen("crawl", ACCOUNT, *FAST)
    agents = {request.headers["user-agent"] for request in web.log}
    assert agents == {identity(CONTACT="tests@example.org").user_agent}
