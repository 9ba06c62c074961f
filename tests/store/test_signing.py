"""Signed URLs."""

from urllib.parse import parse_qs

from hypothesis import given
from hypothesis import strategies as st

from likeness.store.signing import Signer

SIGNER = Signer(b"secret")


def parts(query: str) -> tuple[str, str]:
    fields = parse_qs(query)
    return fields["sig"][0], fields.get("exp", [""])[0]


def test_our_own_signatures_are_accepted() -> None:
    assert SIGNER.accepts("a.jpg", *parts(SIGNER.query("a.jpg")))


@given(st.text(), st.text())
def test_no_other_signature_is(signature: str, expires: str) -> None:
    assert not SIGNER.accepts("a.jpg", signature, expires)


def test_a_signature_is_for_one_file_and_one_secret() -> None:
    signature = parts(SIGNER.query("a.jpg"))
    assert not SIGNER.accepts("b.jpg", *signature)
    assert not Signer(b"other").accepts("a.jpg", *signature)


def test_with_a_ttl_two_reads_show_one_url_and_its_end_cannot_be_moved() -> None:
    signer = Signer(b"secret", ttl=10**6)
    assert signer.query("a.jpg") == signer.query("a.jpg")
    signature, expires = parts(signer.query("a.jpg"))
    assert signer.accepts("a.jpg", signature, expires)
    assert not signer.accepts("a.jpg", signature, str(int(expires) + 10**6))
    assert not signer.accepts("a.jpg", signature, "")


def test_a_url_dies_when_its_time_is_over() -> None:
    ended = Signer(b"secret", ttl=-60)  # what was signed a minute and more ago
    assert not Signer(b"secret", ttl=60).accepts("a.jpg", *parts(ended.query("a.jpg")))
