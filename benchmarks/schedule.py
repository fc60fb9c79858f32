"""Five years of 200 accounts, simulated: how many known articles a day the recheck schedule asks
for, and that a budget holds.

python -m benchmarks.schedule            figures, and docs/recheck.svg
"""

from __future__ import annotations

import heapq
import random
from dataclasses import dataclass
from math import ceil, log10
from pathlib import Path

from crawler import settings
from crawler.spider.recheck_schedule import Schedule

ACCOUNTS, YEARS, A_DAY = 200, 5, 3.0  # articles that an account publishes a day, on the average
RUNS_A_DAY, DAY = 1, 86_400.0
BUDGET = RUNS_A_DAY * settings.RECHECK_MAX  # rechecks a day
DEFAULT = settings.RECHECK
OTHERS = {
    "daily for ever": "1d+",
    "default": DEFAULT,
    "default, never after a year": "1h 6h 1d 3d 7d 14d 30d 90d 365d",
}


@dataclass(slots=True)
class Day:
    """What one day of the simulation asked for."""

    new: int = 0
    rechecks: int = 0
    late: int = 0  # runs that put rechecks off to a later one


def next_due(schedule: Schedule, begun: float, seen: float) -> float | None:
    """The moment at which an article is due next; None for never."""
    age = seen - begun
    step = next((step for step in schedule.steps if step > age), None)
    if step is not None:
        return begun + step
    return (
        max(begun + schedule.steps[-1] + schedule.every, seen + schedule.every)
        if schedule.every
        else None
    )


def simulate(text: str, budget: int = BUDGET) -> list[Day]:
    """Each day of the years: crawls at fixed hours, articles as accounts publish them, rechecks as
    the schedule wants them.

    Articles that were first captured by one run and looked at by the same runs are one entry of
    the queue, with their number.
    """
    schedule, rnd = Schedule.parse(text), random.Random(1)
    days = [Day() for _ in range(YEARS * 365)]
    queue: list[tuple[float, float, int]] = []  # when due, when first captured, how many
    for run in range(YEARS * 365 * RUNS_A_DAY):
        now = run * DAY / RUNS_A_DAY
        day, left = days[int(now // DAY)], budget // RUNS_A_DAY
        while queue and queue[0][0] <= now and left:
            due, begun, number = heapq.heappop(queue)
            done = min(number, left)
            if done < number:
                heapq.heappush(queue, (due, begun, number - done))
            _put(queue, schedule, begun, now, done)
            day.rechecks += done
            left -= done
        day.late += int(bool(queue) and queue[0][0] <= now)
        published = max(0, round(rnd.gauss(ACCOUNTS * A_DAY / RUNS_A_DAY, 12)))
        day.new += published
        _put(queue, schedule, now, now, published)
    return days


def _put(
    queue: list[tuple[float, float, int]], schedule: Schedule, begun: float, now: float, number: int
) -> None:
    due = next_due(schedule, begun, now)
    if due is not None:
        heapq.heappush(queue, (due, begun, number))


def picture(simulations: dict[str, list[Day]], path: Path) -> None:
    """Rechecks a day, a line a schedule, averaged over weeks, as SVG. The scale is logarithmic:
    schedules differ a hundredfold."""
    width, height, left, top = 760, 320, 80, 20
    least, decades = (
        2,
        ceil(log10(max(day.rechecks for days in simulations.values() for day in days))) - 2,
    )

    def up(rechecks: float) -> float:
        return top + height * (1 - (log10(max(rechecks, 10**least)) - least) / decades)

    lines = []
    for number, (name, days) in enumerate(simulations.items()):
        weeks = [
            sum(day.rechecks for day in days[n : n + 7]) / 7 for n in range(0, len(days) - 6, 7)
        ]
        points = " ".join(
            f"{left + width * n / len(weeks):.1f},{up(week):.1f}" for n, week in enumerate(weeks)
        )
        colour = ("#c33", "#247", "#595")[number % 3]
        lines.append(
            f'<polyline fill="none" stroke="{colour}" stroke-width="1.5" points="{points}"/>'
        )
        lines.append(
            f'<text x="{left + 12}" y="{top + 16 + 16 * number}" fill="{colour}">{name}</text>'
        )
    for value in (10 ** (least + part) for part in range(decades + 1)):
        y = up(value)
        lines.append(
            f'<line x1="{left}" y1="{y:.0f}" x2="{left + width}" y2="{y:.0f}" stroke="#ddd"/>'
        )
        lines.append(f'<text x="{left - 6}" y="{y + 4:.0f}" text-anchor="end">{value:,}</text>')
    marks = ((left + width * year / YEARS, f"year {year}") for year in range(YEARS + 1))
    lines += [
        f'<text x="{x:.0f}" y="{top + height + 18}" text-anchor="middle">{label}</text>'
        for x, label in marks
    ]
    title = f"<title>Rechecks a day: {ACCOUNTS} accounts, {A_DAY:.0f} articles a day each</title>"
    size = f'width="{width + left + 30}" height="{height + top + 30}"'
    font = 'font-family="sans-serif" font-size="12"'
    text = f'<svg xmlns="http://www.w3.org/2000/svg" {size} {font}>{title}{"".join(lines)}</svg>\n'
    path.parent.mkdir(exist_ok=True)
    path.write_text(text, "utf-8")


def _rechecks(day: Day) -> int:
    return day.rechecks


def main() -> None:
    """Figures and picture."""
    schedules = {}
    for name, text in OTHERS.items():
        # What a schedule would want is shown without a limit; that the limit is kept is printed
        # next to it.
        schedules[name] = simulate(text, budget=10**9)
        limited, last = simulate(text), schedules[name][-365:]
        wanted, off = sum(map(_rechecks, last)) / 365, sum(day.late > 0 for day in limited[-365:])
        print(
            f"{name}: {wanted:.0f} rechecks a day in the last year, "
            f"{max(map(_rechecks, last))} at most;"
        )
        print(
            f"    with at most {BUDGET} a day: {max(map(_rechecks, limited))} at most, some put "
            f"off on {off} of 365 days"
        )
    picture(schedules, Path(__file__).parents[1] / "docs" / "recheck.svg")


if __name__ == "__main__":
    main()
