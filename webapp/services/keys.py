"""The secret keys of the settings, and keys of their own for each purpose made from one."""

import os
from functools import lru_cache

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from flask import current_app

KEY_BYTES = 32
# As long as AES-GCM is made for; chosen at random, none comes twice in four thousand million reports under one key.
NONCE_BYTES = 12


def encrypted(key: AESGCM, plain: bytes, about: bytes | None = None) -> bytes:
    """Return something encrypted, its nonce before it; `about` must be said again to open it."""
    nonce = os.urandom(NONCE_BYTES)
    return nonce + key.encrypt(nonce, plain, about)


def decrypted(key: AESGCM, sealed: bytes, about: bytes | None = None) -> bytes:
    """Return what was encrypted. Raises InvalidTag where this key does not open it."""
    return key.decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], about)


def secret_keys() -> list[str]:
    """Return the secret keys in use, the newest first: what was made with an older one stays good."""
    return [str(key) for key in (current_app.secret_key, *current_app.config["SECRET_KEY_FALLBACKS"])]


@lru_cache(maxsize=16)
def of_setting(secret: str, purpose: str) -> bytes:
    """Return the key for one purpose under a setting: who has one of them knows nothing of the others.

    It lives as long as the setting does, so it is kept.
    """
    info = b"wardbook " + purpose.encode()
    return HKDF(algorithm=SHA256(), length=KEY_BYTES, salt=None, info=info).derive(secret.encode())
