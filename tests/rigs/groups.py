"""Tests whose file names a group run one after the other in one process, which makes for them once
what they share. xdist's `loadgroup` does not know a test's group with pytest 9.2: it writes it into
an attribute that pytest no longer reads."""

from __future__ import annotations

import re
from functools import cache

from xdist.scheduler import LoadScopeScheduling

from tests.conftest import ROOT

MARK = re.compile(r'^pytestmark = .*(?:\n .*)*?pytest\.mark\.xdist_group\("(\w+)"\)', re.M)


class ByGroup(LoadScopeScheduling):
    """Gives groups to processes, the largest first, and then the tests of no group."""

    def _split_scope(self, nodeid: str) -> str:
        return group_of(nodeid.partition("::")[0]) or nodeid


@cache
def group_of(path: str) -> str | None:
    """The group that a file of tests names in its `pytestmark`, from the folder of the project."""
    match = MARK.search((ROOT / path).read_text("utf-8"))
    return match and match[1]
