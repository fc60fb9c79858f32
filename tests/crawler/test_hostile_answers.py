"""Answers that would never end, lead nowhere or say nothing: each is reported with its own reason, and the rest of the crawl goes on."""

from __future__ import annotations

import gzip
import json
import time
import zlib
from collections.abc import Callable
from pathlib import Path

import brotli
import pytest

from tests.conftest import ACCOUNT, FAST, Program, rows
from tests.standin.pages import Story, card, jsp_page
from tests.standin.thepaper import ThePaper, as_json, picture
from tests.standin.web import LoopbackWeb, Reply, Request

FIRST = 5_700_000
FORBIDS = "User-agent: *\nDisallow: /"
ALLOWS = "User-agent: *\nDisallow: /private"
BLOCK_PAGE = "<html><head><title>WAF拦截页面</title></head><body>您的请求被拦截</body></html>"


def story(number: int, pictures: list[str] | None = None) -> Story:
    return Story(
        FIRST + number, f"第{number}次通报", [f"疫情防控第{number}天。"], pictures=pictures or []
    )


def text(body: str | bytes, **headers: str) -> Reply:
    data = body.encode() if isinstance(body, str) else body
    return Reply(headers={"Content-Type": "text/plain", **headers}, body=data)


def zipped(data: bytes, coding: str = "gzip") -> Reply:
    body = gzip.compress(data) if coding == "gzip" else zlib.compress(data)
    return Reply(headers={"Content-Encoding": coding}, body=body)


BOMB = gzip.compress(bytes(70 * 2**20))
ROBOTS = {  # by the first part of a host's name: its robots.txt, and the reason of what it forbids
    "bomb": (Reply(headers={"Content-Encoding": "gzip"}, body=BOMB), "robots-unreadable"),
    "small-bomb": (zipped(b"#" * 600 * 2**10, "deflate"), "robots-unreadable"),
    "brotli": (
        text(brotli.compress(b"#" * 600 * 2**10), **{"Content-Encoding": "br"}),
        "robots-unreadable",
    ),
    "twice": (
        text(gzip.compress(gzip.compress(b"#" * 2**20)), **{"Content-Encoding": "gzip, gzip"}),
        "robots-unreadable",
    ),
    "zipped": (text(gzip.compress(FORBIDS.encode())), "robots-unreadable"),
    "utf16": (text(FORBIDS.encode("utf-16")), "robots-unreadable"),
    "utf16-bare": (text(ALLOWS.encode("utf-16-be")), "robots-unreadable"),
    "utf32": (text(ALLOWS.encode("utf-32")), "robots-unreadable"),
    "picture": (text(picture("robots")), "robots-unreadable"),
    "coded": (text(b"\x1b\x2d", **{"Content-Encoding": "compress"}), "robots-unreadable"),
    "not-gzip": (text(ALLOWS, **{"Content-Encoding": "gzip"}), "robots-unreadable"),
    "long": (text(ALLOWS + "\n#" + "x" * 600 * 2**10), "robots-unreadable"),
    "block": (Reply(body=BLOCK_PAGE.encode()), "robots-unreadable"),
    "loop": (Reply(302, {"Location": "/robots.txt"}), "robots-unreachable"),
    "nowhere": (Reply(302), "robots-unreachable"),
    "busy": (Reply(503), "outage"),
    "cr": (text("User-agent: Zhengwen\rDisallow: /\r"), "robots-txt"),
    "bom": (text("\ufeff" + FORBIDS), "robots-txt"),
    "gbk": (text("User-agent: *\nDisallow: /图片/".encode("gbk")), "robots-txt"),
    "name": (text("User-agent: *\nAllow: /\n\nUser-agent: zhengwen\nDisallow: /"), "robots-txt"),
    "in-html": (Reply(body=f"<pre>\n{FORBIDS}\n</pre>".encode()), "robots-txt"),
    "html": (Reply(body="<html><body>您访问的页面不存在</body></html>".encode()), None),
    "empty": (text(""), None),
    "absent": (Reply(404, body=FORBIDS.encode()), None),
    "forbidden": (Reply(403, body=FORBIDS.encode()), None),
    "moved": (Reply(301, {"Location": "https://empty.example/robots.txt"}), None),
    "good-brotli": (text(brotli.compress(ALLOWS.encode()), **{"Content-Encoding": "br"}), None),
    "gbk-comment": (text("# 机器人\nUser-agent: *\nDisallow: /a".encode("gbk")), None),
}
ADDRESS = "https://{}.example/%CD%BC%C6%AC/1.png"


