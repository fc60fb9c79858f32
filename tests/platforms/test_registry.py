"""The registry of platforms: whose an address is, and what is wrong with one that is nobody's."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from archive import Archive, platforms
from archive.errors import UsageError
from archive.model import Account

KNOWN = platforms.load()
TOML = """
name = "{name}"
title = "云溪新闻网"
hosts = ["{host}"]
article = '/news/(\\d+)\\.html$'
[lists]
feed = "https://{host}/rss.xml"
"""


def described(folder: Path, **hosts: str) -> platforms.Platforms:
    for name, host in hosts.items():
        (folder / f"{name}.toml").write_text(TOML.format(name=name, host=host), "utf-8")
    return platforms.load(folder)


def test_the_platforms_are_a_mapping_that_cannot_be_changed() -> None:
    assert [*KNOWN] == sorted(KNOWN) and len(KNOWN) == len([*KNOWN])
    assert KNOWN["thepaper"].name == "thepaper" and KNOWN.get("nothing") is None
    with pytest.raises(TypeError):
        KNOWN["thepaper"] = KNOWN["sina"]  # type: ignore[index]  # that is the point
    with pytest.raises(AttributeError):
        KNOWN.another = 1  # type: ignore[attr-defined]  # that too


def test_an_unknown_name_is_answered_with_the_known_ones() -> None:
    assert KNOWN.named("thepaper") is KNOWN["thepaper"]
    with pytest.raises(UsageError, match=r"no platform 'thepapr'; known are: .*thepaper"):
        KNOWN.named("thepapr")


@pytest.mark.parametrize(
    ("url", "problem"),
    [
        ("gov_44871", "'gov_44871' is not a URL"),
        ("ftp://www.thepaper.cn/gov_44871", "is not a URL"),
        ("https://www.nobody.example/1", "www.nobody.example belongs to no known platform"),
        ("https://www.thepaper.cn/", "neither an account nor an article"),
    ],
)
def test_an_address_that_is_nobodys_is_explained(url: str, problem: str) -> None:
    with pytest.raises(UsageError, match=problem):
        KNOWN.resolve(url)


def test_an_address_is_an_account_or_an_article() -> None:
    platform, account = KNOWN.resolve("https://www.thepaper.cn/gov_44871")
    article = KNOWN.resolve("https://www.thepaper.cn/newsDetail_forward_5701234")[1]

    assert (platform.name, account.role, account.id) == ("thepaper", "account", "44871")
    assert (article.role, article.id) == ("article", "5701234")


def test_only_the_page_of_an_account_can_be_followed() -> None:
    assert KNOWN.account_of("https://www.thepaper.cn/gov_44871") == Account(
        platform="thepaper", account_id="44871", url="https://www.thepaper.cn/gov_44871"
    )
    with pytest.raises(UsageError, match=r"is no account page of .* but an article"):
        KNOWN.account_of("https://www.thepaper.cn/newsDetail_forward_5701234")
    with pytest.raises(UsageError, match="has no accounts that can be followed"):
        KNOWN.account_of("https://mp.weixin.qq.com/s/aaaaaaaaaaaaaaaaaaaaaa")


def test_the_narrowest_of_two_hosts_decides(tmp_path: Path) -> None:
    known = described(tmp_path, wide=".yunxi.example", narrow="news.yunxi.example")

    owners = [
        getattr(known.of_url(f"https://{host}/news/1.html"), "name", None)
        for host in ("news.yunxi.example", "www.yunxi.example", "yunxi.example", "xyunxi.example")
    ]

    assert owners == ["narrow", "wide", "wide", None]


def test_two_platforms_may_not_have_the_same_name(tmp_path: Path) -> None:
    described(tmp_path, yunxi="www.yunxi.example")
    (tmp_path / "copy.toml").write_bytes((tmp_path / "yunxi.toml").read_bytes())

    with pytest.raises(UsageError, match=r"yunxi\.toml: the name yunxi is taken"):
        platforms.load(tmp_path)


def test_an_archive_without_a_folder_has_the_programs_platforms(tmp_path: Path) -> None:
    assert [*platforms.of_archive(tmp_path / "nowhere")] == [*KNOWN]


def test_a_folder_of_descriptions_that_is_not_there_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else a rebuild with a mistyped variable would lose the articles of all described platforms."""
    missing = tmp_path / "mistyped"

    for name in (missing, __file__):
        with pytest.raises(UsageError, match=r"There is no folder .* with descriptions"):
            platforms.load(Path(name))
        monkeypatch.setenv(platforms.VARIABLE, str(name))
        for archive in (tmp_path, tmp_path / "nowhere"):
            with pytest.raises(UsageError, match=re.escape(str(name))):
                platforms.of_archive(archive)
    (tmp_path / "archive").mkdir()
    with Archive(tmp_path / "archive") as archive, pytest.raises(UsageError):
        archive.rebuild()
    assert not (tmp_path / "archive" / "archive.db").exists()
