"""What the coverage says of a walk: its counts, its outcome, and why."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from archive.counting import counted
from archive.model import CoverageOutcome, Outcome
from crawler.ledger.list_order import covered_from
from crawler.ledger.tally import Tally
from crawler.ledger.walk import Walk

Verdict = tuple[CoverageOutcome, str | None]

OUTCOMES: Mapping[Outcome, CoverageOutcome] = {
    "blocked": "blocked",
    "throttled": "throttled",
    "unreadable": "format_changed",
    "robots": "robots",
    "redirect": "moved",
    "not-found": "gone",
    "withdrawn": "gone",
}
GAP = (
    "none of the entries that were known is in the feed any more; what came between them and its "
    "oldest one may be missing"
)
SPOILT = 0.5  # share of the new articles whose refusal spoils the walk
SEVERAL = 3  # new articles, none of which was had, are no accident
# a count of at least FEW articles is not believed where it falls below the share SHRUNK
FEW, SHRUNK = 10, 0.5


def coverage_of(walk: Walk, run: str) -> dict[str, object]:
    """The row of `coverage`, by column.

    Args:
        walk: which is over.
        run: the run's id.
    """
    outcome, reason = outcome_of(walk)
    return {
        "run": run,
        "platform": walk.account.platform,
        "account_id": walk.account.account_id,
        "account": walk.name or walk.account.name,
        "outcome": outcome,
        "reason": reason,
        "pages": walk.pages,
        "listed": len(walk.seen),
        "had": walk.had,
        "failed": walk.failed.total,
        "failed_reasons": walk.failed.as_json(),
        "left_out": walk.left_out.total,
        "left_out_reasons": walk.left_out.as_json(),
        "new": walk.new,
        "known": walk.known,
        "total": walk.progress.total,
        "complete": int(walk.complete),
        "ended": int(walk.progress.is_known),
        "list_end": walk.progress.end,
        "list_order": walk.places.order(),
        "first_listed": min(walk.dates, default=None),
        "last_listed": max(walk.dates, default=None),
        "begun_at": walk.begun_at,
        "covered_from": covered_from(walk.dates),
    }


def outcome_of(walk: Walk) -> Verdict:
    """The outcome for the coverage, and why where there is more to say."""
    if walk.failure:
        return _unread(walk)
    if walk.endless:
        return "endless", walk.endless
    if walk.cut:
        return "budget", walk.cut
    if not walk.seen:
        return _empty(walk)
    if walk.window and not walk.complete and walk.before.listed:
        return "partial", GAP
    if not (walk.complete or walk.enough or walk.window):
        return "partial", walk.progress.doubt
    return _shrunk(walk) or _not_had(walk) or _read(walk)


def _unread(walk: Walk) -> Verdict:
    """Of a walk in which a page of the listing could not be had."""
    failure = walk.failure
    if failure is None:
        raise ValueError("The listing was read.")
    reason = f"{failure.reason} {failure.detail}".strip()
    if walk.seen and OUTCOMES.get(failure.outcome) in ("gone", "moved"):
        return "partial", f"page {walk.pages + 1} of the list is not there ({reason})"
    return OUTCOMES.get(failure.outcome, "unreachable"), reason


def _empty(walk: Walk) -> Verdict:
    """Of a walk that met no entry."""
    if walk.notice:
        return "gone", f"{walk.notice.reason} {walk.notice.detail}"
    if walk.left_out.total:
        rows = f"none of {counted(walk.left_out.total, 'row')} leads to an article that is read"
        return "format_changed", f"{rows} ({walk.left_out})"
    before = walk.before.listed
    if before or not walk.complete:
        return (
            "suspicious_empty",
            f"an empty list where {counted(before, 'entry was', 'entries were')} listed before",
        )
    if walk.progress.end in ("platform_said", "total_reached"):
        return "none", "the platform says that the list is empty"
    return "partial", "an empty list, and the platform does not say that it is"


def _shrunk(walk: Walk) -> Verdict | None:
    """Of a walk by which the list lost more than it can have lost."""
    total, before = walk.progress.total, walk.before.total or 0
    if total is not None and before >= FEW and total < SHRUNK * before:
        reason = f"the platform reports {counted(total, 'article')} where it reported {before}"
        return "suspicious_empty", reason
    length, before = len(walk.seen), walk.before.length or 0
    if walk.progress.is_known and before >= FEW and length < SHRUNK * before:
        return (
            "suspicious_empty",
            f"the list has {counted(length, 'entry', 'entries')} where it had {before}",
        )
    return None


def _not_had(walk: Walk) -> Verdict | None:
    """Of a walk whose articles were refused, or of which none was there."""
    asked = walk.new + walk.again
    if walk.refused and len(walk.refused) >= SPOILT * asked:
        last = walk.refused[-1]
        articles = counted(asked, "new article was", "new articles were")
        reason = f"{len(walk.refused)} of {articles} refused ({last.reason})"
        return OUTCOMES[last.outcome], reason
    missing = _missing(walk)
    if walk.had or not missing.total:
        return None
    if walk.archived and walk.new < SEVERAL:
        return None
    listed = f"{walk.new} new ones" if walk.archived else str(len(walk.seen))
    return "unreachable", f"{listed} listed, none could be had ({missing})"


def _missing(walk: Walk) -> Tally:
    """The articles that could not be had now, and where the archive has none those too that could
    not at earlier times."""
    missing = replace(walk.failed, counts=dict(walk.failed.counts))
    for article_id, reason in () if walk.archived else walk.deferred.items():
        missing.add(reason, article_id)
    return missing


def _read(walk: Walk) -> Verdict:
    notes = []
    if walk.failed.total:
        notes.append(f"{counted(walk.failed.total, 'article')} could not be had ({walk.failed})")
    if walk.left_out.total:
        notes.append(
            f"{counted(walk.left_out.total, 'row was', 'rows were')} not followed ({walk.left_out})"
        )
    if walk.deferred:
        count = len(walk.deferred)
        words = counted(count, "article was", "articles were")
        again = "is" if count == 1 else "are"
        notes.append(f"{words} not there before and {again} asked for again by a later run")
    if walk.window and not walk.before.listed:
        notes.append("a feed has its newest entries alone; older ones are not known by it")
    before, order = walk.before.order, walk.places.order()
    if before and order and before != order:
        notes.append(f"the list is {_words(order)} now, it was {_words(before)}")
    quiet: CoverageOutcome = "deferred" if walk.deferred else "none"
    return "new" if walk.new or walk.had else quiet, "; ".join(notes) or None


def _words(order: str) -> str:
    return order.replace("_", " ")
