"""WARC files with broken heads, metadata records, gzip members, orders and ends."""

from __future__ import annotations

import gzip
import json
import random
from collections.abc import Callable

from tests.fuzz import values
from tests.fuzz.answers import pieces
from tests.fuzz.records import Rec, pack

FIELDS: dict[bytes, list[bytes]] = {
    b"WARC-Type": [b"response", b"revisit", b"request", b"metadata", b"resource", b"conversion", b"continuation", b"warcinfo", b"x", b"", b"RESPONSE"],
    b"WARC-Date": [
        b"", b"2031", b"2031-03", b"2031-03-01", b"2031-03-01T09:30Z", b"2031-03-01T09:30:00", b"2031-13-45T99:99:99Z", b"x", b"0000-00-00T00:00:00Z",
        b"9999-12-31T23:59:59.999999999Z", b"10000-01-01T00:00:00Z", b"2031-03-01T09:30:00+99:99", b"2031-03-01T09:30:00.1234567890123Z", b"\xff", b"\xd9\xa2\xd9\xa0",
        b"-2031-03-01T00:00:00Z", b"2031-03-01 09:30:00", b"2031-W10-1", b"20310301T093000Z", b"2031-03-01T24:00:00Z", b"0001-01-01T00:00:00+14:00",
    ],
    b"WARC-Record-ID": [b"", b"<>", b"x", b"<urn:uuid:1>", b"\xff\xfe", b"\xed\xa0\xbd", b"<" * 50, b"a" * 70_000, b"\0"],
    b"WARC-Target-URI": [
        b"", b"<http://a.cn/>", b"http://[", b"http://[::1/", b"file:///etc/passwd", b"\xff", b"\xed\xa0\xbd", b"dns:a.cn", b"http://a.cn/" + b"a" * 70_000,
        b"https://www.thepaper.cn/newsDetail_forward_\xc2\xb2", b"https://www.thepaper.cn/newsDetail_forward_" + b"9" * 5000, b"http://a:b:c", b"\0", b"http://x:99999999/",
    ],
    b"Content-Length": [b"0", b"-1", b"1", b"99999999999999999999", b"+5", b"1_0", b"\xd9\xa5", b"x", b"", b"1e3", b"9" * 5000, b" 7 ", b"0x10"],
    b"Content-Type": [b"", b"application/http", b"Application/HTTP; msgtype=response", b"application/json", b"text/plain", b"application/warc-fields", b"x" * 5000, b"\xff"],
    b"WARC-Truncated": [b"length", b"time", b"disconnect", b"unspecified", b"", b"x", b"\xff"],
    b"WARC-Refers-To": [b"<urn:uuid:1>", b"", b"x", b"\xff", b"<<>>"],
    b"WARC-Concurrent-To": [b"<urn:uuid:1>", b"", b"x", b"\xff"],
    b"WARC-IP-Address": [b"999.9.9.9", b"::1", b"x", b"", b"\0", b"\xed\xa0\xbd"],
    b"WARC-Payload-Digest": [b"", b"sha1:", b"sha1:A", b"md5:abc", b"sha256:" + b"0" * 64, b"x", b"sha1:\xff", b":"],
    b"WARC-Block-Digest": [b"", b"sha1:A", b"x:y:z", b"sha512:aaaa", b"\xff"],
    b"WARC-Profile": [b"http://netpreserve.org/warc/1.1/revisit/identical-payload-digest", b"x"],
    b"WARC-Segment-Number": [b"1", b"2", b"x"],
    b"\xff\xfe": [b"\xff"],
    b"": [b""],
}  # fmt: skip
VERSIONS = [
    b"WARC/0.17",
    b"WARC/1.0",
    b"WARC/1.1",
    b"WARC/2.0",
    b"WARC/1.",
    b"warc/1.1",
    b"",
    b"\0",
    b"WARC/1.1 x",
    b"HTTP/1.1 200 OK",
    b"filedesc://x 0.0.0.0",
]
ROLES = [
    "article",
    "listing",
    "profile",
    "media",
    "robots",
    "",
    "x",
    "account",
    "\ud83d",
    None,
    1,
    ["article"],
    {"a": 1},
]
KINDS = ["run", "coverage", "failure", "", "x", None, ["run"], 7]
NAMES = [
    "id",
    "run",
    "role",
    "platform",
    "account_id",
    "account",
    "article_id",
    "kind",
    "url",
    "outcome",
    "reason",
    "detail",
    "started_at",
    "listed",
    "at",
    "record",
]

