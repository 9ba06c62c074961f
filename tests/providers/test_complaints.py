"""What errors of providers mean."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from likeness.providers.complaints import complaint
from likeness.providers.errors import (
    ProviderBusy,
    ProviderClosed,
    ProviderError,
    ProviderRefuses,
    ProviderRejects,
)


@pytest.mark.parametrize(
    ("status", "body", "kind"),
    [
        (400, {"error": {"code": "moderation_blocked", "message": "m"}}, ProviderRefuses),
        (400, {"error": {"code": "InputImageSensitiveContentDetected"}}, ProviderRefuses),
        (400, {"code": "invalid", "error": "Content policy violation"}, ProviderRefuses),
        (400, {"code": 1301, "message": "content security policy"}, ProviderRefuses),
        (400, [{"error": {"status": "INVALID_ARGUMENT", "message": "ratio"}}], ProviderRejects),
        (413, "", ProviderRejects),
        (302, "", ProviderRejects),
        (401, {"error": {"message": "safety first"}}, ProviderClosed),
        (403, {}, ProviderClosed),
        (404, {"error": {"code": "ModelNotOpen"}}, ProviderClosed),
        (429, {"error": {"code": "insufficient_quota"}}, ProviderClosed),
        (429, {"code": 1102, "message": "Resource pack depleted"}, ProviderClosed),
        (400, {"error": {"code": "billing_hard_limit_reached"}}, ProviderClosed),
        (400, {"error": {"message": "API key not valid."}}, ProviderClosed),
        (429, {"error": {"code": "rate_limit_exceeded"}}, ProviderBusy),
        (429, {"error": {"message": "Check your plan and billing details"}}, ProviderBusy),
        (500, "<html>", ProviderBusy),
        (529, None, ProviderBusy),
    ],
)
def test_kinds(status: int, body: object, kind: type[ProviderError]) -> None:
    assert type(complaint("P", status, json.dumps(body).encode())) is kind


@given(
    status=st.integers(300, 599),
    body=st.binary(max_size=200)
    | st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=9),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(st.sampled_from(["error", "code", "message"]), inner)
        ),
    ).map(lambda value: json.dumps(value).encode()),
    pause=st.text(max_size=9),
)
def test_any_answer_is_some_error(status: int, body: bytes, pause: str) -> None:
    error = complaint("P", status, body, pause)

    assert "\n" not in error.detail and len(error.detail) < 400
    assert str(error).startswith(("P ", "This server cannot use P "))


def test_a_pause_that_is_asked_for() -> None:
    for given_pause, seconds in (("7", 7.0), ("", None), ("Wed, 21 Oct 2026", None), ("-1", None)):
        busy = complaint("P", 429, b"", given_pause)
        assert isinstance(busy, ProviderBusy)
        assert busy.pause == seconds
        assert not busy.taken
