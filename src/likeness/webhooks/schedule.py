"""When a message that was not delivered is tried again."""

import random

DELAYS = (5, 300, 1800, 7200, 18_000, 36_000, 50_400, 72_000, 86_400)
"""Seconds from each failed attempt to the next: the schedule that Standard Webhooks 1.0.0 gives as
its example, over three days."""

JITTER = 0.1
"""Share of a delay that chance may add, so that what failed together does not return together."""

LONGEST_ASKED = 86_400.0
"""Seconds that a receiver may put the next attempt off for, with `Retry-After`."""


def next_delay(attempt: int, asked: float = 0.0) -> float | None:
    """Seconds from a failed attempt (the first is 1) to the next, or None after the last one.

    `asked` is what the receiver asks for.
    """
    if attempt > len(DELAYS):
        return None
    delay = DELAYS[attempt - 1] * (1 + random.random() * JITTER)
    return max(delay, min(asked, LONGEST_ASKED))
