"""Charts as SVG or PNG, by matplotlib: the same table gives the same bytes.

The colours are those of Okabe and Ito, which the colour-blind can tell apart, and each series has a
pattern or sign of its own for print in black. Source: https://jfly.uni-koeln.de/color/
"""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO
from typing import TYPE_CHECKING, Any

from archive.charts import days_drawing
from archive.charts.days_svg import file_of
from archive.charts.table import Table
from archive.errors import ArchiveError, UsageError
from archive.escaping import for_terminal

if TYPE_CHECKING:
    from matplotlib.axes import Axes

COLOURS = {"unchanged": "#56B4E9", "changed": "#E69F00", "missing": "#D55E00"}
HATCHES = {"unchanged": "", "changed": "//", "missing": "xx"}
OUTCOMES = {"new": ("#009E73", "s"), "none": ("#BBBBBB", "s"), "partial": ("#E69F00", "^")}
OTHERWISE = ("#D55E00", "X")
MOST_ACCOUNTS, MOST_RUNS = 40, 120  # that one page shows so that they can be read; the newest runs
MOST_TICKS = 24
# Fonts with Chinese characters: of Debian, macOS and Windows.
FONTS = [
    "Noto Sans CJK SC",
    "Noto Sans CJK JP",
    "Source Han Sans SC",
    "WenQuanYi Zen Hei",
    "PingFang SC",
    "Microsoft YaHei",
    "SimSun",
]
LATIN = "DejaVu Sans"  # which matplotlib brings
# over the axes, on the right, where no bar is
LEGEND: dict[str, Any] = {
    "frameon": False,
    "loc": "lower right",
    "bbox_to_anchor": (1, 1),
    "ncols": 3,
    "borderaxespad": 0,
    "fontsize": "small",
}
INSTALL = "`pip install 'zhengwen[charts]'`"


def drawn(kind: str, table: Table, form: str) -> bytes:
    """A chart as a picture.

    Args:
        kind: one of `counting.KINDS`.
        table: of that kind.
        form: `svg` or `png`.

    Raises:
        UsageError: matplotlib is not installed.
        ArchiveError: a PNG needs Chinese characters, and no font of the machine has them.
    """
    if (kind, form) == ("calendar", "svg"):
        return file_of(table)
    try:
        import matplotlib
        from matplotlib.figure import Figure
    except ImportError:
        raise UsageError(f"Charts are drawn with matplotlib; {INSTALL} does that.") from None
    settings: dict[str, Any] = {
        "font.family": _fonts(table, form),
        "svg.fonttype": "none",  # text stays text
        "svg.hashsalt": "zhengwen",  # ids within the file depend on its content alone
        "text.parse_math": False,  # an account may be called $x_1^2$
        "hatch.linewidth": 0.6,
    }
    with matplotlib.rc_context(settings):
        figure = Figure(figsize=_size(kind, table), layout="constrained")
        axes = figure.add_subplot()
        axes.set_title(table.title, loc="left")
        _draw(kind, axes, table)
        file = BytesIO()
        metadata = {"Date": None} if form == "svg" else {"Software": None}
        figure.savefig(file, format=form, dpi=150, metadata=metadata)
    return file.getvalue()


def _fonts(table: Table, form: str) -> list[str]:
    """The first font of this machine that has Chinese characters, and one that always is there."""
    from matplotlib.font_manager import get_font_names

    present = set(get_font_names())
    font = next((font for font in FONTS if font in present), None)
    is_ascii = all(str(value).isascii() for row in table.rows for value in row)
    if font is None and form == "png" and not is_ascii:
        raise ArchiveError(
            "No font of this machine has Chinese characters; install one, such as "
            "fonts-noto-cjk of Debian, or write an .svg, which needs none."
        )
    return [font, LATIN] if font else [LATIN]


def _size(kind: str, table: Table) -> tuple[float, float]:
    """Width and height in inches."""
    if kind == "accounts":
        return 8, 1.5 + 0.25 * min(len(table.rows), MOST_ACCOUNTS)
    if kind == "coverage":
        return 8, 1.5 + 0.25 * min(len({row[1:3] for row in table.rows}), MOST_ACCOUNTS)
    if kind == "calendar":
        years = len({str(row[0])[:4] for row in table.rows}) or 1
        return 8, 2.2 + 1.35 * min(years, days_drawing.MOST_YEARS)
    return 8, 4


def _draw(kind: str, axes: Axes, table: Table) -> None:
    if not table.rows:
        axes.set_axis_off()
        axes.text(0.5, 0.5, "nothing to show", ha="center", transform=axes.transAxes)
    elif kind == "coverage":
        _grid(axes, table)
    elif kind == "calendar":
        _calendar(axes, table)
    elif kind == "accounts":
        _bars(axes, table, _account_labels(table), across=True)
    else:
        _bars(axes, table, [str(row[0]) for row in table.rows], across=False)


