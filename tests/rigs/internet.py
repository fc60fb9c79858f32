"""The program on an Internet of its own: all names and connections of its process end on loopback, and each is written down.

`python -m tests.rigs.internet PLAN WORDS…` is `zhengwen WORDS…` on a machine with the name service and the network of the
plan. Both are at the boundary of the process, where `socket` calls the system; the program is as it is.
"""

from __future__ import annotations

import json
import os
import runpy
import socket
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from ipaddress import ip_address
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]


@dataclass
class Internet:
    """The plan, and what the last program did.

    `names`: the addresses of a host by its lookups, the last for all further ones; one that begins with a dot is a
    domain. `ports`: the listener on 127.0.0.1 for a port, and under 0 for all others.
    """

    folder: Path
    names: Mapping[str, Sequence[Sequence[str]]]
    ports: Mapping[int, int]
    connections: list[tuple[str, int]] = field(default_factory=list)
    lookups: list[str] = field(default_factory=list)

    def run(
        self, *words: str, environ: Mapping[str, str], timeout: float = 120
    ) -> subprocess.CompletedProcess[str]:
        """Run the program to its end."""
        plan, log = self.folder / "plan.json", self.folder / "network.log"
        log.write_text("")
        plan.write_text(
            json.dumps({"names": dict(self.names), "ports": dict(self.ports), "log": str(log)})
        )
        direct = {name: value for name, value in os.environ.items() if "proxy" not in name.lower()}
        done = subprocess.run(
            [sys.executable, "-m", "tests.rigs.internet", str(plan), *words],
            cwd=ROOT,
            env=direct | {"ZHENGWEN_CONTACT": "tests@example.org"} | dict(environ),
            capture_output=True,
            text=True,
            check=False,
            timeout=timeout,
        )
        lines = [json.loads(line) for line in log.read_text().splitlines()]
        self.connections = [(line[1], line[2]) for line in lines if line[0] == "connect"]
        self.lookups = [line[1] for line in lines if line[0] == "lookup"]
        return done


class _Machine:
    """The system below the program's process."""

    def __init__(self, plan: dict[str, Any]) -> None:
        self.names: dict[str, list[list[str]]] = plan["names"]
        self.ports: dict[str, int] = plan["ports"]
        self.log = Path(plan["log"])
        self.connect, self.connect_ex = socket.socket.connect, socket.socket.connect_ex

    def take_over(self) -> None:
        """From now on every name and every connection comes here."""
        machine = self
        socket.getaddrinfo = self.getaddrinfo  # type: ignore[assignment]
        socket.gethostbyname = self.gethostbyname  # type: ignore[assignment]
        socket.socket.connect = lambda sock, place: machine.connect(
            sock, machine.routed(sock, place)
        )  # type: ignore[assignment, method-assign]
        socket.socket.connect_ex = lambda sock, place: machine.connect_ex(
            sock, machine.routed(sock, place)
        )  # type: ignore[assignment, method-assign]

    def note(self, *entry: object) -> None:
        with self.log.open("a", encoding="utf-8") as log:
            log.write(json.dumps(entry) + "\n")

    def routed(self, sock: socket.socket, place: Any) -> Any:
        if sock.family not in (socket.AF_INET, socket.AF_INET6):
            return place
        self.note("connect", place[0], place[1])
        port = self.ports.get(str(place[1]), self.ports["0"])
        return ("127.0.0.1" if sock.family == socket.AF_INET else "::ffff:127.0.0.1", port)

    def addresses(self, host: str) -> list[str]:
        try:
            return [str(ip_address(host))]
        except ValueError:
            self.note("lookup", host)
        domain = next((name for name in self.names if name[0] == "." and host.endswith(name)), host)
        answers = self.names.get(domain.rstrip("."), [[]])
        return answers.pop(0) if len(answers) > 1 else answers[0]

    def getaddrinfo(
        self, host: Any, port: Any, family: int = 0, kind: int = 0, proto: int = 0, flags: int = 0
    ) -> list[Any]:
        name = host.decode() if isinstance(host, bytes) else host
        places = []
        for address in self.addresses(name):
            version = socket.AF_INET6 if ":" in address else socket.AF_INET
            more = (0, 0) if version == socket.AF_INET6 else ()
            if family in (0, version):
                places.append((version, socket.SOCK_STREAM, 6, "", (address, port or 0, *more)))
        if not places:
            raise socket.gaierror(socket.EAI_NONAME, f"no such host: {name}")
        return places

    def gethostbyname(self, host: str) -> str:
        address: str = self.getaddrinfo(host, 0, socket.AF_INET)[0][4][0]
        return address


def main() -> None:
    """The program, on that machine."""
    plan, *words = sys.argv[1:]
    _Machine(json.loads(Path(plan).read_text("utf-8"))).take_over()
    sys.argv = ["zhengwen", *words]
    runpy.run_module("crawler", run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    main()
