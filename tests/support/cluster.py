"""A Ray cluster of several nodes on this machine, each of which can be killed."""

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Self

import psutil
from tests.integration.watching import kill_family, wait_until
from tests.support.server import free_port

RAY = [sys.executable, "-m", "ray.scripts.scripts"]
STARTED = b"Ray runtime started"


class Cluster:
    """A head without workers, and nodes of one processor each."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._port = free_port()
        self._nodes: list[subprocess.Popen[bytes]] = []

    @property
    def address(self) -> str:
        """Where the cluster is."""
        return f"127.0.0.1:{self._port}"

    def add(self) -> subprocess.Popen[bytes]:
        """Another node."""
        return self._start(f"--address={self.address}", "--num-cpus=1")

    def kill(self, node: subprocess.Popen[bytes]) -> None:
        """The end of a machine, and of all that ran on it, in the same moment."""
        # What Ray starts leads groups of its own, so the node's would not be all of it.
        kill_family(psutil.Process(node.pid))
        node.wait()

    def _start(self, *options: str) -> subprocess.Popen[bytes]:
        common = (
            "--block",
            "--num-gpus=0",
            "--disable-usage-stats",
            "--object-store-memory=80000000",
        )
        environment = {name: value for name, value in os.environ.items() if "LIKENESS_" not in name}
        environment |= {"OMP_NUM_THREADS": "1", "RAY_health_check_period_ms": "500"}
        environment |= {"RAY_health_check_failure_threshold": "3"}
        path = self._folder / f"node-{len(self._nodes)}.log"
        with path.open("wb") as log:
            node = subprocess.Popen(
                [*RAY, "start", *common, *options],
                stdout=log,
                stderr=log,
                env=environment,
                start_new_session=True,
            )
        self._nodes.append(node)
        # One after another: on one machine, two that start at once take each other's ports.
        wait_until(lambda: node.poll() is not None or STARTED in path.read_bytes(), 120, "a node")
        assert node.poll() is None, path.read_text()[-3000:]
        return node

    def __enter__(self) -> Self:
        # Sockets lie there, whose paths must be short.
        self._temporary = tempfile.mkdtemp(prefix="ray")
        place = (f"--port={self._port}", f"--temp-dir={self._temporary}")
        try:
            self._start("--head", *place, "--num-cpus=0", "--include-dashboard=false")
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        for node in reversed(self._nodes):
            if node.poll() is None:
                self.kill(node)
        shutil.rmtree(self._temporary, ignore_errors=True)
