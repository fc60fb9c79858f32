"""`collection.toml`: which archives are the shards of a collection, and by which rule WARC files
were laid into them.

    rule = "{platform}-{year}"

    [[shards]]
    name = "thepaper-2031"
    path = "shards/thepaper-2031"
    state = "open"
"""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal, get_args

from archive.disk import write_completely
from archive.errors import UsageError, suggestion
from archive.folder import COLLECTION, is_sealed

State = Literal["open", "sealed"]
"""Whether captures may still be added to a shard."""

NAME = re.compile(r"[0-9A-Za-z_\u4e00-\u9fff][\w.\-]{0,99}")
SHARDS = "shards"  # the folder of the shards that the program makes
KEYS = ("name", "path", "state", "remote", "endpoint")
HEAD = """# A collection: archives that `zhengwen --archive THIS_FOLDER` reads as one.
# A path is that of an archive's folder, from here or absolute; a shard is open or sealed.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shard:
    """An archive that is a part of a collection.

    Attributes:
        name: by which it is called.
        path: of its folder; `given` is the path as it is written, from the collection's folder.
        state: whether captures may still be added to it.
        remote: where `zhengwen push` stored its WARC files, as s3://BUCKET/PREFIX; None: nowhere.
        endpoint: address of the server of that, None for what the settings of AWS say.
    """

    name: str
    path: Path
    given: str
    state: State = "open"
    remote: str | None = None
    endpoint: str | None = None

    def takes_more(self) -> bool:
        """Whether anything may be added to it: a call that was killed while it sealed the shard has
        left `state` as it was."""
        return self.state == "open" and not is_sealed(self.path)


@dataclass(frozen=True, slots=True, kw_only=True)
class Description:
    """What `collection.toml` says. `rule` is how a shard's name is made of what a WARC file has."""

    rule: str
    shards: tuple[Shard, ...]

    def shard(self, name: str) -> Shard:
        """A shard by its name, or by its path. Raises UsageError where there is none."""
        for shard in self.shards:
            if name in (shard.name, shard.given):
                return shard
        names = [shard.name for shard in self.shards]
        raise UsageError(
            f"The collection has no shard {name}; "
            f"{suggestion(name, names) or 'its shards are ' + ', '.join(names) + '.'}"
        )


def read(folder: Path) -> Description:
    """Read the description of a collection.

    Args:
        folder: of the collection.

    Raises:
        UsageError: the file cannot be read or is not as it must be; one sentence says where.

    Example:
        >>> [shard.name for shard in read(Path("collection")).shards]
        ['thepaper-2031', 'thepaper-2032']
    """
    path = folder / COLLECTION
    try:
        values = tomllib.loads(path.read_bytes().decode("utf-8-sig"))
    except OSError as error:
        raise UsageError(f"{path} cannot be read ({error.strerror}); see to its rights.") from error
    except (ValueError, RecursionError) as error:  # no UTF-8, or no TOML
        raise UsageError(f"{path} is no TOML ({error}); mend it.") from error
    _require_known(path, "", values, ("rule", "shards"))
    listed = values.get("shards")
    if not isinstance(listed, list) or not listed:
        raise UsageError(f"{path} lists no shard; write a table [[shards]] for each archive.")
    shards = tuple(_shard(path, number, each) for number, each in enumerate(listed, 1))
    _require_different(path, shards)
    return Description(rule=_text(path, "rule", values.get("rule")), shards=shards)


def write(folder: Path, description: Description) -> None:
    """Write the description of a collection, completely or not at all."""
    lines = [HEAD, f"rule = {_quoted(description.rule)}\n"]
    for shard in description.shards:
        values = {
            "name": shard.name,
            "path": shard.given,
            "state": shard.state,
            "remote": shard.remote,
            "endpoint": shard.endpoint,
        }
        table = "".join(f"{key} = {_quoted(value)}\n" for key, value in values.items() if value)
        lines.append(f"\n[[shards]]\n{table}")
    write_completely(folder / COLLECTION, "".join(lines).encode())


def change(folder: Path, name: str, **values: Any) -> Shard:
    """Change what the description of a collection says of a shard; it is read once more, as hours
    may have gone by.

    Args:
        folder: of the collection.
        name: of the shard.
        values: of its attributes.

    Returns:
        The shard as it is now.

    Raises:
        UsageError: there is no such shard any more.
    """
    described = read(folder)
    shard = described.shard(name)
    now = replace(shard, **values)
    if now != shard:
        shards = tuple(now if each is shard else each for each in described.shards)
        write(folder, replace(described, shards=shards))
    return now


def _shard(path: Path, number: int, values: object) -> Shard:
    place = f"shard {number}"
    if not isinstance(values, dict):
        raise UsageError(f"{path}: {place} is no table; write [[shards]] with name and path.")
    _require_known(path, f" of {place}", values, KEYS)
    name = _text(path, f"name of {place}", values.get("name"))
    if not NAME.fullmatch(name):
        raise UsageError(
            f"{path}: the name of {place} is {name!r}; give one of letters, digits, - and _."
        )
    given = _text(path, f"path of {name}", values.get("path"))
    if "://" in given:
        raise UsageError(
            f"{path}: {name} is at {given}, and only folders can be read; copy it into one, and "
            "write its path."
        )
    state = next((each for each in get_args(State) if each == values.get("state", "open")), None)
    if state is None:
        raise UsageError(
            f"{path}: the state of {name} is {values['state']!r}; write "
            f"{' or '.join(get_args(State))}."
        )
    return Shard(
        name=name,
        path=path.parent / given,
        given=given,
        state=state,
        remote=_optional(path, f"remote of {name}", values.get("remote")),
        endpoint=_optional(path, f"endpoint of {name}", values.get("endpoint")),
    )


def _optional(path: Path, key: str, value: object) -> str | None:
    return None if value is None else _text(path, key, value)


def _require_known(path: Path, of: str, values: Mapping[str, Any], known: tuple[str, ...]) -> None:
    for key in values:
        if key not in known:
            meant = suggestion(key, known) or f"known are {', '.join(known)}."
            raise UsageError(f"{path}: there is no key {key}{of}; {meant}")


def _text(path: Path, key: str, value: object) -> str:
    if not isinstance(value, str) or not value.strip() or "\0" in value:
        raise UsageError(f'{path}: the {key} is missing or no text; write it as in path = "…".')
    return value


def _require_different(path: Path, shards: Iterable[Shard]) -> None:
    """One archive counts once, whatever it is called."""
    names: set[str] = set()
    folders: dict[Path, str] = {}
    for shard in shards:
        if shard.name in names:
            raise UsageError(f"{path}: two shards are called {shard.name}; rename one of them.")
        names.add(shard.name)
        folder = shard.path.resolve()
        if other := folders.get(folder):
            raise UsageError(
                f"{path}: {other} and {shard.name} are the same folder; take one of them out."
            )
        folders[folder] = shard.name


def _quoted(value: str) -> str:
    """A text as TOML has it, which takes what JSON writes for it."""
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
