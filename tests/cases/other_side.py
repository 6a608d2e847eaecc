"""A system outside that takes calls."""

from __future__ import annotations

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class OtherSide:
    """A system outside: keeps what it is sent and answers as it is told."""

    def __init__(self) -> None:
        self.calls: list[dict] = []
        self.ended = threading.Event()
        self.status, self.answer, self.drips = 200, b'{"result": "taken"}', False
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                outer.calls.append({"body": body, "headers": dict(self.headers)})
                if outer.drips:
                    self._drip()
                    return
                self.send_response(outer.status)
                self.send_header("Content-Length", str(len(outer.answer)))
                self.end_headers()
                self.wfile.write(outer.answer)

            def _drip(self) -> None:
                try:
                    for _ in range(200):
                        self.wfile.write(b"HTTP/1.1 200"[:1])
                        outer.ended.wait(0.05)  # the limit under test is the wire's own time
                except OSError:
                    pass  # the caller has hung up, which is what is waited for

            def log_message(self, *_: object) -> None:
                """Say nothing."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
