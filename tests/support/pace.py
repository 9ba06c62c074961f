"""How fast this machine is today."""

import functools
import subprocess
import sys
import time

USUAL = 2.0
"""Seconds that two cores of a usual machine take to import torch."""


@functools.cache
def pace() -> float:
    """How many times longer work may take here than on a usual machine: 1 or more.

    Limits of tests that end work by the clock are multiples of it, so that a slow machine is not
    taken for a fault.
    """
    started = time.monotonic()
    subprocess.run([sys.executable, "-c", "import torch"], check=True)
    return max(1.0, (time.monotonic() - started) / USUAL)