Recs = list[Rec]


def mutated(recs: Recs, rnd: random.Random) -> bytes:
    """A file of these records after one to three changes."""
    recs = [rec.copy() for rec in recs]
    for _ in range(rnd.choice([1, 1, 2, 3])):
        rnd.choice(RECORDS)(recs, rnd)
    if rnd.random() < 0.6:
        return pack(recs)
    return rnd.choice(BYTES)(recs, rnd)


def _field(recs: Recs, rnd: random.Random) -> None:
    rec = rnd.choice(recs)
    name = rnd.choice(list(FIELDS))
    if rnd.random() < 0.25:
        rec.fields = [pair for pair in rec.fields if pair[0] != name]
    elif rnd.random() < 0.2:
        rec.fields.append((name, rnd.choice(FIELDS[name])))
    else:
        rec.put(name, rnd.choice(FIELDS[name]))


def _head(recs: Recs, rnd: random.Random) -> None:
    """The form of a head: its version, ends of lines, folds, sizes."""
    rec = rnd.choice(recs)
    choice = rnd.randrange(7)
    if choice == 0:
        rec.version = rnd.choice(VERSIONS)
    elif choice == 1:
        rec.newline = rnd.choice([b"\n", b"\r", b"\r\r\n", b""])
    elif choice == 2:
        rec.fields.insert(rnd.randrange(len(rec.fields)), (b"X\r\n folded", b"y\r\n\tz"))
    elif choice == 3:
        rec.fields += [(b"X", b"y" * rnd.choice([1000, 100_000, 2_000_000]))]
    elif choice == 4:
        rec.fields += [(b"X-%d" % n, b"y") for n in range(rnd.choice([100, 20_000]))]
    elif choice == 5:
        rnd.shuffle(rec.fields)
    else:
        rec.fields = [
            (pieces(name, rnd) if rnd.random() < 0.2 else name, value) for name, value in rec.fields
        ]


def _facts(recs: Recs, rnd: random.Random) -> None:
    """A metadata record with other JSON."""
    notes = [rec for rec in recs if rec.get(b"WARC-Type") == b"metadata"]
    if not notes:
        return _field(recs, rnd)
    rec = rnd.choice(notes)
    text = values.text(rec.block.decode("utf-8", "replace"), rnd)
    if text is not None and rnd.random() < 0.5:
        rec.block = text.encode("utf-8", "surrogatepass")
    else:
        rec.block = _invented(rec, rnd)
    rec.seal()
    return None


def _invented(rec: Rec, rnd: random.Random) -> bytes:
    """Facts of our own kinds with values of others."""
    try:
        facts = json.loads(rec.block)
    except (ValueError, RecursionError):
        facts = {}
    if not isinstance(facts, dict) or rnd.random() < 0.1:
        return rnd.choice(
            [b"", b"\xff", b"[" * 100_000, b"null", b"1", b'"x"', b"{", b"{}", b'{"kind": "run"']
        )
    facts["role"] = rnd.choice([facts.get("role"), rnd.choice(ROLES)])
    facts["kind"] = rnd.choice([facts.get("kind"), rnd.choice(KINDS)])
    for _ in range(rnd.choice([0, 1, 3])):
        facts[rnd.choice(NAMES)] = rnd.choice(values.HOSTILE)
    return values.dumps(facts).encode("utf-8", "surrogatepass")


