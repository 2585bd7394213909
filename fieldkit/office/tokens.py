"""Secrets that open a door once or for a while: 256 random bits, of which the centre keeps only a hash (`fieldkit.store.centre_tables.hashed`)."""

from __future__ import annotations

import base64
import re
import secrets

from fieldkit.store.centre_tables import hashed

_FORM = re.compile(r"[A-Za-z0-9_-]{32,200}")


def new_token() -> str:
    """256 random bits as 52 small letters and digits, which survive an address, a shell and a phone call."""
    return base64.b32encode(secrets.token_bytes(32)).decode().rstrip("=").lower()


def is_token(text: str) -> bool:
    """Whether `text` has the form of a secret at all."""
    return _FORM.fullmatch(text) is not None


def form_token(session: str) -> str:
    """What a form of this session carries, so that no other page can send it."""
    return hashed(f"form {session}")


def same(one: str, other: str) -> bool:
    """Whether two secrets are equal, in a time that tells nothing."""
    return secrets.compare_digest(one.encode("utf-8", "replace"), other.encode("utf-8", "replace"))
