"""Where rate limits are counted on one machine: a SQLite file that all its processes share.

Importing this module teaches `limits` the scheme `sqlite:///path`; other schemes, such as redis://, are its own.
Counts are worth nothing after a power cut, so nothing waits for the disk.
"""

import sqlite3
import threading
import time
from pathlib import Path
from typing import Any

from limits.storage import Storage

TABLE = """
CREATE TABLE IF NOT EXISTS hit (key TEXT PRIMARY KEY, count INTEGER NOT NULL, expires_at REAL NOT NULL) WITHOUT ROWID
"""
PRAGMAS = ("busy_timeout=5000", "journal_mode=WAL", "synchronous=OFF")
# A window that is over starts again with this hit; one that runs keeps its end.
COUNT = """
INSERT INTO hit VALUES (:key, :amount, :expires_at) ON CONFLICT (key) DO UPDATE SET
    count = CASE WHEN expires_at <= :now THEN excluded.count ELSE count + excluded.count END,
    expires_at = CASE WHEN expires_at <= :now THEN excluded.expires_at ELSE expires_at END
RETURNING count
"""
HITS_PER_SWEEP = 1000


class SqliteStorage(Storage):
    """Fixed windows in a SQLite file: the connection opens with the first hit, in the process that makes it."""

    STORAGE_SCHEME = ["sqlite"]  # noqa: RUF012 - the base class declares it so.

    def __init__(self, uri: str | None = None, wrap_exceptions: bool = False, **options: Any) -> None:
        super().__init__(uri, wrap_exceptions=wrap_exceptions, **options)
        self._path = Path((uri or "").removeprefix("sqlite:///"))
        self._turn = threading.Lock()
        self._connection: sqlite3.Connection | None = None
        self._hits = 0

    @property
    def base_exceptions(self) -> type[Exception]:
        """What the file can raise; `limits` then counts in memory until it works again."""
        return sqlite3.Error

    def incr(self, key: str, expiry: float, amount: int = 1) -> int:
        """Return the count of this key's window after adding to it; a first hit opens a window of `expiry` seconds."""
        now = time.time()
        values = {"key": key, "amount": amount, "expires_at": now + expiry, "now": now}
        with self._turn:
            self._hits += 1
            if self._hits % HITS_PER_SWEEP == 0:
                self._open().execute("DELETE FROM hit WHERE expires_at <= ?", [now])
            return int(self._open().execute(COUNT, values).fetchone()[0])

    def get(self, key: str) -> int:
        """Return the count of this key's window, 0 when none runs."""
        return int(self._read("count", key, 0))

    def get_expiry(self, key: str) -> float:
        """Return when this key's window ends, in seconds since 1970; now when none runs."""
        return float(self._read("expires_at", key, time.time()))

    def clear(self, key: str) -> None:
        """Forget this key."""
        self._execute("DELETE FROM hit WHERE key = ?", [key])

    def reset(self) -> int:
        """Forget every key and return how many there were."""
        return self._execute("DELETE FROM hit", []).rowcount

    def check(self) -> bool:
        """Return whether the file can be read."""
        try:
            self._execute("SELECT 1", [])
        except sqlite3.Error:
            return False
        return True

    def _read(self, column: str, key: str, otherwise: float) -> float:
        query = f"SELECT {column} FROM hit WHERE key = ? AND expires_at > ?"  # noqa: S608 - the columns are ours.
        with self._turn:
            row = self._open().execute(query, [key, time.time()]).fetchone()
        return row[0] if row else otherwise

    def _execute(self, statement: str, values: list[Any]) -> sqlite3.Cursor:
        with self._turn:
            return self._open().execute(statement, values)

    def _open(self) -> sqlite3.Connection:
        if self._connection is None:
            connection = sqlite3.connect(self._path, isolation_level=None, check_same_thread=False)
            for pragma in PRAGMAS:
                connection.execute(f"PRAGMA {pragma}")
            connection.execute(TABLE)
            self._connection = connection
        return self._connection
