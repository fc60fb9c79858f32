"""A stand-in of The Paper at its real addresses: listing and profile JSON, article pages, pictures, and its bad days."""

from __future__ import annotations

import json
import re
import struct
import zlib
from collections.abc import Callable
from dataclasses import dataclass, field

from tests.standin.pages import Story, card, jsp_page, next_page
from tests.standin.web import LoopbackWeb, Reply, Request

PAGES = ["www.thepaper.cn", "m.thepaper.cn", "thepaper.cn"]
DATA = ["api.thepaper.cn", "cache.thepaper.cn"]
PICTURES = [
    "imgpai.thepaper.cn",
    "image.thepaper.cn",
    "imagecloud.thepaper.cn",
    "imagepphcloud.thepaper.cn",
]
HOSTS = PAGES + DATA + PICTURES
ARTICLE = re.compile(r"/(?:newsDetail_forward_|detail/)(\d+)")
MISSING = Reply(404, body=b"<html><body>404</body></html>")
Intervention = Callable[[Request], Reply | None]


@dataclass
class ThePaper:
    """Tests put stories in and switch interventions on: each sees a request first and may answer it."""

    stories: dict[int, Story] = field(default_factory=dict)
    names: dict[int, str] = field(default_factory=lambda: {44871: "济南高新区"})
    interventions: list[Intervention] = field(default_factory=list)
    saved: dict[int, bytes] = field(default_factory=dict)
    robots: str = (
        "User-agent: *\nDisallow: /private\nSitemap: http://www.thepaper.cn/sitemap/sitemap.xml\n"
    )
    page_size: int = 20
    picture_size: int = 3000
    marks_end: bool = True  # whether a listing has `hasNext`

    def add(self, *stories: Story) -> None:
        """Publish stories."""
        self.stories.update({story.cont_id: story for story in stories})

    def join(self, web: LoopbackWeb) -> ThePaper:
        """Stand in for the platform's hosts."""
        web.sites.update(dict.fromkeys(HOSTS, self))
        return self

    def __call__(self, request: Request) -> Reply:
        for intervention in self.interventions:
            if reply := intervention(request):
                return reply
        if request.path == "/robots.txt":
            return Reply(headers={"Content-Type": "text/plain"}, body=self.robots.encode())
        if request.host in DATA:
            return self._api(request)
        if request.host in PICTURES:
            return Reply(
                headers={"Content-Type": "image/png"}, body=picture(request.path, self.picture_size)
            )
        match = ARTICLE.fullmatch(request.path)
        return self._article(int(match[1])) if match else MISSING

    def _article(self, cont_id: int) -> Reply:
        if cont_id in self.saved:
            return Reply(body=self.saved[cont_id])
        story = self.stories.get(cont_id)
        if story is None or story.state == "missing":
            return MISSING
        tombstone = story.state == "tombstone"
        return Reply(
            body=jsp_page(story) if story.layout == "jsp" or tombstone else next_page(story)
        )

    def _api(self, request: Request) -> Reply:
        if request.path.startswith("/userservice/user/homePage/"):
            native = int(request.path.rpartition("/")[2])
            user = {
                "userId": native,
                "sname": self.names.get(native, "无名"),
                "perDesc": "官方账号",
                "pic": "",
            }
            return as_json({"code": 200, "data": {"userInfo": user}, "desc": "成功"})
        if request.method != "POST" or not request.path.startswith("/contentapi/cont/pph/"):
            return as_json({"code": 99998, "desc": "系统繁忙"})
        return self._listing(json.loads(request.body))

    def _listing(self, asked: dict[str, int]) -> Reply:
        own = [story for story in self.stories.values() if story.account_id == asked["pphId"]]
        own.sort(key=lambda story: story.milliseconds, reverse=True)
        size = min(asked["pageSize"], self.page_size)
        start = (asked["pageNum"] - 1) * size
        shown = own[start : start + size]
        data: dict[str, object] = {
            "startTime": 1789550664686,
            "list": [card(story) for story in shown],
        }
        if self.marks_end:
            data["hasNext"] = start + size < len(own)
        return as_json(
            {
                "code": 200,
                "data": {**data, "pageNum": asked["pageNum"], "pageSize": size},
                "desc": "成功",
                "time": 1,
            }
        )


def once(path: str, reply: Reply) -> Intervention:
    """An intervention that answers the first request whose path begins so, and no other."""
    left = [reply]
    return lambda request: left.pop() if left and request.path.startswith(path) else None


def without_cookie(reply: Reply, host: str = "www.thepaper.cn") -> Intervention:
    """An intervention that a visitor to `host` meets until it sends a cookie, as behind Aliyun's firewall."""
    return lambda request: (
        reply if request.host == host and "cookie" not in request.headers else None
    )


def as_json(value: object) -> Reply:
    """A JSON answer."""
    body = json.dumps(value, ensure_ascii=False).encode()
    return Reply(headers={"Content-Type": "application/json;charset=UTF-8"}, body=body)


def picture(name: str, size: int = 3000) -> bytes:
    """A real PNG, another one for each name."""
    noise = zlib.crc32(name.encode()).to_bytes(4, "big") * (size // 4)
    width = 16
    rows = b"".join(
        b"\0" + noise[row * width * 3 : (row + 1) * width * 3].ljust(width * 3, b"\0")
        for row in range(16)
    )
    head = struct.pack(">IIBBBBB", width, 16, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + _chunk(b"IHDR", head)
        + _chunk(b"tEXt", b"n\0" + noise)
        + _chunk(b"IDAT", zlib.compress(rows))
        + _chunk(b"IEND", b"")
    )


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
