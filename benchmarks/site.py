"""A loopback site for the capture benchmark: `python -m benchmarks.site PAGES`, prints its port,
serves gzipped 56 KB pages."""

from __future__ import annotations

import asyncio
import gzip
import random
import sys


def pages(count: int) -> dict[bytes, bytes]:
    """Answers by path: pages that differ, of the size of a news page, compressed as servers do."""
    chance = random.Random(1)
    answers = {}
    for number in range(count):
        words = "".join(chr(chance.randrange(0x4E00, 0x5E00)) for _ in range(6000))
        menu = "<div class=item><a href=#>导航</a></div>" * 850
        html = f"<html><title>{number}</title><body>{menu}<p>{words}</p></body></html>"
        body = gzip.compress(html.encode(), 6)
        kind = "Content-Type: text/html; charset=utf-8\r\nContent-Encoding: gzip"
        head = f"HTTP/1.1 200 OK\r\n{kind}\r\nContent-Length: {len(body)}\r\n\r\n"
        answers[f"/page/{number}".encode()] = head.encode() + body
    return answers


async def serve(count: int) -> None:
    """Answer until killed."""
    answers = pages(count)

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while head := await reader.readuntil(b"\r\n\r\n"):
                path = head.split(b" ", 2)[1]
                writer.write(answers.get(path, b"HTTP/1.1 404 No\r\nContent-Length: 0\r\n\r\n"))
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            writer.close()

    server = await asyncio.start_server(talk, "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(serve(int(sys.argv[1])))
