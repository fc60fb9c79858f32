"""The settings of a crawl that takes part in a cluster."""

from __future__ import annotations

from importlib.util import find_spec

from scrapy.settings import Settings

from archive.errors import UsageError
from crawler.cluster.connection import INSTALL, connect

THROTTLE = "crawler.hosts.throttle.Throttle"


def join(settings: Settings) -> None:
    """Put the parts of a cluster in the place of those of one machine.

    Args:
        settings: of the crawl; CLUSTER is the address of the Redis.

    Raises:
        UsageError: a library is missing, or a setting of the cluster cannot be used.
        ArchiveError: no Redis answers.
    """
    if find_spec("scrapy_redis") is None:
        raise UsageError(INSTALL)
    if settings.getfloat("CLUSTER_LEASE") < 2:
        raise UsageError("CLUSTER_LEASE is a number of seconds, 2 at least.")
    connect(settings["CLUSTER"]).close()
    extensions = dict(settings["EXTENSIONS"])
    place = extensions.pop(THROTTLE)
    extensions["crawler.cluster.throttle.ClusterThrottle"] = place
    values = {
        "EXTENSIONS": extensions,
        "SCHEDULER": "crawler.cluster.scheduler.ClusterScheduler",
    }
    settings.update(values, priority="cmdline")
