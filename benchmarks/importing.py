"""What an import costs: megabytes of input a CPU second and peak memory, compared with `warcio
recompress` and `fastwarc recompress` of the same file.

    python -m benchmarks.importing [MEGABYTES]
"""

from __future__ import annotations

import gzip
import io
import os
import random
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from isal import igzip
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from archive.intake.given import Given
from archive.intake.importing import import_source
from archive.intake.making import Wish

ROUNDS = 3
MEGABYTES = 100  # of WARC before it is compressed
PAGE, PICTURE = 56_000, 80_000  # bytes
PICTURE_EVERY = 8  # pages
URL = "http://www.yunxi.example/{}.html"


def answers(size: int) -> Iterator[tuple[str, bytes, str]]:
    """Addresses, bodies and media types of pages and pictures, `size` bytes in all."""
    rnd = random.Random(1)
    words = ["".join(chr(rnd.randrange(0x4E00, 0x5FFF)) for _ in range(2)) for _ in range(4000)]
    number = 0
    while size > 0:
        if number % PICTURE_EVERY:
            text = "".join(f"<p>{''.join(rnd.choices(words, k=60))}</p>" for _ in range(120))
            body = f"<html><body>{text}</body></html>".encode().ljust(PAGE)[:PAGE]
            yield URL.format(number), body, "text/html; charset=utf-8"
        else:
            body = rnd.randbytes(PICTURE)
            yield URL.format(number), body, "image/jpeg"
        number, size = number + 1, size - len(body)


def make(folder: Path, size: int) -> dict[str, Path]:
    """The same records in four files: a member a record, one member, not compressed, ARC."""
    files = {
        "a member a record": folder / "members.warc.gz",
        "one member": folder / "one.warc.gz",
        "not compressed": folder / "plain.warc",
        "ARC, a member a record": folder / "old.arc.gz",
    }
    with (
        files["a member a record"].open("wb") as members,
        files["not compressed"].open("wb") as plain,
    ):
        for out, is_packed in ((members, True), (plain, False)):
            writer = WARCWriter(out, gzip=is_packed)
            for url, body, media_type in answers(size):
                head = StatusAndHeaders("200 OK", [("Content-Type", media_type)], "HTTP/1.1")
                record = writer.create_warc_record(
                    url, "response", payload=io.BytesIO(body), length=len(body), http_headers=head
                )
                writer.write_record(record)
    with files["not compressed"].open("rb") as plain, igzip.open(files["one member"], "wb") as out:
        shutil.copyfileobj(plain, out)
    with files["ARC, a member a record"].open("wb") as arc:
        about = b"1 0 benchmark\nURL IP-address Archive-date Content-type Archive-length\n"
        first = b"filedesc://old.arc 0.0.0.0 20080301080000 text/plain %d\n" % len(about)
        arc.write(gzip.compress(first + about + b"\n"))
        for url, body, media_type in answers(size):
            block = f"HTTP/1.1 200 OK\r\nContent-Type: {media_type}\r\n\r\n".encode() + body
            kind = media_type.partition(";")[0]
            line = f"{url} 192.0.2.1 20080301080000 {kind} {len(block)}\n".encode()
            arc.write(gzip.compress(line + block + b"\n"))
    return files


def programs(file: Path, folder: Path) -> dict[str, list[str]]:
    """The programs that take a file, by name."""
    target = str(folder / "out.warc.gz")
    ours = [sys.executable, "-m", "benchmarks.importing", "--one", str(file), str(folder / "a")]
    warcio = [sys.executable, "-m", "warcio.cli", "recompress", str(file), target]
    fast = [sys.executable, "-m", "fastwarc.cli", "recompress", "-q", str(file), target]
    return {"zhengwen": ours, "warcio recompress": warcio, "fastwarc recompress": fast}


def cost(command: list[str], folder: Path) -> tuple[float, int] | None:
    """CPU seconds and peak memory in MB of a program; None where it fails."""
    for name in ("out.warc.gz", "a"):
        path = folder / name
        shutil.rmtree(path) if path.is_dir() else path.unlink(missing_ok=True)
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        return None
    return usage.ru_utime + usage.ru_stime, usage.ru_maxrss // 1024


def import_file(file: str, folder: str) -> None:
    """Import one file into an empty archive, without indexing it."""
    archive = Path(folder)
    archive.mkdir()
    import_source(archive, Given(Path(file).name, Path(file)), Wish(operator="benchmark"))


def main() -> None:
    """Rounds of all programs in turn, on each file; medians."""
    if sys.argv[1:2] == ["--one"]:
        import_file(*sys.argv[2:])
        return
    size = int(sys.argv[1]) if sys.argv[1:] else MEGABYTES
    print(f"{'':48}{'MB/s of input a core':>22}{'peak MB':>9}")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for form, file in make(folder, size * 10**6).items():
            commands = programs(file, folder)
            rounds = [
                {each: cost(commands[each], folder) for each in commands} for _ in range(ROUNDS)
            ]
            for program in commands:
                costs = [costs for each in rounds if (costs := each[program])]
                if not costs:
                    print(f"{form:26}{program:22}{'fails':>22}")
                    continue
                speed = file.stat().st_size / 1e6 / statistics.median(cpu for cpu, _ in costs)
                print(f"{form:26}{program:22}{speed:22.0f}{max(peak for _, peak in costs):9}")


if __name__ == "__main__":
    main()
