"""A real S3 server, from a wheel: started at the first use, stopped at the end of the run."""

import atexit
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Generator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

import httpx
from tests.support.server import free_port

from likeness.store.ids import new_token

KEY, SECRET, BUCKET = "test-key", "test-secret", "test-bucket"


class S3Server:
    """A server with one bucket."""

    def __init__(self) -> None:
        self.port = free_port()
        self._folder = Path(tempfile.mkdtemp(prefix="s3"))
        (self._folder / BUCKET).mkdir()  # the server does not look for new ones
        self._process: subprocess.Popen[bytes] | None = None

    def new_folder(self) -> str:
        """The URL of a new folder in the bucket."""
        return f"s3://{BUCKET}/{new_token()}"

    @property
    def url(self) -> str:
        """Its address."""
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        """Start it and wait until it answers."""
        command = [Path(sys.executable).with_name("rclone"), "serve", "s3"]
        command += ["--addr", f"127.0.0.1:{self.port}", "--auth-key", f"{KEY},{SECRET}"]
        command += ["--vfs-cache-mode", "off", "--config", "/dev/null", self._folder]
        self._process = subprocess.Popen(command, stderr=subprocess.DEVNULL)
        limit = time.monotonic() + 60
        while time.monotonic() < limit:
            assert self._process.poll() is None, "the S3 server did not start"
            try:
                httpx.get(self.url)
                return
            except httpx.TransportError:
                time.sleep(0.02)
        raise AssertionError("the S3 server does not answer")

    def stop(self) -> None:
        """Stop it; what it keeps stays."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()

    def end(self) -> None:
        """Stop it, and remove what it keeps."""
        self.stop()
        shutil.rmtree(self._folder, ignore_errors=True)


@cache
def s3_server() -> S3Server:
    """The server; where it is and how to be let in is in the environment from then on."""
    server = S3Server()
    atexit.register(server.end)
    server.start()
    os.environ.update(
        AWS_ACCESS_KEY_ID=KEY,
        AWS_SECRET_ACCESS_KEY=SECRET,
        AWS_REGION="us-east-1",
        AWS_ENDPOINT_URL=server.url,
    )
    return server


@contextmanager
def s3_away() -> Generator[None]:
    """The server is stopped, and started again at the end."""
    s3_server().stop()
    try:
        yield
    finally:
        s3_server().start()
