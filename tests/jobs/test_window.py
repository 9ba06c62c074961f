"""The window and the pages of the list of jobs."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from likeness.jobs.window import DAY, LONGEST, BadPageToken, BadWindow, Place, place, window
from likeness.store.ids import new_id

NOW = datetime(2026, 1, 8, tzinfo=UTC).timestamp()
moments = st.datetimes(
    datetime(2020, 1, 1),
    datetime(2030, 1, 1),
    timezones=st.just(UTC),
)


def test_without_times_it_is_the_last_24_hours() -> None:
    assert window(None, None, NOW).start == NOW - DAY
    assert window("", "", NOW).end == NOW


@given(moments)
def test_a_start_alone_goes_to_now_but_no_further_than_7_days(start: datetime) -> None:
    found = window(start.isoformat(), None, NOW)
    assert found.start == start.timestamp()
    assert 0 <= found.end - found.start <= LONGEST
    assert found.end <= max(NOW, found.start)


@given(moments)
def test_an_end_alone_looks_back_24_hours(end: datetime) -> None:
    found = window(None, end.isoformat(), NOW)
    assert (found.start, found.end) == (end.timestamp() - DAY, end.timestamp())


@given(moments, st.timedeltas(timedelta(days=-30), timedelta(days=30)))
def test_both_are_at_most_7_days_apart_and_in_order(start: datetime, length: timedelta) -> None:
    end = start + length
    if timedelta() <= length <= timedelta(days=7):
        found = window(start.isoformat(), end.isoformat(), NOW)
        assert (found.start, found.end) == (start.timestamp(), end.timestamp())
    else:
        with pytest.raises(BadWindow):
            window(start.isoformat(), end.isoformat(), NOW)


@pytest.mark.parametrize(
    "text", ["2026-01-01T00:00:00Z", "2026-01-01T02:00:00+02:00", "2026-01-01T02:00:00 02:00"]
)
def test_rfc_3339_in_each_form_even_with_an_unescaped_plus(text: str) -> None:
    assert window(text, None, NOW).start == datetime(2026, 1, 1, tzinfo=UTC).timestamp()


@given(st.text(min_size=1))
def test_other_texts_are_refused_with_a_sentence(text: str) -> None:
    with pytest.raises(BadWindow, match=r"RFC 3339 time like 2026-01-01T00:00:00Z"):
        window(text, None, NOW)


@pytest.mark.parametrize("text", ["2026-01-01", "2026-01-01T00:00:00", "99999-01-01T00:00:00Z"])
def test_times_without_a_zone_or_out_of_range_are_refused(text: str) -> None:
    with pytest.raises(BadWindow):
        window(text, None, NOW)


@given(st.floats(0, 1e11))
def test_a_page_token_comes_back_as_the_same_place(created_at: float) -> None:
    there = Place(created_at, new_id())
    assert place(there.token()) == there


@given(st.text(min_size=1))
def test_other_page_tokens_are_refused(token: str) -> None:
    with pytest.raises(BadPageToken):
        place(token)
