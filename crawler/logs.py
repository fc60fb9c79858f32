"""Where a crawl writes what it does: all of it into a rotating file, only what is wrong on
standard error."""

from __future__ import annotations

import logging
import sys
from logging.handlers import RotatingFileHandler
from pathlib import Path

from scrapy.utils.log import configure_logging

FORM = "%(asctime)s %(levelname)s %(name)s: %(message)s"
LARGEST, OLDER_FILES = 5 * 10**6, 5  # bytes of a file; how many older files stay
# its errors are requests without an answer, which the alarms report in a sentence
REPORTED = "scrapy.downloadermiddlewares"


def begin(folder: Path, level: str) -> None:
    """Log into `logs/crawl.log` of the archive, and errors to standard error, which cron mails.

    Args:
        folder: the archive.
        level: the lowest level of the file, such as `INFO`.
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
        handler.setFormatter(logging.Formatter(FORM))
        root.addHandler(handler)
    root.setLevel(logging.NOTSET)