def _bars(axes: Axes, table: Table, labels: Sequence[str], *, across: bool) -> None:
    """Bars of the columns with counts, one on the other."""
    from matplotlib.ticker import MaxNLocator

    shown = MOST_ACCOUNTS if across else len(labels)
    places = range(len(labels[:shown]))
    sums = [0] * len(places)
    for column, name in enumerate(table.columns):
        if name not in COLOURS:
            continue
        counts = [int(row[column] or 0) for row in table.rows[:shown]]
        style: Any = {
            "label": name,
            "color": COLOURS[name],
            "hatch": HATCHES[name],
            "edgecolor": "w",
        }
        if across:
            axes.barh(places, counts, left=sums, **style)
        else:
            axes.bar(places, counts, bottom=sums, **style)
        sums = [below + count for below, count in zip(sums, counts, strict=True)]
    if across:
        axes.set_yticks(places, labels[:shown])
        axes.invert_yaxis()
        axes.set_xlabel("articles")
    else:
        step = -(-len(labels) // MOST_TICKS)
        axes.set_xticks(places[::step], labels[::step], rotation=60, ha="right")
        axes.set_ylabel("articles")
    (axes.xaxis if across else axes.yaxis).set_major_locator(MaxNLocator(integer=True))
    axes.spines[["top", "right"]].set_visible(False)
    axes.legend(**LEGEND)


def _account_labels(table: Table) -> list[str]:
    """Names of accounts, with their platforms where there are several."""
    several = len({row[1] for row in table.rows}) > 1
    labels = (f"{name} · {platform}" if several else str(name) for name, platform, *_ in table.rows)
    return [for_terminal(label) for label in labels]  # XML has no place for control characters


def _grid(axes: Axes, table: Table) -> None:
    """A sign for each account and crawl, by what the crawl had of it."""
    runs = sorted({str(row[0]) for row in table.rows})[-MOST_RUNS:]
    accounts = sorted({(str(row[2]), str(row[1])) for row in table.rows})[:MOST_ACCOUNTS]
    column = {run: number for number, run in enumerate(runs)}
    line = {account: number for number, account in enumerate(accounts)}
    cells: dict[str, list[tuple[int, int]]] = {}
    for at, name, platform, outcome, *_ in table.rows:
        if str(at) in column and (str(platform), str(name)) in line:
            place = column[str(at)], line[str(platform), str(name)]
            shown = str(outcome) if outcome in OUTCOMES else "other"
            cells.setdefault(shown, []).append(place)
    for outcome in sorted(cells):
        colour, sign = OUTCOMES.get(outcome, OTHERWISE)
        across, down = zip(*cells[outcome], strict=True)
        axes.scatter(across, down, c=colour, marker=sign, s=28, label=outcome)
    step = -(-len(runs) // MOST_TICKS)
    axes.set_xticks(
        range(0, len(runs), step), [run[:10] for run in runs[::step]], rotation=60, ha="right"
    )
    axes.set_yticks(range(len(accounts)), [for_terminal(name) for _, name in accounts])
    axes.set_ylim(len(accounts) - 0.5, -0.5)
    axes.spines[["top", "right"]].set_visible(False)
    axes.legend(**LEGEND)


def _calendar(axes: Axes, table: Table) -> None:
    """The cells of a calendar, and below them what each form means."""
    years = days_drawing.blocks(table)
    drawn = [
        part for block in years for cell in block.cells for part in days_drawing.parts_of(cell)
    ]
    bottom = len(years) * days_drawing.BLOCK
    for number, (state, count, is_bound, words) in enumerate(days_drawing.LEGEND):
        across, down = divmod(number, 5)
        left, top = across * 240, bottom + down * 18
        drawn += days_drawing.parts(state, count, is_bound, left, top)
        axes.text(left + 18, top + 9, words, fontsize=7)
    for text, left, top in (label for block in years for label in block.labels):
        axes.text(left, top, text, fontsize=7)
    for part in drawn:
        _part(axes, part)
    axes.set_xlim(0, days_drawing.WIDTH)
    axes.set_ylim(bottom + 5 * 18, 0)
    axes.set_aspect("equal")
    axes.set_axis_off()


def _part(axes: Axes, part: days_drawing.Part) -> None:
    edge = days_drawing.COLOURS["edge"]
    if part.form == "line":
        axes.plot(*zip(*part.corners, strict=True), color=edge, linewidth=0.5)
    else:
        colour = days_drawing.COLOURS[part.role]
        across, down = zip(*part.corners, strict=True)
        axes.fill(across, down, color=colour, linewidth=0)
        if part.form == "cell":
            axes.plot([*across, across[0]], [*down, down[0]], color=edge, linewidth=0.5)
