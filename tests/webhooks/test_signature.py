"""Signatures are those of Standard Webhooks."""

import base64

from hypothesis import assume, given
from hypothesis import strategies as st
from tests.support.receiver import Arrival

from likeness.store.signing import Signer
from likeness.webhooks.signature import sign, signing_secret


def test_the_published_example() -> None:
    """The test vector that the libraries of the specification share."""
    secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
    signed = sign(secret, "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, b'{"test": 2432232314}')
    assert signed == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def arrival(message_id: str, timestamp: int, body: bytes, signature: str) -> Arrival:
    headers = {"webhook-id": message_id, "webhook-timestamp": str(timestamp)}
    return Arrival("/", {**headers, "webhook-signature": signature}, body, 0.0)


@given(st.binary(min_size=1), st.uuids().map(str), st.uuids().map(str), st.binary(), st.binary())
def test_only_what_was_signed_is_accepted(
    server_secret: bytes, owner: str, message_id: str, body: bytes, other: bytes
) -> None:
    assume(body != other)
    secret = signing_secret(server_secret, owner)
    signature = sign(secret, message_id, 1, body)

    assert arrival(message_id, 1, body, signature).is_signed_with(secret)
    assert not arrival(message_id, 1, other, signature).is_signed_with(secret)
    assert not arrival(message_id, 2, body, signature).is_signed_with(secret)
    assert not arrival(owner + "x", 1, body, signature).is_signed_with(secret)


@given(st.binary(), st.uuids().map(str), st.uuids().map(str))
def test_each_webhook_has_a_secret_of_its_own(server_secret: bytes, one: str, two: str) -> None:
    assume(one != two)
    secret = signing_secret(server_secret, one)

    assert secret == signing_secret(server_secret, one)
    assert secret != signing_secret(server_secret, two)
    assert secret.startswith("whsec_")
    assert 24 <= len(base64.b64decode(secret.removeprefix("whsec_"), validate=True)) <= 64
    assert secret != signing_secret(server_secret + b"!", one)


@given(st.text(st.characters(codec="utf-8", exclude_characters="\n")))
def test_a_signed_url_never_shows_a_secret(name: str) -> None:
    signature = Signer(b"secret").query(name).removeprefix("sig=")
    secret = base64.b64decode(signing_secret(b"secret", name).removeprefix("whsec_"))
    assert not secret.hex().startswith(signature)
