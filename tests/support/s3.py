"""A real S3 server, from a wheel: started at the first use, stopped at the end of the run."""

import atexit
import os
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import httpx
from tests.support.server import free_port

from likeness.store.ids import new_token

KEY, SECRET, BUCKET = "test-key", "test-secret", "test-bucket"


@dataclass(frozen=True)
class S3Server:
    """A running server with one bucket."""

    port: int
    folder: Path

    def new_folder(self) -> str:
        """The URL of a new folder in the bucket."""
        return f"s3://{BUCKET}/{new_token()}"


@cache
def s3_server() -> S3Server:
    """The server; where it is and how to be let in is in the environment from then on."""
    server = S3Server(free_port(), Path(tempfile.mkdtemp(prefix="s3")))
    (server.folder / BUCKET).mkdir()  # the server does not look for new ones
    address = f"127.0.0.1:{server.port}"
    command = [Path(sys.executable).with_name("rclone"), "serve", "s3", "--addr", address]
    command += ["--auth-key", f"{KEY},{SECRET}", "--vfs-cache-mode", "off", "--config", "/dev/null"]
    process = subprocess.Popen([*command, server.folder], stderr=subprocess.DEVNULL)
    atexit.register(_stop, process, server.folder)
    os.environ.update(
        AWS_ACCESS_KEY_ID=KEY,
        AWS_SECRET_ACCESS_KEY=SECRET,
        AWS_REGION="us-east-1",
        AWS_ENDPOINT_URL=f"http://{address}",
    )
    limit = time.monotonic() + 60
    while time.monotonic() < limit:
        assert process.poll() is None, "the S3 server did not start"
        try:
            httpx.get(f"http://{address}/")
            return server
        except httpx.TransportError:
            time.sleep(0.02)
    raise AssertionError("the S3 server does not answer")


def _stop(process: subprocess.Popen[bytes], folder: Path) -> None:
    import shutil

    process.kill()
    process.wait()
    shutil.rmtree(folder, ignore_errors=True)
