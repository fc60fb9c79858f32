"""`collection.toml`: what it may say, and the sentence for each thing that it may not."""

from __future__ import annotations

from pathlib import Path

import pytest

from archive import Archive
from archive.collection.description import Description, Shard, read, write
from archive.collection.rule import require_rule
from archive.errors import UsageError
from archive.lock import Lock

SHARD = '[[shards]]\nname = "a"\npath = "shards/a"\n'
RULE = 'rule = "{year}"\n'
WRONG = {
    "no TOML": ("rule = \n", "is no TOML"),
    "no UTF-8": (b"rule = '\xff'\n", "is no TOML"),
    "no shard": (RULE, "lists no shard"),
    "an empty list": (f"{RULE}shards = []\n", "lists no shard"),
    "shards that are text": (f'{RULE}shards = ["a"]\n', "shard 1 is no table"),
    "no rule": (SHARD, "the rule is missing"),
    "an unknown key": (f"{RULE}shard = 1\n{SHARD}", "did you mean shards?"),
    "an unknown key of a shard": (f"{RULE}{SHARD}stat = 'open'\n", "did you mean state?"),
    "no name": (f"{RULE}[[shards]]\npath = 'a'\n", "the name of shard 1 is missing"),
    "a path as name": (f"{RULE}[[shards]]\nname = '../a'\npath = 'a'\n", "is '../a'"),
    "no path": (f"{RULE}[[shards]]\nname = 'a'\n", "the path of a is missing"),
    "a number as path": (f"{RULE}[[shards]]\nname = 'a'\npath = 1\n", "the path of a is missing"),
    "an address": (f"{RULE}[[shards]]\nname = 'a'\npath = 's3://b/a'\n", "only folders can be read"),
    "a state": (f"{RULE}{SHARD}state = 'shut'\n", "write open or sealed"),
    "a name twice": (f"{RULE}{SHARD}{SHARD.replace('shards/a', 'b')}", "two shards are called a"),
    "a folder twice": (
        f"{RULE}{SHARD}[[shards]]\nname = 'b'\npath = 'shards/./a'\n",
        "a and b are the same folder",
    ),
}  # fmt: skip


@pytest.mark.parametrize("kind", WRONG)
def test_what_is_wrong_is_said_in_one_sentence(tmp_path: Path, kind: str) -> None:
    data, meant = WRONG[kind]
    path = tmp_path / "collection.toml"
    path.write_bytes(data if isinstance(data, bytes) else data.encode())
    with pytest.raises(UsageError) as raised:
        read(tmp_path)
    sentence = str(raised.value)
    assert meant in sentence
    assert sentence.startswith(str(path))
    assert sentence.count("\n") == 0


def test_what_is_written_is_read_again(tmp_path: Path) -> None:
    shards = (
        Shard(name="a", path=tmp_path / "shards/a", given="shards/a"),
        Shard(name="政府-2031", path=Path("/mnt/b"), given="/mnt/b", state="sealed"),
        Shard(name="b", path=tmp_path / "b", given="b", remote="s3://x/y", endpoint="http://z"),
        Shard(name="c", path=tmp_path / 'q"\\\t云', given='q"\\\t云'),
    )
    written = Description(rule="{platform}-{year}", shards=shards)
    write(tmp_path, written)
    assert read(tmp_path) == written
    assert read(tmp_path).shard("政府-2031").state == "sealed"
    with pytest.raises(UsageError, match="no shard 政府; did you mean 政府-2031"):
        read(tmp_path).shard("政府")


@pytest.mark.parametrize(
    "rule",
    ["", "all", "{yeer}", "{", "{}", "{year!r}", "{year:>9}", "../{year}", "{year}/x", ".{year}"],
)
def test_a_rule_that_makes_no_names_is_refused(rule: str) -> None:
    with pytest.raises(UsageError, match="The rule"):
        require_rule(rule)


def test_a_collection_is_no_archive(tmp_path: Path) -> None:
    (tmp_path / "collection.toml").write_text(RULE + SHARD, "utf-8")
    for use in (Archive, Lock):
        with pytest.raises(UsageError, match="is a collection, and this works on one archive"):
            use(tmp_path)
