"""How requests are signed."""

import base64
import hashlib
import hmac
import json
import time

from likeness.providers.access import PROVIDERS, Access
from likeness.settings import PROVIDERS as NAMES


def test_settings_know_all_providers() -> None:
    assert set(NAMES) == set(PROVIDERS)


def test_a_key_is_not_shown() -> None:
    assert "hidden" not in repr(Access.to("openai", "hidden"))


def test_plain_keys() -> None:
    assert Access.to("openai", "k").headers() == {"Authorization": "Bearer k"}
    assert Access.to("google", "k").headers() == {"x-goog-api-key": "k"}
    assert Access.to("kling", "k").headers() == {"Authorization": "Bearer k"}


def test_a_token_for_kling() -> None:
    headers = Access.to("kling", "who:a secret: with a colon").headers()

    token = headers["Authorization"].removeprefix("Bearer ")
    signed, _, signature = token.rpartition(".")
    head, claims = (json.loads(base64.urlsafe_b64decode(part + "==")) for part in signed.split("."))
    mac = hmac.new(b"a secret: with a colon", signed.encode(), hashlib.sha256).digest()
    assert head == {"alg": "HS256", "typ": "JWT"}
    assert base64.urlsafe_b64decode(signature + "==") == mac
    assert claims["iss"] == "who"
    assert claims["nbf"] < time.time() < claims["exp"] <= time.time() + 1800
