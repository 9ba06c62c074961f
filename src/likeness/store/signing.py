"""Signed URLs: a link that opens a file without an API key."""

import hashlib
import hmac
import math
import time
from dataclasses import dataclass


@dataclass(frozen=True)
class Signer:
    """Signs file names.

    With `ttl` (seconds) a signature carries the time at which it ends, rounded up to a multiple of
    `ttl`, so that a record read twice in a row shows the same URL.
    """

    secret: bytes
    ttl: int | None = None

    def query(self, name: str) -> str:
        """The query string to append to a file's URL."""
        if self.ttl is None:
            return f"sig={self._signature(name, '')}"
        expires = str((math.floor(time.time() / self.ttl) + 2) * self.ttl)
        return f"exp={expires}&sig={self._signature(name, expires)}"

    def accepts(self, name: str, signature: str, expires: str) -> bool:
        """Whether a signature is ours, for this file, and still valid."""
        if not hmac.compare_digest(
            self._signature(name, expires).encode(), signature.encode("utf-8", "replace")
        ):
            return False
        return expires == "" or time.time() < float(expires)

    def _signature(self, name: str, expires: str) -> str:
        message = f"{name}\n{expires}".encode("utf-8", "replace")
        return hmac.new(self.secret, message, hashlib.sha256).hexdigest()[:32]
