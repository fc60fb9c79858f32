"""What all descriptions of a package say alike: title, who, when, what is in it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from archive.counting import counted
from archive.database.producer import Producer
from archive.handover.operator_file import Operator
from archive.handover.phrases import Language, fill, phrases
from archive.handover.request import ExportRequest
from archive.handover.staging import PackageFile
from archive.handover.statistics import Statistics
from archive.handover.tables import Table
from archive.platforms import Platforms

SOFTWARE = "Zhengwen"


@dataclass(frozen=True, slots=True, kw_only=True)
class Package:
    """A package as its descriptions see it.

    Attributes:
        request: what was asked for.
        operator: what the operator says.
        statistics: what is counted in its database.
        producer: the program that makes it.
        files: those in `data`, all finished.
        unindexed: names of WARC files that the database does not know yet.
        state: a digest of all that it is made of.
    """

    request: ExportRequest
    operator: Operator
    statistics: Statistics
    platforms: Platforms
    producer: Producer
    tables: Sequence[Table]
    files: Sequence[PackageFile]
    unindexed: Sequence[str]
    state: str

    @property
    def version(self) -> str:
        """Day and state: another state has another version."""
        return f"{self.statistics.day}-{self.state[:12]}"

    @property
    def identifier(self) -> str:
        """The state as an identifier with its algorithm."""
        return f"sha256:{self.state}"

    @property
    def title(self) -> str:
        """The operator's title, or one that says what the package holds."""
        if given := self.operator.package.get("title"):
            return given
        names = ", ".join(self.platform_titles.values())
        return (
            f"Articles of Chinese government accounts on {names}, "
            f"as archived on {self.statistics.day}"
        )

    @property
    def description(self) -> str:
        """What is in it, in one paragraph."""
        statistics, counts = self.statistics, self.statistics.counts
        first, last = statistics.first_published, statistics.last_published
        span = f", published from {first[:10]} to {last[:10]}" if first and last else ""
        return (
            f"{counted(statistics.articles, 'article')} in "
            f"{counted(counts['versions'], 'version')}{span}; "
            f"accounts: {len(statistics.accounts)}, "
            f"platforms: {len(self.platform_titles)}, "
            f"captures that prove them: {counts['captures']}. "
            f"Selection: {self.request.selection}. "
            f"Tier {self.request.tier}: {phrases('en').tiers[self.request.tier]}"
        )

    @property
    def platform_titles(self) -> dict[str, str]:
        """The platforms of the package: name and title."""
        return {
            name: self.platforms[name].title if name in self.platforms else name
            for name in self.statistics.platforms
        }

    def rights(self, language: Language = "en") -> dict[str, str]:
        """A note for each platform: the operator's, or ours."""
        note = phrases(language).rights
        return {
            name: self.operator.rights.get(name) or fill(note, title=title)
            for name, title in self.platform_titles.items()
        }

    @property
    def software(self) -> str:
        """The program, with the versions that decide what the rows say."""
        producer = self.producer
        return (
            f"{SOFTWARE} {producer.zhengwen} "
            f"(rules {producer.rules}, trafilatura {producer.trafilatura})"
        )

    @property
    def creators(self) -> list[Mapping[str, str]]:
        """Those to be cited: people, or the operator."""
        return list(self.operator.creators) or [{"name": self.operator.name}]
