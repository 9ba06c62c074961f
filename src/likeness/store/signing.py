"""Signed URLs: a link that opens a file without an API key."""

import hmac
import math
import time
from dataclasses import dataclass
from functools import cached_property
from urllib.parse import parse_qs, urlsplit


@dataclass(frozen=True)
class Signer:
    """Signs file names.

    With `ttl` (seconds) a signature carries the time at which it ends, rounded up to a multiple of
    `ttl`, so that a record read twice in a row shows the same URL.
    """

    secret: bytes
    ttl: int | None = None

    @cached_property
    def _keyed(self) -> hmac.HMAC:
        return hmac.new(self.secret, digestmod="sha256")

    def query(self, name: str) -> str:
        """The query string to append to a file's URL."""
        if self.ttl is None:
            return f"sig={self._signature(name, '')}"
        expires = str((math.floor(time.time() / self.ttl) + 2) * self.ttl)
        return f"exp={expires}&sig={self._signature(name, expires)}"

    def url(self, root: str, name: str) -> str:
        """A file's address below the root address of a server."""
        return f"{root}/files/{name}?{self.query(name)}"

    def accepts(self, name: str, signature: str, expires: str) -> bool:
        """Whether a signature is ours, for this file, and still valid."""
        if not hmac.compare_digest(
            self._signature(name, expires).encode(), signature.encode("utf-8", "replace")
        ):
            return False
        return expires == "" or time.time() < float(expires)

    def name_of(self, url: str) -> str | None:
        """The name of one of our own files, from a URL that we signed; None of any other URL.

        The signature says it, whatever host the server is reached by.
        """
        try:
            parts = urlsplit(url)
            query = parse_qs(parts.query)
        except ValueError:
            return None
        folder, _, name = parts.path.rpartition("/")
        signature, expires = query.get("sig", [""])[0], query.get("exp", [""])[0]
        ours = folder.endswith("/files") and self.accepts(name, signature, expires)
        return name if ours else None

    def _signature(self, name: str, expires: str) -> str:
        mac = self._keyed.copy()
        mac.update(f"{name}\n{expires}".encode("utf-8", "replace"))
        return mac.hexdigest()[:32]
