"""Sealing: what the ledger keeps of a capture is readable by the running product only, and forgotten on request."""

import contextlib
import hmac
import json
import os
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from flask import current_app

# As long as AES-GCM is made for; chosen at random, none comes twice in four thousand million reports under one key.
NONCE_BYTES = 12


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
    spelled, nonce = canonical(content), os.urandom(NONCE_BYTES)
    return Sealed(nonce + _box(secret_keys()[0]).encrypt(nonce, spelled, None), fingerprints(spelled))


def fingerprints(spelled: bytes) -> tuple[str, ...]:
    """Return the keyed hashes of a content's one spelling, under the newest secret key first."""
    keys = (_key(key, b"fingerprint") for key in secret_keys())
    return tuple(hmac.digest(key, spelled, "sha256").hex() for key in keys)


def unseal(sealed: bytes) -> Any:
    """Return sealed content, under the newest secret key or one of its fallbacks. Raises InvalidTag under no other."""
    nonce, box = sealed[:NONCE_BYTES], sealed[NONCE_BYTES:]
    for key in secret_keys():
        with contextlib.suppress(InvalidTag):
            return json.loads(_box(key).decrypt(nonce, box, None))
    raise InvalidTag


@lru_cache(maxsize=8)
def _box(secret: str) -> AESGCM:
    return AESGCM(_key(secret, b"ledger"))


@lru_cache(maxsize=16)
def _key(secret: str, purpose: bytes) -> bytes:
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=b"wardbook " + purpose).derive(secret.encode())