def _order(recs: Recs, rnd: random.Random) -> None:
    choice = rnd.randrange(5)
    if choice == 0:
        rnd.shuffle(recs)
    elif choice == 1:
        recs.insert(rnd.randrange(len(recs) + 1), rnd.choice(recs).copy())
    elif choice == 2 and len(recs) > 1:
        del recs[rnd.randrange(len(recs))]
    elif choice == 3:
        recs *= 2
    else:
        recs.reverse()


def _block(recs: Recs, rnd: random.Random) -> None:
    """Other bytes in any record, whose length and digests may or may not be those of before."""
    rec = rnd.choice(recs)
    rec.block = rnd.choice(
        [pieces(rec.block, rnd), b"", rec.block[: len(rec.block) // 2], rec.block * 3]
    )
    if rnd.random() < 0.7:
        rec.seal()


def _to_itself(recs: Recs, rnd: random.Random) -> None:
    """Records that refer to themselves or to each other."""
    rec, other = rnd.choice(recs), rnd.choice(recs)
    name = rnd.choice(
        [b"WARC-Refers-To", b"WARC-Concurrent-To", b"WARC-Record-ID", b"WARC-Warcinfo-ID"]
    )
    rec.put(name, other.get(b"WARC-Record-ID"))
    if rnd.random() < 0.4:
        rec.put(b"WARC-Type", b"revisit")


RECORDS: list[Callable[[Recs, random.Random], None]] = [_field, _field, _field, _head, _facts, _facts, _facts, _order, _block, _to_itself]  # fmt: skip


def _cut(recs: Recs, rnd: random.Random) -> bytes:
    data = pack(recs)
    return data[: rnd.randrange(len(data) + 1)]


def _flips(recs: Recs, rnd: random.Random) -> bytes:
    data = bytearray(pack(recs))
    for _ in range(rnd.choice([1, 1, 3, 30])):
        if data:
            data[rnd.randrange(len(data))] ^= 1 << rnd.randrange(8)
    return bytes(data)


def _joined(recs: Recs, rnd: random.Random) -> bytes:
    """Several records in one member, or one in several."""
    data = b"".join(rec.data() for rec in recs)
    if rnd.random() < 0.5:
        return gzip.compress(data, 1, mtime=0)
    size = rnd.choice([7, 100, 1000, 5000])
    parts = [data[n : n + size] for n in range(0, min(len(data), 500 * size), size)]
    return b"".join(gzip.compress(part, 1, mtime=0) for part in parts)


def _between(recs: Recs, rnd: random.Random) -> bytes:
    """Something between two members, before the first or behind the last."""
    at = rnd.choice([0, len(recs), rnd.randrange(len(recs) + 1)])
    extra = rnd.choice(
        [
            b"",
            b"\0" * 512,
            b"x" * 100,
            gzip.compress(b""),
            gzip.compress(b"\r\n" * 5),
            b"\x1f\x8b\x08",
            b"\x1f\x8b\x08" * 2000,
            rnd.randbytes(200),
        ]
    )
    return pack(recs[:at]) + extra + pack(recs[at:])


def _behind(recs: Recs, rnd: random.Random) -> bytes:
    """Bytes behind a record's end in its member, as many as a bomb has."""
    at = rnd.randrange(len(recs))
    extra = rnd.choice([b"x", b"\r\n", b"\0" * 50_000_000, recs[at].data()])
    member = gzip.compress(recs[at].data() + extra, 1, mtime=0)
    return pack(recs[:at]) + member + pack(recs[at + 1 :])


def _other(recs: Recs, rnd: random.Random) -> bytes:
    """No WARC file in gzip at all."""
    plain = b"".join(rec.data() for rec in recs)
    return rnd.choice(
        [
            b"",
            plain,
            b"\0" * 1000,
            b"PK\3\4" + plain,
            b"\x28\xb5\x2f\xfd" + plain,
            rnd.randbytes(3000),
            b"<html>",
            gzip.compress(gzip.compress(plain)),
        ]
    )


BYTES: list[Callable[[Recs, random.Random], bytes]] = [_cut, _cut, _flips, _flips, _joined, _between, _between, _behind, _other]  # fmt: skip
