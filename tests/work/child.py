"""A child process for tests: it appends the orders that it hears to a file, until it is ended or
told to drain."""

import os
import sys
import time
from pathlib import Path

from likeness.work.lifeline import DRAIN, listen_to_parent, start_child


def main(file: str) -> None:
    """Write a line when ready and a line for each order."""

    def write(line: str) -> None:
        with Path(file).open("a") as stream:
            stream.write(f"{line}\n")
        if line == DRAIN:
            os._exit(0)

    listen_to_parent(write)
    write("ready")
    time.sleep(60)


if __name__ == "__main__":
    # As a parent: start a child and tell its process id.
    child = start_child("tests.work.child", sys.argv[1], {})
    print(child.pid, flush=True)
    time.sleep(60)
