"""Where a crawl writes what it does: all of it into a rotating file, only what is wrong on
standard error."""

from __future__ import annotations

import logging
import sys
from logging.handlers import RotatingFileHandler
from pathlib import Path

from scrapy.utils.log import configure_logging

from archive.escaping import for_terminal

# what logs the errors of spiders and extensions
PARTS = frozenset({"scrapy.core.engine", "scrapy.core.scraper", "scrapy.utils.signal"})
FORM = "%(asctime)s %(levelname)s %(name)s: %(message)s"
LARGEST, OLDER_FILES = 5 * 10**6, 5  # bytes of a file; how many older files stay
# its errors are requests without an answer, which the alarms report in a sentence
REPORTED = "scrapy.downloadermiddlewares"


class SafeFormatter(logging.Formatter):
    """A record as one line in which every character can be seen, and a traceback as lines: no
    address or title of a page begins a line of the log, or steers the terminal of who reads it."""

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802  # the name of logging
        """The line of the record."""
        return for_terminal(super().formatMessage(record))

    def format(self, record: logging.LogRecord) -> str:
        """The line, and the traceback where there is one."""
        return for_terminal(super().format(record), multiline=True)


class Faults(logging.Handler):
    """Keeps the first error of a spider or an extension, with which Scrapy goes on as if nothing
    had been.

    Attributes:
        sentence: what to say of it; None where there was none.
    """

    sentence: str | None = None

    def emit(self, record: logging.LogRecord) -> None:
        """Take in a record."""
        if self.sentence or record.name not in PARTS:
            return
        error = record.exc_info[1] if record.exc_info else None
        name = f"{type(error).__name__}: {error}" if error else record.getMessage()
        self.sentence = (
            f"An error in the program has spoilt a part of the crawl ({name.splitlines()[0]}); the "
            "rest is stored, and logs/crawl.log has the error in full: please report it."
        )


def begin(folder: Path, level: str) -> Faults:
    """Log into `logs/crawl.log` of the archive, and errors to standard error, which cron mails.

    Args:
        folder: the archive.
        level: the lowest level of the file, such as `INFO`.

    Returns:
        What becomes of the errors of spiders and extensions from now on.
    """
    (folder / "logs").mkdir(exist_ok=True)
    configure_logging({"LOG_INSTALL_ROOT_HANDLER": False})
    root = logging.getLogger()
    file = RotatingFileHandler(
        folder / "logs" / "crawl.log", maxBytes=LARGEST, backupCount=OLDER_FILES, encoding="utf-8"
    )
    screen = logging.StreamHandler(sys.stderr)
    screen.addFilter(lambda record: not record.name.startswith(REPORTED))
    for handler, lowest in ((file, logging.getLevelName(level)), (screen, logging.ERROR)):
        handler.setLevel(lowest)
        handler.setFormatter(SafeFormatter(FORM))
        root.addHandler(handler)
    faults = Faults(logging.ERROR)
    root.addHandler(faults)
    root.setLevel(logging.NOTSET)
    return faults
