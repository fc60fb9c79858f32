"""Pages from templates: everything that is put into one is escaped."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from archive.room.answer import Answer
from archive.room.asked import LANGUAGES, Asked
from archive.room.language import Speaker

STYLE = Path(__file__).with_name("style.css")
FOLDER = Path(__file__).parent / "templates"
LANGUAGE_NAMES = {"en": "English", "zh": "中文"}


@cache
def _environment() -> Environment:
    return Environment(
        loader=FileSystemLoader(FOLDER),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def page(
    asked: Asked,
    template: str,
    *,
    status: int = 200,
    headers: Mapping[str, str] | None = None,
    **values: Any,
) -> Answer:
    """A page of the room.

    Args:
        asked: what it answers.
        template: the name of its file.
        status: of HTTP.
        headers: more than every answer has.
        values: what the template names.
    """
    speaker = Speaker(asked.language)
    markup = (
        _environment()
        .get_template(template)
        .render(
            asked=asked,
            link=asked.link,
            _=speaker.phrase,
            word=speaker.word,
            label=speaker.label,
            day=day,
            web=web,
            number_of="{:,}".format,
            minute=minute,
            languages=[
                (language, LANGUAGE_NAMES[language], asked.here(lang=language))
                for language in LANGUAGES
            ],
            **values,
        )
    )
    language = {"Content-Language": asked.language, "Vary": "Accept-Language"}
    body = markup.encode("utf-8", "replace")
    return Answer(body=body, status=status, headers={**language, **(headers or {})})


def web(address: str | None) -> str:
    """An address of the web, which a link may lead to; '' for any other.

    Example:
        >>> web("https://a.example/1"), web("javascript:alert(1)")
        ('https://a.example/1', '')
    """
    return address if address and address.startswith(("http://", "https://")) else ""


def day(moment: str | None) -> str:
    """The day of a time, as it is stored.

    Example:
        >>> day("2020-02-02T20:52:00+08:00")
        '2020-02-02'
    """
    return (moment or "")[:10]


def minute(moment: str | None) -> str:
    """A time to the minute, in the zone in which it is stored; UTC is named.

    Example:
        >>> minute("2031-03-01T00:00:00.5Z"), minute("2020-02-02T20:52:00+08:00")
        ('2031-03-01 00:00 UTC', '2020-02-02 20:52')
    """
    text = (moment or "")[:16].replace("T", " ")
    is_utc = bool(moment) and str(moment).endswith(("Z", "+00:00")) and len(text) > 10
    return f"{text} UTC" if is_utc else text
