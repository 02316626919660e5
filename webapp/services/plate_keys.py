"""The keys of the months: all that holds a plate is sealed under its month's key, and goes with it.

Each is 256 random bits in a file of its own, outside the database and outside of what a backup of it holds. To destroy
the file makes every backup forget. No key is kept in memory: what one process destroys is gone for all of them at once.
"""

import hmac
import os
import re
import secrets
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Literal

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from flask import current_app

from webapp.config import make_private
from webapp.rules.clock import local_date
from webapp.services.disk import sync_folder
from webapp.services.keys import KEY_BYTES, NONCE_BYTES, decrypted, encrypted, of_setting, secret_keys

MONTH = re.compile(r"20\d\d-(?:0[1-9]|1[0-2])")
# Beside the key itself: one that is being written, and one that is being destroyed, each begins with a dot.
FILE = re.compile(rf"\.?({MONTH.pattern})\.\S+")
# More than a wrapped key takes.
LONGEST = 200
Purpose = Literal["ledger", "fingerprint", "plate", "repeat"]


class KeyNotOpened(Exception):
    """A month's key is there and no setting opens it; the message says what to set, and holds no key."""

    def __init__(self, month: str) -> None:
        super().__init__(
            f"The key of {month} in PLATE_KEYS was made under another PLATE_KEY or SECRET_KEY. Give that one again:"
            " older ones stand behind the newest in PLATE_KEY, or in SECRET_KEY_FALLBACKS."
        )


@dataclass(frozen=True, slots=True)
class MonthKey:
    """The key of one London month, such as 2026-11."""

    month: str
    secret: bytes = field(repr=False)

    def key(self, purpose: Purpose) -> bytes:
        """Return the 256-bit key for one purpose: HKDF without its first half, which a random secret does not need.

        This is one block of RFC 5869's Expand, see there 3.3.
        """
        return hmac.digest(self.secret, b"wardbook month %b\x01" % purpose.encode(), "sha256")


def month_of(moment: datetime) -> str:
    """Return the London month of an aware moment, such as 2026-11.

    >>> from datetime import UTC
    >>> month_of(datetime(2026, 6, 30, 23, 30, tzinfo=UTC))
    '2026-07'
    """
    day = local_date(moment)
    return f"{day.year}-{day.month:02}"


def current(now: datetime) -> MonthKey:
    """Return the key of the month that it is; it is made when there is none. Raises KeyNotOpened."""
    month = month_of(now)
    known = of(month)
    if known is None:
        _make(month)
        known = of(month)
    if known is None:
        raise KeyNotOpened(month)
    return known


def of(month: str) -> MonthKey | None:
    """Return a month's key, None once it is destroyed. Raises KeyNotOpened, and ValueError for what is no month."""
    path = _path(month)
    try:
        wrapped = _read(path)
    except FileNotFoundError:
        return None
    for setting in _wrapping_settings():
        with suppress(InvalidTag):
            return MonthKey(month, _open(setting, month, wrapped))
    # What was read while another process destroyed it is gone, and no fault of the settings.
    if not os.path.exists(path):
        return None
    raise KeyNotOpened(month)


def _read(path: str) -> bytes:
    """Return a small file's bytes; whoever takes a capture waits for it, so that it goes the short way."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        return os.read(descriptor, LONGEST)
    finally:
        os.close(descriptor)


def live() -> list[MonthKey]:
    """Return the keys of all months that have one, oldest first. Raises KeyNotOpened."""
    return [key for key in map(of, months()) if key is not None]


def months() -> list[str]:
    """Return the months that have a key, or what is left of one that was not quite destroyed, oldest first."""
    try:
        names = os.listdir(_folder())
    except FileNotFoundError:
        return []
    return sorted({found[1] for found in map(FILE.fullmatch, names) if found})


def destroy(month: str) -> None:
    """Destroy a month's key for good: nobody can read what is sealed under it, in any backup. Again is no error.

    Its name goes first, so that no process finds half a key; what a crash leaves of it, the next time takes away.
    """
    path, folder = _path(month), _folder()
    if month not in months():
        return
    with suppress(FileNotFoundError):
        os.rename(path, folder / f".{month}.gone-{secrets.token_hex(8)}")
    sync_folder(folder)
    for left in _left_of(month):
        with suppress(FileNotFoundError):
            _overwrite(left)
            left.unlink()
    sync_folder(folder)


def _left_of(month: str) -> Iterable[Path]:
    folder = _folder()
    return [folder / name for name in os.listdir(folder) if name.startswith(f".{month}.")]


def _overwrite(path: Path) -> None:
    with path.open("r+b", buffering=0) as file:
        file.write(os.urandom(path.stat().st_size))
        os.fsync(file.fileno())


def _make(month: str) -> None:
    """Put a new key in its place, unless another process has; either way there is one, and it is on the disk."""
    path, folder = _path(month), _folder()
    make_private(folder)
    sync_folder(folder.parent)
    with _written_beside(month) as beside, suppress(FileExistsError):
        os.link(beside, path)
    sync_folder(folder)


@contextmanager
def _written_beside(month: str) -> Iterator[Path]:
    path = _folder() / f".{month}.new-{secrets.token_hex(8)}"
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(_wrap(_wrapping_settings()[0], month, os.urandom(KEY_BYTES)))
        file.flush()
        os.fsync(file.fileno())
    try:
        yield path
    finally:
        path.unlink()


def _wrapping_settings() -> list[str]:
    """Return what keys are wrapped under, the first for new ones: PLATE_KEY where it is set, then the secret keys."""
    return [*current_app.config["PLATE_KEY"].split(), *secret_keys()]


def _wrap(setting: str, month: str, secret: bytes) -> bytes:
    return encrypted(_box(setting), secret, month.encode())


def _open(setting: str, month: str, wrapped: bytes) -> bytes:
    """Return the key that is wrapped. Raises InvalidTag where this setting does not open it."""
    if len(wrapped) <= NONCE_BYTES:
        raise InvalidTag
    return decrypted(_box(setting), wrapped, month.encode())


@lru_cache(maxsize=8)
def _box(setting: str) -> AESGCM:
    return AESGCM(of_setting(setting, "month keys"))


def _folder() -> Path:
    return Path(current_app.config["PLATE_KEYS"])


def _path(month: str) -> str:
    if MONTH.fullmatch(month) is None:
        raise ValueError("A month is written as 2026-11.")
    return f"{current_app.config['PLATE_KEYS']}/{month}.key"
