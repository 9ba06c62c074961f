"""Signing messages as Standard Webhooks 1.0.0 says (standardwebhooks.com): HMAC-SHA256 over id,
time and body."""

import base64
import hmac

PREFIX = "whsec_"


def signing_secret(server_secret: bytes, signs_for: str) -> str:
    """The secret of a webhook, or of an account for the addresses that its requests name, by id.

    It is derived from the server's own, so that no copy of the database holds one: 256 bits.
    """
    # A line break tells it from names of files, which are signed with the same secret.
    derived = hmac.digest(server_secret, f"webhooks\n\n{signs_for}".encode(), "sha256")
    return PREFIX + base64.b64encode(derived).decode()


def sign(secret: str, message_id: str, timestamp: int, body: bytes) -> str:
    """The value of `webhook-signature` for a message that is sent at a time (s since 1970)."""
    key = base64.b64decode(secret.removeprefix(PREFIX))
    signed = f"{message_id}.{timestamp}.".encode() + body
    return "v1," + base64.b64encode(hmac.digest(key, signed, "sha256")).decode()