def test_each_robots_txt_is_obeyed_or_forbids(
    web: LoopbackWeb, thepaper: ThePaper, zhengwen: Program, archive_dir: Path
) -> None:
    def site(name: str) -> Callable[[Request], Reply]:
        def answer(request: Request) -> Reply:
            is_robots = request.path == "/robots.txt"
            return ROBOTS[name][0] if is_robots else Reply(body=picture(name))

        return answer

    web.sites.update({f"{name}.example": site(name) for name in ROBOTS})
    thepaper.add(story(0, [ADDRESS.format(name) for name in ROBOTS]))

    zhengwen("crawl", ACCOUNT, *FAST, "-s", "RETRY_TIMES=0")

    failures = rows(archive_dir, "SELECT url, reason FROM failures WHERE role = 'media'")
    reasons = {str(row["url"]): row["reason"] for row in failures}
    assert {name: reasons.get(ADDRESS.format(name)) for name in ROBOTS} == {
        name: reason for name, (_, reason) in ROBOTS.items()
    }
    asked = {request.host for request in web.log if request.path != "/robots.txt"}
    assert {name for name in ROBOTS if f"{name}.example" in asked} == {
        name for name, (_, reason) in ROBOTS.items() if reason is None
    }


def circle(request: Request) -> Reply:
    """Between two addresses of one article."""
    return Reply(302, {"Location": request.url.replace("www.", "m.", 1)})


def back(request: Request) -> Reply:
    return Reply(302, {"Location": request.url.replace("m.", "www.", 1)})


def longer(request: Request) -> Reply:
    return Reply(301, {"Location": f"{request.url}{'&' if '?' in request.url else '?'}a=1"})


def to_itself(request: Request) -> Reply:
    return Reply(307, {"Location": request.url})


def until_cookie(request: Request) -> Reply | None:
    if "seen=1" in request.headers.get("cookie", ""):
        return None
    return Reply(302, {"Location": request.url, "Set-Cookie": "seen=1"})


def with_new_cookies(request: Request) -> Reply:
    return Reply(302, {"Location": request.url, "Set-Cookie": f"a{request.at}=1".replace(".", "")})


PAGE = jsp_page(story(8))
ANSWERS: dict[str, tuple[Callable[[Request], Reply | None], str | None]] = {
    "0": (lambda r: circle(r) if r.host.startswith("www") else back(r), "redirect-loop"),
    "1": (longer, "too-many-redirects"),
    "2": (to_itself, "redirect-loop"),
    "3": (with_new_cookies, "redirect-loop"),
    "4": (until_cookie, None),
    "5": (lambda _: Reply(headers={"Content-Encoding": "gzip"}, body=BOMB), "too-large"),
    "6": (lambda _: zipped(bytes(70 * 2**20), "deflate"), "too-large"),
    "7": (lambda _: Reply(headers={"Content-Encoding": "deflate"}, body=b"\xff" * 99), "content-coding"),
    "8": (lambda _: zipped(PAGE), None),
}  # fmt: skip


def test_loops_and_bombs_have_their_own_reasons(
    web: LoopbackWeb, thepaper: ThePaper, zhengwen: Program, archive_dir: Path
) -> None:
    thepaper.add(*(story(number) for number in range(10)))

    def hostile(request: Request) -> Reply | None:
        is_article = "/newsDetail" in request.path
        answer = ANSWERS.get(request.path[-1]) if is_article else None
        return answer[0](request) if answer else None

    thepaper.interventions.append(hostile)

    message = zhengwen("crawl", ACCOUNT, *FAST, check=3).stderr

    failures = rows(archive_dir, "SELECT url, article_id, reason, detail FROM failures")
    # The index judges the bytes of an answer as well, and may have a reason of its own.
    reasons = {(str(row["article_id"])[-1], row["reason"]) for row in failures}
    expected = {(number, reason) for number, (_, reason) in ANSWERS.items() if reason}
    assert expected <= reasons and {number for number, _ in reasons} <= {n for n, _ in expected}
    articles = {str(row["id"])[-1] for row in rows(archive_dir, "SELECT id FROM articles")}
    assert articles == set("0123456789") - {number for number, _ in expected}
    assert "robots" not in message
    assert [
        line for line in message.splitlines() if "redirect-loop" in line and " 3 articles " in line
    ]
    assert zhengwen("verify").stdout == ""


