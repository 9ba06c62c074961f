"""When a message is tried again."""

from hypothesis import given
from hypothesis import strategies as st

from likeness.webhooks.schedule import DELAYS, JITTER, LONGEST_ASKED, next_delay


@given(st.integers(1, 40))
def test_delays_grow_for_days_and_end(attempt: int) -> None:
    delay = next_delay(attempt)
    if attempt > len(DELAYS):
        assert delay is None
    else:
        assert delay is not None
        assert DELAYS[attempt - 1] <= delay <= DELAYS[attempt - 1] * (1 + JITTER)


def test_the_schedule_lasts_three_days() -> None:
    assert list(DELAYS) == sorted(DELAYS)
    assert 72 * 3600 < sum(DELAYS) < 96 * 3600


@given(st.integers(1, len(DELAYS)), st.floats(0, 1e9))
def test_a_receiver_may_ask_for_more_time_but_not_for_ever(attempt: int, asked: float) -> None:
    delay = next_delay(attempt, asked)
    assert delay is not None
    assert delay >= max(DELAYS[attempt - 1], min(asked, LONGEST_ASKED))
    assert delay <= LONGEST_ASKED * (1 + JITTER)
