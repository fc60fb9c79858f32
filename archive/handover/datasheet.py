"""DATASHEET: why and how the archive was made, in the form of Datasheets for Datasets (Gebru et al.
2021, https://arxiv.org/abs/1803.09010); the operator's answers, and numbers of the package's own
database."""

from __future__ import annotations

from archive.handover import markdown
from archive.handover.markdown import Markup, own_words
from archive.handover.operator_file import ANSWERS, NAME
from archive.handover.package import Package
from archive.handover.readme import shared_values, withheld

NO_CONTACT = Markup(f"not given (key `contact` of `{NAME}`)")
COUNTS = ("empty", "pictures", "pictures_captured", "withdrawals", "withdrawals_proved")
HEADS = {
    "statuses": ("status", "articles"),
    "kinds": ("kind", "articles"),
    "software": ("software", "crawls", "first", "last"),
}


def datasheet(package: Package) -> str:
    """The text of `DATASHEET.md`."""
    statistics = package.statistics
    tables = {
        name: markdown.table(head, statistics.tables[name], "None.") for name, head in HEADS.items()
    }
    contact = package.operator.package.get("contact")
    values = shared_values(package, "en") | {
        "description": package.description,
        "operator": package.operator.name,
        "contact": own_words(contact) if contact else NO_CONTACT,
        "statuses": tables["statuses"],
        "kinds": tables["kinds"],
        "crawls": tables["software"],
        "withheld": withheld(package, "en"),
    }
    values |= {name: statistics.counts[name] for name in COUNTS}
    for key, question in ANSWERS.items():
        values |= {f"q_{key}": question, f"a_{key}": _answer(package, key)}
    return markdown.fill("DATASHEET.md", values)


def _answer(package: Package, key: str) -> Markup:
    answer = package.operator.answers.get(key)
    if not answer:
        return Markup(f"The operator has not answered (key `{key}` of `{NAME}`).")
    return markdown.quotation(answer)
