"""The secret keys of the settings, and keys of their own for each purpose made from one."""

from functools import lru_cache

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from flask import current_app

KEY_BYTES = 32


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
