"""A child process for tests: it appends the orders that it hears to a file, until it is ended."""

import sys
import time
from pathlib import Path

from likeness.work.lifeline import listen_to_parent, start_child


def main(file: str) -> None:
    """Write a line when ready and a line for each order."""

    def write(line: str) -> None:
        with Path(file).open("a") as stream:
            stream.write(f"{line}\n")

    listen_to_parent(write)
    write("ready")
    time.sleep(60)


if __name__ == "__main__":
    # As a parent: start a child and tell its process id.
    child = start_child("tests.work.child", sys.argv[1], {})
    print(child.pid, flush=True)
    time.sleep(60)
