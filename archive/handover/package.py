"""What all descriptions of a package tell alike: title, who, when, what is in it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from archive.database.producer import Producer
from archive.handover.operator_file import Operator
from archive.handover.request import MEANS, Wanted
from archive.handover.staging import Made
from archive.handover.statistics import Figures
from archive.handover.tables import Table
from archive.platforms import Platforms

SOFTWARE = "Zhengwen"
RIGHTS = (
    "Texts and pictures belong to those who published them on {title}; this package gives no "
    "licence to use them. In China"
    " laws, decisions, orders and other official documents, and mere facts of news, have no "
    "copyright (Copyright Law, article 5)."
)
RIGHTS_CHINESE = (
    "文字和图片的权利属于在{title}发布它们的人，本数据包不授予使用许可。法律、法规，国家机关的决议、决定、命令和其他具有立法、"
    "行政、司法性质的文件，以及单纯事实消息，不受著作权法保护（《著作权法》第五条）。"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Package:
    """A package as its descriptions see it. `state` is a digest over all that it was made of."""

    wanted: Wanted
    operator: Operator
    figures: Figures
    platforms: Platforms
    producer: Producer
    tables: Sequence[Table]
    made: Sequence[Made]
    unindexed: Sequence[str]
    state: str

    @property
    def version(self) -> str:
        """Day and state: another state has another version."""
        return f"{self.figures.day}-{self.state[:12]}"

    @property
    def title(self) -> str:
        """The operator's, or what the package holds."""
        names = ", ".join(self.platform_titles.values())
        own = (
            f"Articles of Chinese government accounts on {names}, as archived on {self.figures.day}"
        )
        return self.operator.package.get("title") or own

    @property
    def description(self) -> str:
        """One paragraph."""
        numbers = self.figures
        first, last = (numbers.first_published or "")[:10], (numbers.last_published or "")[:10]
        span = f", published from {first} to {last}" if first else ""
        return (
            f"{numbers.articles} articles in {numbers.one['versions']} versions{span}; accounts: "
            f"{len(numbers.rows['accounts'])},"
            f" platforms: {len(self.platform_titles)}, captures that prove them: "
            f"{numbers.one['captures']}."
            f" Selection: {self.selection}. Tier {self.wanted.tier}: {MEANS[self.wanted.tier]}"
        )

    @property
    def selection(self) -> str:
        """The filters in words."""
        return (
            ", ".join(f"{name} {value}" for name, value in self.wanted.given.items())
            or "the whole archive"
        )

    @property
    def platform_titles(self) -> dict[str, str]:
        """The platforms of the package: name and title."""
        known = self.platforms
        return {
            name: known[name].title if name in known else name for name in self.figures.platforms
        }

    @property
    def rights(self) -> dict[str, str]:
        """A note for each platform: the operator's, or ours."""
        return self._rights(RIGHTS)

    @property
    def rights_chinese(self) -> dict[str, str]:
        """The same in Chinese, where the operator says nothing."""
        return self._rights(RIGHTS_CHINESE)

    def _rights(self, note: str) -> dict[str, str]:
        titles = self.platform_titles.items()
        return {
            name: self.operator.rights.get(name) or note.format(title=title)
            for name, title in titles
        }

    @property
    def software(self) -> str:
        """The program, with the versions that decide what the rows say."""
        return f"{SOFTWARE} {self.producer.zhengwen} (rules {self.producer.rules}, trafilatura {self.producer.trafilatura})"

    @property
    def creators(self) -> list[Mapping[str, str]]:
        """Those to be cited: people, or the operator."""
        return list(self.operator.creators) or [{"name": self.operator.name}]
