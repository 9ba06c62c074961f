"""A worker's view of the training process that it started."""

import time

from likeness.jobs.queue import Claim
from likeness.settings import Settings
from likeness.store.folder import DataFolder
from likeness.work.lifeline import give_order, start_child

PAUSE, RESUME = "pause", "resume"
"""Orders to a training process: to stand still after its current step, and to go on."""

AWAY = 75
"""Exit code of a training that could not reach its data: the one of `sysexits.h` for that."""


class Training:
    """One training under way in a process of its own, which gives its memory back at the end."""

    def __init__(self, settings: Settings, folder: DataFolder, claim: Claim) -> None:
        self.claim = claim
        self.paused = False
        self.killed_for: str | None = None
        self._resumed_at = time.monotonic()
        self._folder = folder
        self._process = start_child("likeness.work.trainer", claim.token, settings.environment())

    def exit_code(self) -> int | None:
        """None while it runs."""
        return self._process.poll()

    def pause(self) -> None:
        """Let it stand still after its current step."""
        self.paused = True
        give_order(self._process, PAUSE)

    def resume(self) -> None:
        """Let it go on."""
        give_order(self._process, RESUME)
        self._resumed_at = time.monotonic()
        self.paused = False

    def had_its_turn_for(self) -> float:
        """Seconds in which it could have made progress since it was last paused; 0 if it is."""
        return 0.0 if self.paused else time.monotonic() - self._resumed_at

    def kill(self, reason: str) -> None:
        """End it now; `killed_for` keeps the first reason."""
        self.killed_for = self.killed_for or reason
        self._process.kill()
        self._process.wait()

    def close(self) -> None:
        """Remove what it left under way, after its end."""
        if self._process.stdin is not None:
            self._process.stdin.close()
        self._folder.clear_place(self.claim.token)