def answer(head: str, body: bytes = PAGE) -> Reply:
    return Reply(raw=head.encode() + b"\r\n" + body)


def fields(number: int, size: int) -> str:
    return "".join(f"X-{n}: {'a' * size}\r\n" for n in range(number))


OK = f"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: {len(PAGE)}\r\n"
LATE = "HTTP/1.1 103 Early Hints\r\nLink: </a.css>\r\n\r\n"
HEADS = {  # by the last digit of an article's address: its answer, and whether the head is too large
    "0": (Reply(raw=b"HTTP/1.1 200 OK\r\n" + b"X-A: b\r\n" * 10**6), True),
    "1": (Reply(raw=b"HTTP/1.1 200 OK\r\nX-A: " + b"b" * 10**6), True),
    "2": (answer(OK + fields(2000, 3)), True),
    "3": (Reply(raw=LATE.encode() * 3000 + OK.encode() + b"\r\n" + PAGE), True),
    "4": (answer(OK + "".join(f"Set-Cookie: c{n}={'a' * 999}\r\n" for n in range(80))), True),
    "5": (Reply(raw=b"HTTP/1.1 " + b"2" * 10**5), True),
    "6": (answer(OK + "X: a\r\n" + " b\r\n" * 50_000), True),
    "7": (answer(OK + fields(400, 150)), False),
    "8": (Reply(raw=LATE.encode() * 200 + OK.encode() + b"\r\n" + PAGE), False),
    "9": (answer(OK + f"X: {'a' * (65_536 - len(OK) - 7)}\r\n"), False),
}


STATUSES = ["-1", "+200", "20000", "2", "2_00", "200OK", ""]


def test_an_answer_without_a_status_is_a_failure(
    thepaper: ThePaper, zhengwen: Program, archive_dir: Path
) -> None:
    """Twisted reads some of these as a number, and the answer would be neither stored nor missed."""
    thepaper.add(*(story(number) for number in range(len(STATUSES))))
    answers = [answer(OK.replace("200 OK", f"{status} OK", 1)) for status in STATUSES]
    thepaper.interventions.append(
        lambda request: answers[int(request.path[-1])] if "/newsDetail" in request.path else None
    )

    zhengwen("crawl", ACCOUNT, *FAST, "-s", "RETRY_TIMES=0", check=3)

    failures = rows(archive_dir, "SELECT article_id, outcome, reason FROM failures")
    assert {str(row["article_id"])[-1] for row in failures} == set("0123456")
    assert {row["reason"] for row in failures} == {"bad-status"}
    assert zhengwen("verify").stdout == ""


def test_heads_have_an_end(
    web: LoopbackWeb, thepaper: ThePaper, zhengwen: Program, archive_dir: Path
) -> None:
    thepaper.add(*(story(number) for number in range(10)))
    thepaper.interventions.append(
        lambda request: HEADS[request.path[-1]][0] if "/newsDetail" in request.path else None
    )

    zhengwen("crawl", ACCOUNT, *FAST, check=3)

    failures = rows(archive_dir, "SELECT article_id, outcome, reason FROM failures")
    assert {(row["outcome"], row["reason"]) for row in failures} == {("error", "head-too-large")}
    too_large = {number for number, (_, is_too_large) in HEADS.items() if is_too_large}
    assert {str(row["article_id"])[-1] for row in failures} == too_large
    articles = {str(row["id"])[-1] for row in rows(archive_dir, "SELECT id FROM articles")}
    assert articles == set(HEADS) - too_large
    assert len(web.requests(path="/newsDetail")) == len(HEADS), "none is asked again"
    assert zhengwen("verify").stdout == ""


