"""Sealing: what the ledger keeps of a capture is readable by the running product only, and forgotten on request."""

import base64
import hmac
import json
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from cryptography.fernet import Fernet, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from flask import current_app


def secret_keys() -> list[str]:
    """Return the secret keys in use, the newest first: what was made with an older one stays good."""
    return [str(key) for key in (current_app.secret_key, *current_app.config["SECRET_KEY_FALLBACKS"])]


def canonical(content: Any) -> bytes:
    """Return the one JSON spelling of a capture's content: sorted keys, no spaces, UTF-8."""
    return json.dumps(
        content, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False
    ).encode()


@dataclass(frozen=True, slots=True)
class Sealed:
    """What the ledger keeps of a capture: its content encrypted under the newest secret key, and keyed hashes of it.

    There is one hash under each secret key, newest first: what is kept may be under an older one. A plain hash would
    let short answers, such as a plate, be guessed.
    """

    payload: bytes
    fingerprints: tuple[str, ...]


def seal(content: Any) -> Sealed:
    """Return the content as the ledger keeps it."""
    spelled, keys = canonical(content), secret_keys()
    marks = (hmac.digest(_key(key, b"fingerprint"), spelled, "sha256").hex() for key in keys)
    return Sealed(_box(keys[0]).encrypt(spelled), tuple(marks))


def unseal(sealed: bytes) -> Any:
    """Return sealed content, under the newest secret key or one of its fallbacks."""
    return json.loads(MultiFernet([_box(key) for key in secret_keys()]).decrypt(sealed))


@lru_cache(maxsize=8)
def _box(secret: str) -> Fernet:
    return Fernet(base64.urlsafe_b64encode(_key(secret, b"ledger")))


@lru_cache(maxsize=16)
def _key(secret: str, purpose: bytes) -> bytes:
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=b"wardbook " + purpose).derive(secret.encode())
