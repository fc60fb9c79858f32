"""The settings of a crawl as they were typed: which there are, and whether their values can be."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from scrapy.settings import BaseSettings, Settings
from scrapy.utils.misc import load_object

from archive.errors import UsageError, suggestion
from crawler.hosts.hours import Window
from crawler.hosts.networks import networks
from crawler.spider.recheck_schedule import Schedule
from crawler.units import parse_duration, parse_size
from crawler.wire.heads import LARGEST_HEAD

OBJECT = re.compile(r"[a-z_]\w*(?:\.\w+)+")  # a setting whose value names a class
LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL")


def settings_of(folder: Path, given: Sequence[str], options: dict[str, str]) -> Settings:
    """The settings of a crawl: the project's, over them the command line's.

    Args:
        folder: the archive.
        given: `NAME=VALUE` of each `-s`, which come last.
        options: values of the command's own options, by setting; empty ones do not count.

    Raises:
        UsageError: for a setting that there is not, and for a value that is invalid.
    """
    pairs = [setting.partition("=") for setting in given]
    if wrong := next((name for name, equals, _ in pairs if not equals), None):
        raise UsageError(f"-s {wrong} is not of the form NAME=VALUE, such as DOWNLOAD_DELAY=3.")
    settings = Settings()
    settings.setmodule("crawler.settings", priority="project")
    chosen = {name: value for name, value in options.items() if value} | {
        name: value for name, _, value in pairs
    }
    for name, value in chosen.items():
        if name not in settings:
            raise UsageError(_no_setting(name, settings))
        if name == "ARCHIVE":
            raise UsageError(f"The archive is named before the command: --archive {value}.")
        _set(settings, name, value)
    settings.update(
        {"ARCHIVE": str(folder), "ARCHIVE_HELD": True, "LOG_INSTALL_ROOT_HANDLER": False},
        priority="cmdline",
    )
    _check(settings)
    if settings["CLUSTER"]:
        from crawler.cluster.joining import join  # one machine waits for no library of a cluster

        join(settings)
    return settings


def _no_setting(name: str, settings: Settings) -> str:
    """A misspelt setting would be passed over in silence by Scrapy."""
    meant = suggestion(name.upper(), [*settings]) or "docs/settings.md lists them."
    return f"There is no setting {name}; {meant}"


def _set(settings: Settings, name: str, value: str) -> None:
    """Set a value of the kind that the setting usually has, before Scrapy stumbles over it."""
    usual = settings.get(name)
    try:
        settings.set(name, value, priority="cmdline")
        _read(settings, name, usual)
    except (ValueError, TypeError, NameError, ImportError) as error:
        raise UsageError(f"{name} is {value!r}; give {_wanted(usual)}.") from error


def _read(settings: Settings, name: str, usual: Any) -> None:
    """Read a value as Scrapy will. Raises an error where that cannot be done."""
    if isinstance(usual, bool):
        settings.getbool(name)
    elif isinstance(usual, int | float):
        number = settings.getfloat(name)
        if not math.isfinite(number) or number < min(usual, 0):
            raise ValueError(number)
    elif isinstance(usual, list) and usual and isinstance(usual[0], int):
        [int(part) for part in settings.getlist(name)]
    elif isinstance(usual, str) and OBJECT.fullmatch(usual):
        load_object(settings[name])


def _wanted(usual: Any) -> str:
    if isinstance(usual, bool):
        return "True or False"
    if isinstance(usual, int | float):
        return "a number" if usual < 0 else "a number from 0 on"
    if isinstance(usual, list):
        return "numbers with commas between them"
    if isinstance(usual, dict | BaseSettings):
        return "an object of JSON"
    return f"the path of a class, such as {usual}"


def _check(settings: Settings) -> None:
    """Raise UsageError for a text that cannot be read as what it is."""
    Schedule.parse(settings["RECHECK"] or "")
    Window(settings["NIGHT_WINDOW"])
    networks(settings.getlist("ALLOW_NETWORKS"))
    parse_duration(settings["MAX_TIME"], "MAX_TIME")
    for name in ("MAX_BYTES", "MIN_FREE_DISK"):
        parse_size(settings[name], name)
    if settings["LOG_LEVEL"] not in LEVELS:
        raise UsageError(
            f"LOG_LEVEL is {settings['LOG_LEVEL']!r}; give one of {', '.join(LEVELS)}."
        )
    if not 0 < settings.getint("RESPONSE_HEAD_MAXSIZE") <= LARGEST_HEAD:
        raise UsageError(
            f"RESPONSE_HEAD_MAXSIZE is {settings['RESPONSE_HEAD_MAXSIZE']}; give a number of bytes "
            f"up to {LARGEST_HEAD}."
        )
