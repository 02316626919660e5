"""Whose turn it is to write: on SQLite the writers of all processes queue on a lock file.

SQLite's own waiting sleeps and is unfair: under 16 connections it makes the slowest hundredth wait half a second, the
queue a tenth of that. PostgreSQL lets everybody write at once and never asks for a turn.
"""

import fcntl
import os
import sys
import time

from flask import current_app

# How long the worker lets pages write before it, and how often it looks for a gap.
PATIENCE_S = 2.0
LOOK_AGAIN_S = 0.05
# How soon other threads let go of the interpreter while one has the turn, and at any other time. Whoever writes lets
# go of it with each statement, and all who want to write wait until the writer has it back.
HURRY_S, USUAL_S = 0.00002, sys.getswitchinterval()


class Turn:
    """One writer's turn at the database of this path: taken once, left once, also when it was never taken."""

    def __init__(self, path: str | None) -> None:
        self._path = path
        self._descriptor: int | None = None

    def take(self) -> None:
        """Wait until nobody else has the turn, and have it; a database in memory has nobody else."""
        if self._path is None:
            return
        self._descriptor = os.open(f"{self._path}-writers", os.O_RDWR | os.O_CREAT, 0o600)
        _let_pages_go_first(self._descriptor)
        fcntl.flock(self._descriptor, fcntl.LOCK_EX)
        sys.setswitchinterval(HURRY_S)

    def leave(self) -> None:
        """Let the next one write."""
        if self._descriptor is not None:
            sys.setswitchinterval(USUAL_S)
            os.close(self._descriptor)
            self._descriptor = None


def give_way() -> None:
    """Let this process, the worker, write only while nobody else does, for as long as it can bear to wait."""
    current_app.extensions["gives_way"] = True


def _let_pages_go_first(descriptor: int) -> None:
    """Look for a moment at which nobody writes. Somebody waits for each page and nobody for the second of a message."""
    patience_ends_at = time.monotonic() + PATIENCE_S
    while current_app.extensions.get("gives_way") and time.monotonic() < patience_ends_at:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return
        except BlockingIOError:
            time.sleep(LOOK_AGAIN_S)
