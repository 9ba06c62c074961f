"""A web server that serves what clients name by URL."""

from collections.abc import Generator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

WEB_HOST = "127.0.0.9"
"""An address of this machine that the servers of tests may fetch from, unlike all others of it."""


@contextmanager
def web(files: Mapping[str, bytes], redirects: Mapping[str, str]) -> Generator[str]:
    """Serve files and redirects by path; yields the server's root address."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            if location := redirects.get(self.path):
                self.send_response(302)
                self.send_header("Location", location)
                self.end_headers()
                return
            body = files.get(self.path)
            self.send_response(404 if body is None else 200)
            self.send_header("Content-Length", str(len(body or b"")))
            self.end_headers()
            self.wfile.write(body or b"")

        def log_message(self, format: str, *args: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer((WEB_HOST, 0), Handler) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield f"http://{WEB_HOST}:{server.server_port}"
        finally:
            server.shutdown()
