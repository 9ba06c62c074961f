"""The providers, and how each is reached."""

import base64
import hashlib
import hmac
import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

Headers = dict[str, str]

TOKEN_SECONDS = 1800
SKEW_SECONDS = 5
"""How long a token for Kling is valid, and how far its clock may be behind ours."""


def bearer(key: str) -> Headers:
    """The header that most providers want."""
    return {"Authorization": f"Bearer {key}"}


def google(key: str) -> Headers:
    """Google's own header."""
    return {"x-goog-api-key": key}


def kling(key: str) -> Headers:
    """A fresh token that is signed (JWT, HS256) with the two halves of `access:secret`; a key
    without a colon is sent as it is, as gateways want it."""
    issuer, colon, secret = key.partition(":")
    if not colon:
        return bearer(key)
    now = int(time.time())
    claims = {"iss": issuer, "exp": now + TOKEN_SECONDS, "nbf": now - SKEW_SECONDS}
    signed = f"{_part({'alg': 'HS256', 'typ': 'JWT'})}.{_part(claims)}"
    mac = hmac.new(secret.encode(), signed.encode(), hashlib.sha256).digest()
    return bearer(f"{signed}.{_base64url(mac)}")


@dataclass(frozen=True)
class Provider:
    """A provider: its name for people, the address of its API, how a key is shown to it."""

    title: str
    url: str
    headers: Callable[[str], Headers] = bearer


PROVIDERS = {
    "openai": Provider("OpenAI", "https://api.openai.com/v1"),
    "google": Provider("Google", "https://generativelanguage.googleapis.com/v1beta", google),
    "byteplus": Provider("BytePlus", "https://ark.ap-southeast.bytepluses.com/api/v3"),
    "xai": Provider("xAI", "https://api.x.ai/v1"),
    "kling": Provider("Kling", "https://api-singapore.klingai.com/v1", kling),
}
"""All of them, by the names that settings and the catalog use."""


@dataclass(frozen=True)
class Access:
    """One operator's way to a provider: its address, which may be a gateway's, and a key."""

    title: str
    url: str
    key: str = field(repr=False)
    sign: Callable[[str], Headers] = bearer

    @classmethod
    def to(cls, name: str, key: str, url: str | None = None) -> "Access":
        """Access to the provider of this name."""
        provider = PROVIDERS[name]
        return cls(provider.title, url or provider.url, key, provider.headers)

    def headers(self) -> Headers:
        """What proves to the provider who asks: made anew for each request."""
        return self.sign(self.key)


def _part(value: Mapping[str, str | int]) -> str:
    return _base64url(json.dumps(value, separators=(",", ":")).encode())


def _base64url(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).decode().rstrip("=")
