"""A small web server on loopback whose files a campaign can name, and what was asked of it."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

Answer = tuple[int, dict[str, str], bytes]


@dataclass
class Site:
    """``pages`` by path answer with status, headers and content; ``asked`` holds every request's target."""

    port: int = 0
    pages: dict[str, Callable[[str], Answer] | Answer] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)

    @property
    def host(self) -> str:
        return f"127.0.0.1:{self.port}"

    @property
    def environ(self) -> dict[str, str]:
        return {"ADCLI_ALLOW_HOSTS": self.host}

    def url(self, path: str) -> str:
        return f"http://{self.host}/{path}"

    def put(self, path: str, data: bytes) -> str:
        self.pages[f"/{path}"] = (200, {}, data)
        return self.url(path)

    def answer(self, target: str) -> Answer:
        self.asked.append(target)
        page = self.pages.get(target.partition("?")[0], (404, {}, b""))
        return page(target) if callable(page) else page


@contextmanager
def serving() -> Iterator[Site]:
    """A site for as long as the block lasts."""
    site = Site()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            status, headers, body = site.answer(self.path)
            self.send_response(status)
            for name, value in {"Content-Length": str(len(body)), **headers}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Says nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    site.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield site
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
