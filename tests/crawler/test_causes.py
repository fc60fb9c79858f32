"""Why a host gives nothing, in words: the true cause, and robots.txt only where it is the cause."""

from __future__ import annotations

import socket

import pytest
from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadCancelledError,
    DownloadConnectionRefusedError,
    DownloadFailedError,
    DownloadTimeoutError,
    IgnoreRequest,
    ResponseDataLossError,
)

from archive.model import Failure
from crawler import causes
from crawler.hosts.not_asked import NotAskedError
from crawler.hosts.robots import RobotsMiddleware, _no_success

HOST = "www.thepaper.cn"
CERTIFICATE = Failure(outcome="error", reason="certificate", detail="the certificate of a has expired")  # fmt: skip


def meaning(error: Exception) -> Failure:
    middleware = RobotsMiddleware.__new__(RobotsMiddleware)
    middleware.largest = 500
    return middleware._meaning(error, HOST)


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (CannotResolveHostError(), "name service"),
        (DownloadConnectionRefusedError(), "refuses the connection"),
        (DownloadTimeoutError(), "longer than"),
        (ResponseDataLossError(), "cut short"),
        (DownloadFailedError(), "connection broke"),
        (NotAskedError(CERTIFICATE), "certificate of a has expired"),
        (RuntimeError(), "RuntimeError"),
    ],
)
def test_a_host_without_an_answer_has_its_true_cause(
    error: Exception, words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(causes, "has_route", lambda: True)
    failure = meaning(error)

    assert failure.outcome == "error" and "robots" not in f"{failure.reason} {failure.detail}"
    assert words in failure.detail


@pytest.mark.parametrize("error", [IgnoreRequest("too many redirects"), DownloadCancelledError()])
def test_a_robots_txt_that_is_the_cause_is_named(error: Exception) -> None:
    failure = meaning(error)
    assert failure.outcome == "robots" and HOST in failure.detail


@pytest.mark.parametrize("error", [CannotResolveHostError, DownloadConnectionRefusedError, DownloadFailedError])  # fmt: skip
def test_no_network_is_said_where_there_is_none(
    error: type[Exception], monkeypatch: pytest.MonkeyPatch
) -> None:
    def unreachable(sock: socket.socket, place: object) -> None:
        raise OSError(101, "Network is unreachable")

    monkeypatch.setattr(socket.socket, "connect", unreachable)
    assert causes.cause_of(error()) == causes.NO_NETWORK
    assert "takes longer" in str(causes.cause_of(DownloadTimeoutError()))


@pytest.mark.parametrize("status", [500, 502, 503, 504, 522])
def test_an_error_of_the_server_is_an_outage(status: int) -> None:
    failure = _no_success(HOST, status)
    assert (failure.outcome, failure.reason) == ("error", "outage") and str(
        status
    ) in failure.detail