def test_cookies_are_bounded(
    web: LoopbackWeb, thepaper: ThePaper, zhengwen: Program, archive_dir: Path
) -> None:
    """Each answer sets more: many, long ones, for the host, its domain and a public suffix."""
    sets = [f"Set-Cookie: n{n}=1\r\n" for n in range(60)]
    sets += [f"Set-Cookie: l{n}={'a' * 3000}; Domain=.thepaper.cn\r\n" for n in range(10)]
    sets += [f"Set-Cookie: m{n}={'a' * 3000}; Domain=www.thepaper.cn\r\n" for n in range(5)]
    sets += ["Set-Cookie: all=1; Domain=.com.cn\r\n", f"Set-Cookie: {'x' * 9000}=1\r\n"]
    thepaper.add(*(story(number) for number in range(3)))
    thepaper.interventions.append(
        lambda request: answer(OK + "".join(sets)) if "/newsDetail" in request.path else None
    )

    zhengwen("crawl", ACCOUNT, *FAST, "-s", "CONCURRENT_REQUESTS=1")

    sent = [request.headers.get("cookie", "") for request in web.requests(path="/newsDetail")]
    assert 6000 < max(map(len, sent)) <= 8 * 2**10 and max(c.count("=") for c in sent) <= 52
    assert all(len(cookies.rpartition("=")[2]) in (0, 1, 3000) for cookies in sent), "none is cut"
    failures = rows(archive_dir, "SELECT outcome, reason, url FROM failures")
    assert [(row["outcome"], row["reason"]) for row in failures] == [("error", "cookies")]
    assert len(rows(archive_dir, "SELECT id FROM articles")) == 3


DELAYS = {"1e9": True, "121": True, "9" * 300: True, "120.5": True, "31536000": True, "-5": False}
DELAYS |= {"inf": False, "1e400": False, "0.02": False}
DELAYS |= {"nan": False, "soon": False, "-inf": False, "0": False, "0.01": False, "": False}


def test_a_host_that_asks_for_a_long_delay_is_left_alone(
    web: LoopbackWeb, thepaper: ThePaper, zhengwen: Program, archive_dir: Path
) -> None:
    hosts = {f"delay{number}.example": delay for number, delay in enumerate(DELAYS)}

    def site(request: Request) -> Reply:
        if request.path == "/robots.txt":
            return text(f"User-agent: *\nCrawl-delay: {hosts[request.host]}\nDisallow:\n")
        return Reply(body=picture(request.host))

    web.sites.update(dict.fromkeys(hosts, site))
    pictures = [f"https://{host}/{number}.png" for host in hosts for number in (1, 2)]
    thepaper.add(story(0, pictures))

    zhengwen("crawl", ACCOUNT, "-s", "DOWNLOAD_DELAY=0.01")

    states = Path(web.environ()["XDG_STATE_HOME"]) / "zhengwen" / "hosts"
    for state in states.glob("*.json"):
        value = json.loads(state.read_text())
        assert max(value["next"], value["closed_until"]) < time.time() + 1, "for this run alone"
    failures = rows(archive_dir, "SELECT DISTINCT url, outcome, reason FROM failures")
    left = {host for host, delay in hosts.items() if DELAYS[delay]}
    assert {str(row["url"]).split("/")[2] for row in failures} == left
    assert {(row["outcome"], row["reason"]) for row in failures} == {("throttled", "crawl-delay")}
    assert {str(row["url"]) for row in failures} == {p for p in pictures if p.split("/")[2] in left}


@pytest.mark.parametrize(
    ("setting", "pages", "listed"),
    [("LISTING_PAGES=4", 4, 80), ("LISTING_PAGE_ENTRIES=5", 1, 5), ("LISTING_ENTRIES=50", 3, 50)],
)
def test_a_listing_without_an_end_is_left(
    setting: str,
    pages: int,
    listed: int,
    web: LoopbackWeb,
    thepaper: ThePaper,
    zhengwen: Program,
    archive_dir: Path,
) -> None:
    def endless(request: Request) -> Reply | None:
        if not request.path.startswith("/contentapi/cont/pph/"):
            return None
        first = 20 * json.loads(request.body)["pageNum"]
        cards = [card(story(first + number)) for number in range(20)]
        return as_json({"code": 200, "data": {"list": cards, "hasNext": True}, "desc": "成功"})

    thepaper.interventions.append(endless)

    message = zhengwen("crawl", ACCOUNT, *FAST, "-s", setting, check=3).stderr

    (row,) = rows(archive_dir, "SELECT outcome, reason, pages, listed, complete FROM coverage")
    assert (row["outcome"], row["pages"], row["listed"], row["complete"]) == (
        "endless",
        pages,
        listed,
        0,
    )
    assert setting.split("=")[0] in str(row["reason"]) and "endless" in message
