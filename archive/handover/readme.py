"""README in English and Chinese, and DATASHEET: templates, filled with what the package's own
database says."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from archive.handover import layout
from archive.handover.citation import line, line_chinese
from archive.handover.operator_file import ANSWERS, NAME, UNREGISTERED
from archive.handover.package import Package
from archive.handover.prose import filled, items, table
from archive.handover.request import MEANS
from archive.warc.chain import CHAIN
from archive.warc.signing import lines_signed

ACCOUNT_HEAD = "platform|id|account|articles|first published|last published|listed|not held|last outcome|last walk|whole walk"
ACCOUNT_HEAD_ZH = "平台|编号|账号|文章|最早发布|最晚发布|列表条目|未收录|末次结果|末次遍历|遍历到底"
UNNAMED = f"The operator has named no domain for its PWIDs; `{UNREGISTERED}` stands in its place."
UNNAMED_ZH = f"建档者没有为 PWID 指定域名，以 `{UNREGISTERED}` 代替。"
MEANS_ZH = {
    "metadata": "不含正文，只有标题、时间、账号、网址和变动的证据；不含 WARC。",
    "text": "含正文及其全部说明；不含 WARC，因此不能回放，也没有图片。",
    "full": "全部内容：正文，以及以 WARC 和 WACZ 保存的 HTTP 交换。",
}


@dataclass(frozen=True, slots=True)
class Words:
    """The phrases of one language that tables and lists are made with."""

    nothing: str
    account_head: Sequence[str]
    ledger_head: tuple[str, ...]
    failure_head: tuple[str, ...]
    table_head: tuple[str, ...]
    producer_head: tuple[str, ...]


ENGLISH = Words(
    "None.", ACCOUNT_HEAD.split("|"), ("outcome", "walks", "accounts", "last"), ("outcome", "reason", "times", "addresses"),
    ("table", "rows", "columns"), ("producer", "Zhengwen", "trafilatura", "lxml", "libxml2", "Python"),
)  # fmt: skip
CHINESE = Words(
    "无。", ACCOUNT_HEAD_ZH.split("|"), ("结果", "次数", "账号数", "最近一次"), ("结果", "原因", "次数", "网址数"),
    ("表", "行", "列"),
    ("产生者", "Zhengwen", "trafilatura", "lxml", "libxml2", "Python"),
)  # fmt: skip


def readme(package: Package) -> str:
    """`README.md`."""
    values = _shared(package, ENGLISH) | {
        "tier_means": MEANS[package.wanted.tier],
        "description": package.description,
        "missing": items(_missing(package)),
        "citation": f"> {line(package)}",
        "pwid_note": "" if _is_named(package) else UNNAMED,
        "replay": filled("REPLAY.en.md", {}) if package.wanted.tier == "full" else "",
        "chain": _chain(package, "en"),
        "wacz_rows": WACZ_ROWS if package.wanted.tier == "full" else "",
    }
    return filled("README.en.md", values)


def readme_chinese(package: Package) -> str:
    """`README.zh.md`."""
    numbers = package.figures
    values = _shared(package, CHINESE) | {
        "tier_means": MEANS_ZH[package.wanted.tier],
        "articles_count": numbers.articles,
        "versions_count": numbers.one["versions"],
        "captures_count": numbers.one["captures"],
        "first_published": (numbers.first_published or "-")[:10],
        "last_published": (numbers.last_published or "-")[:10],
        "missing": items(_missing_chinese(package)),
        "citation": f"> {line_chinese(package)}",
        "pwid_note": "" if _is_named(package) else UNNAMED_ZH,
        "replay": filled("REPLAY.zh.md", {}) if package.wanted.tier == "full" else "",
        "chain": _chain(package, "zh"),
        "wacz_rows": WACZ_ROWS_ZH if package.wanted.tier == "full" else "",
    }
    return filled("README.zh.md", values)


def datasheet(package: Package) -> str:
    """`DATASHEET.md`."""
    numbers = package.figures
    words = {f"q_{key}": question for key, question in ANSWERS.items()} | {
        f"a_{key}": _answer(package, key) for key in ANSWERS
    }
    values = _shared(package, ENGLISH) | {
        name: numbers.one[name] for name in ("empty", "pictures", "pictures_held")
    }
    values |= {name: numbers.one[name] for name in ("withdrawals", "withdrawals_proved")}
    values |= words | {
        "description": package.description,
        "operator": package.operator.name,
        "contact": package.operator.package.get("contact")
        or f"not given (key `contact` of `{NAME}`)",
        "statuses": table(("status", "articles"), numbers.rows["statuses"], "None."),
        "kinds": table(("kind", "articles"), numbers.rows["kinds"], "None."),
        "crawls": table(
            ("software", "crawls", "first", "last"), numbers.rows["software"], "None recorded."
        ),
        "missing": items(_missing(package)),
        "held_back": _held_back(package),
    }
    return filled("DATASHEET.md", values)


WACZ_ROWS = """| `data/warc/*.warc.gz` | the record: every HTTP exchange, byte for byte; with `archive.db` it proves each row |
| `data/archive.wacz` | the same pages for replay, with a list of titles and texts |
"""
WACZ_ROWS_ZH = """| `data/warc/*.warc.gz` | 原始记录：每次 HTTP 交换的全部字节，与 `archive.db` 一起可证明每一行 |
| `data/archive.wacz` | 同样的页面，供回放，带标题和正文的列表 |
"""


def _chain(package: Package, language: str) -> str:
    """What the hash chain is, and how its newest signature is checked by hand."""
    paths = [one.path for one in package.made]
    signatures = [Path(path) for path in paths if path.endswith(".sig")]
    found = [filled(f"CHAIN.{language}.md", {})] if f"{layout.DATA}/{CHAIN}" in paths else []
    if signatures:
        values = {"lines": lines_signed(signatures[-1]), "signature": signatures[-1].name}
        found.append(filled(f"SIGNED.{language}.md", values))
    return "\n".join(["", *found])


def _shared(package: Package, words: Words) -> dict[str, Any]:
    numbers = package.figures
    rows: Mapping[str, Any] = numbers.rows
    listed = [
        (f"`{one.name}`", one.rows, ", ".join(column.name for column in one.columns))
        for one in package.tables
    ]
    return {
        "title": package.title,
        "version": package.version,
        "tier": package.wanted.tier,
        "selection": package.selection,
        "software": package.software,
        "tables": table(words.table_head, listed, words.nothing),
        "accounts": table(words.account_head, map(_days, rows["accounts"]), words.nothing),
        "ledger": table(words.ledger_head, rows["ledger"], words.nothing),
        "failures": table(words.failure_head, rows["failures"], words.nothing),
        "producers": table(words.producer_head, rows["producers"], words.nothing),
        "runs_count": numbers.one["runs"],
        "first_run": numbers.one["first_run"] or "-",
        "last_run": numbers.one["last_run"] or "-",
        "killed": numbers.one["killed"],
        "undated": numbers.one["undated"],
        "word": numbers.example["word"].replace("'", ""),
        "rights": items(
            f"`{name}`: {note}"
            for name, note in (
                package.rights_chinese if words is CHINESE else package.rights
            ).items()
        ),
        "pwid": numbers.example["pwid"],
    }


def _days(row: tuple[Any, ...]) -> tuple[Any, ...]:
    """A row of accounts, its times as days."""
    return (
        *row[:4],
        *(value and value[:10] for value in row[4:6]),
        *row[6:9],
        *(value and value[:10] for value in row[9:]),
    )


def _is_named(package: Package) -> bool:
    return package.operator.archive_id != UNREGISTERED


def _absent(package: Package) -> int:
    """Entries of listings of which no article is held."""
    return sum(row[7] for row in package.figures.rows["accounts"])


def _missing(package: Package) -> list[str]:
    numbers = package.figures.one
    found = [
        f"{_absent(package)} entries of the listings have no article here: `links` without a row "
        "in `articles`."
    ]
    if package.unindexed:
        found.append(
            "WARC files that were not indexed yet and are not in this package: "
            f"{', '.join(package.unindexed)}."
        )
    if package.wanted.given:
        found.append(f"What the selection leaves out: {package.selection}.")
    if package.wanted.by_article:
        found.append(
            "Captures of listings and of robots.txt: articles were chosen one by one. The ledger "
            "above is whole."
        )
    if numbers["open_revisits"]:
        found.append(
            f"{numbers['open_revisits']} captures refer to one that the archive does not hold."
        )
    for reason, count in package.figures.rows["cut"]:
        found.append(f"{count} answers were cut short ({reason}); `captures.truncated` says which.")
    return [*found, f"Held back by the tier: {_held_back(package)}"]


def _held_back(package: Package) -> str:
    if package.wanted.tier == "full":
        return "Nothing."
    if package.wanted.tier == "text":
        return "The WARC files; `captures` names files that stay with the operator."
    counted = (
        "; ".join(f"`{name}` {count}" for name, count in sorted(package.figures.withheld.items()))
        or "none"
    )
    return (
        "Texts, summaries, captions and the WARC files; and every printed value that shares "
        "twelve characters in a row with a"
        f" body text. Values emptied, by column: {counted}."
    )


def _missing_chinese(package: Package) -> list[str]:
    numbers = package.figures.one
    found = [
        f"列表中有 {_absent(package)} 个条目没有收录文章：`links` 中有而 `articles` 中没有的行。"
    ]
    if package.unindexed:
        found.append(f"尚未编入索引、因而不在本包的 WARC 文件：{'、'.join(package.unindexed)}。")
    if package.wanted.given:
        found.append(f"选取范围以外的内容：{package.selection}。")
    if package.wanted.by_article:
        found.append(
            "列表页和 robots.txt 的采集记录：本包按篇选取文章，不含这些记录；"
            "上面的遍历记录是完整的。"
        )
    if numbers["open_revisits"]:
        found.append(f"{numbers['open_revisits']} 次采集指向档案中没有的原始采集。")
    for reason, count in package.figures.rows["cut"]:
        found.append(f"{count} 个应答被截断（{reason}），见 `captures.truncated`。")
    held = {"full": "无。", "text": "WARC 文件；`captures` 所指的文件留在建档者处。"}
    counted = (
        "；".join(f"`{name}` {count}" for name, count in sorted(package.figures.withheld.items()))
        or "无"
    )
    emptied = f"正文、摘要、图片说明和 WARC 文件，以及与正文有连续十二个字相同的文字。各列清空的值：{counted}。"
    return [*found, f"因级别而未提供：{held.get(package.wanted.tier, emptied)}"]


def _answer(package: Package, key: str) -> str:
    said = package.operator.answers.get(key)
    if not said:
        return f"The operator has not answered (key `{key}` of `{NAME}`)."
    return "\n".join(f"> {one}".rstrip() for one in said.strip().splitlines())
