"""A network that breaks off in the middle: it passes so many bytes on to a server, and then nobody is there."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from threading import Lock, Thread

HOST = "127.0.0.1"


class CutOff:
    """Passes bytes on between its clients and a server, until clients have sent more than `most`."""

    def __init__(self, server: int, most: int) -> None:
        self.server, self.left = server, most
        self._lock = Lock()
        self._listening = socket.create_server((HOST, 0))
        self.port: int = self._listening.getsockname()[1]
        self._open: list[socket.socket] = [self._listening]
        self._threads = [Thread(target=self._accept)]
        self._threads[0].start()

    @property
    def endpoint(self) -> str:
        return f"http://{HOST}:{self.port}"

    def _accept(self) -> None:
        with suppress(OSError):  # it is cut off
            while True:
                client, _ = self._listening.accept()
                server = socket.create_connection((HOST, self.server))
                self._open += [client, server]
                for ways in ((client, server, True), (server, client, False)):
                    self._threads.append(Thread(target=self._pass_on, args=ways))
                    self._threads[-1].start()

    def _pass_on(self, source: socket.socket, target: socket.socket, is_sent: bool) -> None:
        with suppress(OSError):  # one of the two has gone
            while data := source.recv(2**16):
                if is_sent and not self._may_pass(len(data)):
                    self.cut()
                    return
                target.sendall(data)
            target.shutdown(socket.SHUT_WR)

    def _may_pass(self, size: int) -> bool:
        with self._lock:
            self.left -= size
            return self.left >= 0

    def cut(self) -> None:
        """End every connection, and take no other."""
        for each in [*self._open]:
            with suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)
        self._listening.close()

    def end(self) -> None:
        """Cut it off, and wait for its threads."""
        self.cut()
        self._threads[0].join()
        self.cut()  # what had come in meanwhile
        for thread in self._threads:
            thread.join()
        for each in self._open:
            each.close()


@contextmanager
def cut_off(server: int, most: int) -> Iterator[CutOff]:
    """Such a network, for as long as the block."""
    with ExitStack() as stack:
        network = CutOff(server, most)
        stack.callback(network.end)
        yield network
