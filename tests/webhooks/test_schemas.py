"""Addresses that a message can be sent to."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from likeness.webhooks.schemas import LONGEST, webhook_url


@pytest.mark.parametrize(
    "url",
    [
        "",
        "example.com/hook",
        "ftp://example.com/",
        "http://",
        "http://a b/",
        "http://a/\0",
        "http://ä.example/",
        "http://a/\n",
        "http://a/" + "x" * LONGEST,
    ],
)
def test_what_is_no_address_is_refused(url: str) -> None:
    with pytest.raises(ValueError, match="must"):
        webhook_url(url)


@given(
    st.sampled_from(["http://", "https://", "HTTPS://"]),
    st.text(st.characters(min_codepoint=0x21, max_codepoint=0x7E), min_size=1, max_size=100),
)
def test_others_are_kept_as_they_are(scheme: str, rest: str) -> None:
    assert webhook_url(scheme + rest) == scheme + rest
