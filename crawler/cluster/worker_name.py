"""The name under which a cluster knows an archive: the same whenever and wherever its worker is
started again, so that it finds its own."""

from __future__ import annotations

import os
import re
import socket
from pathlib import Path
from uuid import uuid4

from archive.disk import write_completely

FILE = ".worker"  # of the archive's folder
NAME = re.compile(r"[\w.-]{1,100}")


def worker_name(folder: Path) -> str:
    """The name of the worker that writes into an archive; made at the first time, and then kept.

    Args:
        folder: the archive.

    Raises:
        OSError: the file `.worker` cannot be read or written.
    """
    path = folder / FILE
    name = path.read_text("utf-8").strip() if path.exists() else ""
    if not NAME.fullmatch(name):
        host = re.sub(r"[^\w.-]", "-", socket.gethostname())[:60] or os.name
        name = f"{host}-{uuid4().hex[:8]}"
        write_completely(path, f"{name}\n".encode())
    return name
