"""The platforms: every module in this folder with a `PLATFORM` value, and those that the user
described. No list to keep."""

from __future__ import annotations

from functools import cache
from importlib import import_module
from pkgutil import iter_modules

from archive.errors import UsageError
from archive.page.urls import urlsplit
from archive.platform import Platform
from archive.platforms.kit import toml


@cache
def load() -> dict[str, Platform]:
    """All platforms by name, in the order of their names."""
    names = sorted(module.name for module in iter_modules(__path__) if not module.ispkg)
    own = {name: import_module(f"{__name__}.{name}").PLATFORM for name in names}
    told = toml.load()
    if taken := set(own) & set(told):
        raise UsageError(
            f"The name {sorted(taken)[0]} of a described platform is taken; choose another."
        )
    return own | told


def of_url(url: str) -> Platform | None:
    """The platform whose allow-list holds the host of `url`, the narrowest where several do; None
    where none does."""
    host = urlsplit(url).hostname or ""
    found = [
        (len(owned), platform) for platform in load().values() if (owned := platform.owns(host))
    ]
    return max(found, key=lambda one: one[0])[1] if found else None


def named(name: str) -> Platform:
    """The platform of that name. Raises UsageError that lists the known ones."""
    try:
        return load()[name]
    except KeyError:
        raise UsageError(
            f"There is no platform {name!r}; known are: {', '.join(load())}."
        ) from None
