"""Identifiers."""

import re
import secrets

import uuid_utils

_ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def new_id() -> str:
    """A new UUIDv7 in its canonical text form: later ids sort after earlier ones."""
    return str(uuid_utils.uuid7())


def is_id(text: str) -> bool:
    """Whether a text from outside can be an id at all."""
    return _ID.fullmatch(text) is not None


def new_token() -> str:
    """A random token of 128 bits, in hexadecimal."""
    return secrets.token_hex(16)
