"""Sealing: what the ledger keeps of a capture is readable by the running product only, and forgotten on request.

What may hold a plate is sealed under the key of its month, so that it is forgotten with that; all else under the
secret key.
"""

import contextlib
import hmac
import json
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from webapp.models.capture import CaptureRevision
from webapp.services import plate_keys
from webapp.services.keys import decrypted, encrypted, of_setting, secret_keys
from webapp.services.plate_keys import MonthKey


def canonical(content: Any) -> bytes:
    """Return the one JSON spelling of a capture's content: sorted keys, no spaces, UTF-8."""
    return json.dumps(
        content, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False
    ).encode()


@dataclass(frozen=True, slots=True)
class Sealed:
    """What the ledger keeps of a capture: its content encrypted, and a keyed hash of it.

    A plain hash would let short answers, such as a plate, be guessed. `key_month` says which month's key was used,
    None for the newest secret key. `spelled` is what the hash is over, to compare with what is kept under older keys.
    """

    payload: bytes
    fingerprint: str
    key_month: str | None
    spelled: bytes = field(repr=False)


def seal(content: Any, key: MonthKey | None = None) -> Sealed:
    """Return the content as the ledger keeps it: under a month's key, or else under the newest secret key."""
    spelled = canonical(content)
    box = _box(secret_keys()[0]) if key is None else AESGCM(key.key("ledger"))
    return Sealed(encrypted(box, spelled), fingerprints(spelled, key)[0], key.month if key else None, spelled)


def fingerprints(spelled: bytes, key: MonthKey | None = None) -> tuple[str, ...]:
    """Return the keyed hashes of a content's one spelling: under a month's key, or each secret key, newest first."""
    keys = [key.key("fingerprint")] if key else [of_setting(one, "fingerprint") for one in secret_keys()]
    return tuple(hmac.digest(one, spelled, "sha256").hex() for one in keys)


def unseal(sealed: bytes, key: MonthKey | None = None) -> Any:
    """Return sealed content, under a month's key, or else a secret key. Raises InvalidTag under no other."""
    if key is not None:
        return json.loads(decrypted(AESGCM(key.key("ledger")), sealed))
    for secret in secret_keys():
        with contextlib.suppress(InvalidTag):
            return json.loads(decrypted(_box(secret), sealed))
    raise InvalidTag


def opened(revision: CaptureRevision) -> dict[str, Any] | None:
    """Return what a version says, None once it was forgotten, or the key of its month is destroyed."""
    if revision.payload is None:
        return None
    if revision.key_month is None:
        return dict(unseal(revision.payload))
    key = plate_keys.of(revision.key_month)
    # Where a month's key was lost before the month was over, there is another one by its name.
    with contextlib.suppress(InvalidTag):
        return dict(unseal(revision.payload, key)) if key is not None else None
    return None


def is_same(revision: CaptureRevision, spelled: bytes) -> bool:
    """Return whether a version is of this very content.

    Once it was forgotten nobody can tell: then whatever comes under its number counts as the same.
    """
    if revision.key_month is None:
        return revision.is_forgotten or revision.fingerprint in fingerprints(spelled)
    key = plate_keys.of(revision.key_month)
    is_known = key is not None and revision.fingerprint in fingerprints(spelled, key)
    return is_known or is_forgotten(revision)


def is_forgotten(revision: CaptureRevision) -> bool:
    """Return whether a version was forgotten, hash and all, or went with the key of its month."""
    if revision.key_month is None:
        return revision.is_forgotten
    if revision.payload is None:
        return plate_keys.of(revision.key_month) is None
    return opened(revision) is None


@lru_cache(maxsize=8)
def _box(secret: str) -> AESGCM:
    return AESGCM(of_setting(secret, "ledger"))
