"""README in English and Chinese: a template, filled with what the package's own database says."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from archive.escaping import for_terminal
from archive.handover import layout, markdown
from archive.handover.citation import chinese_reference, reference
from archive.handover.markdown import Markup, code, markup, own_words, sentence
from archive.handover.operator_file import UNREGISTERED
from archive.handover.package import Package
from archive.handover.phrases import Language, phrases
from archive.handover.statistics import AccountStatistics
from archive.warc.chain import CHAIN
from archive.warc.signing import lines_signed


def readme(package: Package, language: Language) -> str:
    """The text of `README.md` or `README.zh.md`."""
    statistics, words = package.statistics, phrases(language)
    is_full = package.request.tier == "full"
    is_named = package.operator.archive_id != UNREGISTERED
    quoted = reference(package) if language == "en" else chinese_reference(package)
    values = shared_values(package, language) | {
        "tier_means": Markup(words.tiers[package.request.tier]),
        "description": package.description,
        "articles_count": statistics.articles,
        "versions_count": statistics.counts["versions"],
        "captures_count": statistics.counts["captures"],
        "first_published": (statistics.first_published or "-")[:10],
        "last_published": (statistics.last_published or "-")[:10],
        "word": statistics.example["word"],
        "citation": Markup(f"> {quoted}"),
        "pwid": Markup(for_terminal(statistics.example["pwid"]).replace("`", "%60")),
        "pwid_note": "" if is_named else sentence(words.unnamed, domain=UNREGISTERED),
        "replay": markdown.fill(f"REPLAY.{language}.md", {}) if is_full else "",
        "chain": _chain(package, language),
        "wacz_rows": Markup(words.wacz_rows if is_full else ""),
        "platform_rows": Markup(words.platform_rows if _has_descriptions(package) else ""),
    }
    return markdown.fill(f"README.{language}.md", values)


def _has_descriptions(package: Package) -> bool:
    return any(file.path.startswith(f"{layout.PLATFORMS}/") for file in package.files)


def shared_values(package: Package, language: Language) -> dict[str, object]:
    """What README and DATASHEET are both filled with."""
    statistics, words = package.statistics, phrases(language)
    columns = [
        (code(table.name), table.rows, ", ".join(column.name for column in table.columns))
        for table in package.tables
    ]
    rows: dict[str, Sequence[Sequence[object]]] = {
        "accounts": [_with_days(account) for account in statistics.accounts],
        "states": statistics.tables["states"],
        "coverage": statistics.tables["coverage"],
        "failures": statistics.tables["failures"],
        "tables": columns,
        "producers": statistics.tables["producers"],
    }
    tables = {
        name: markdown.table(words.heads[name], rows[name], words.nothing) for name in words.heads
    }
    rights = [Markup(f"{code(name)}: {note}") for name, note in _rights(package, language).items()]
    return tables | {
        "title": package.title,
        "version": package.version,
        "tier": package.request.tier,
        "selection": package.request.selection,
        "software": package.software,
        "runs_count": statistics.counts["runs"],
        "first_run": statistics.first_run or "-",
        "last_run": statistics.last_run or "-",
        "killed": statistics.counts["killed"],
        "undated": statistics.counts["undated"],
        "rights": markdown.bullets(rights),
        "missing": markdown.bullets(_missing(package, language)),
    }


def _rights(package: Package, language: Language) -> dict[str, Markup]:
    """A note for each platform: the operator's own words, or ours."""
    given = package.operator.rights
    return {
        name: own_words(" ".join(note.split())) if name in given else markup(note)
        for name, note in package.rights(language).items()
    }


def _with_days(account: AccountStatistics) -> AccountStatistics:
    """An account with days in place of times."""
    return account._replace(
        first_published=_day(account.first_published),
        last_published=_day(account.last_published),
        last_walk=_day(account.last_walk),
        last_complete_walk=_day(account.last_complete_walk),
    )


def _day(time: str | None) -> str | None:
    return time and time[:10]


def _chain(package: Package, language: Language) -> Markup:
    """What the hash chain is, and how its newest signature is checked by hand."""
    paths = [file.path for file in package.files]
    own = [path for path in paths if not path.startswith(f"{layout.SHARDS}/")]
    signatures = [path for path in map(Path, own) if path.suffix == ".sig" and lines_signed(path)]
    texts = [Markup()]
    if f"{layout.DATA}/{CHAIN}" in paths:
        texts.append(markdown.fill(f"CHAIN.{language}.md", {}))
    if any(path.startswith(f"{layout.SHARDS}/") for path in paths):
        texts.append(markdown.fill(f"SHARDS.{language}.md", {}))
    if signatures:
        newest = signatures[-1]
        values = {"lines": lines_signed(newest), "signature": Markup(newest.name)}
        texts.append(markdown.fill(f"SIGNED.{language}.md", values))
    return Markup("\n".join(texts))


def _missing(package: Package, language: Language) -> list[Markup]:
    """What is not in the package, and why."""
    words, statistics = phrases(language), package.statistics
    sentences = words.missing
    missing = [sentence(sentences["absent"], count=statistics.absent)]
    if package.unindexed:
        names = Markup(words.separator.join(map(code, package.unindexed)))
        missing.append(sentence(sentences["unindexed"], names=names))
    if package.request.given:
        missing.append(sentence(sentences["selection"], selection=package.request.selection))
    if package.request.by_article:
        missing.append(Markup(sentences["by_article"]))
    if count := statistics.counts["open_revisits"]:
        missing.append(sentence(sentences["open_revisits"], count=count))
    for reason, answers in statistics.tables["cut"]:
        missing.append(sentence(sentences["cut"], count=answers, reason=reason))
    return [*missing, sentence(sentences["withheld"], withheld=withheld(package, language))]


def withheld(package: Package, language: Language) -> Markup:
    """What the tier leaves out, with the numbers of emptied values."""
    words = phrases(language)
    counts = [
        f"{code(name)} {count}" for name, count in sorted(package.statistics.withheld.items())
    ]
    columns = Markup(words.list_separator.join(counts) or words.no_name)
    return sentence(words.withheld[package.request.tier], columns=columns)
