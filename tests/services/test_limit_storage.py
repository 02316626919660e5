"""Rate limits in a SQLite file: counted once for all processes and threads, and forgotten in time."""

import multiprocessing
import sqlite3
import threading
from pathlib import Path

import pytest
from limits import RateLimitItemPerMinute
from limits.storage import storage_from_string
from limits.strategies import FixedWindowRateLimiter

from webapp.services import limit_storage
from webapp.services.limit_storage import SqliteStorage


@pytest.fixture
def now(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The time that the storage sees; a test moves it."""
    moment = [1_800_000_000.0]
    monkeypatch.setattr(limit_storage.time, "time", lambda: moment[0])
    return moment


@pytest.fixture
def storage(tmp_path: Path) -> SqliteStorage:
    return storage_from_string(f"sqlite:///{tmp_path / 'limits.sqlite'}")  # type: ignore[return-value]


def test_one_hit_too_many_is_refused_and_the_next_minute_starts_again(
    storage: SqliteStorage, now: list[float]
):
    limiter, ten = FixedWindowRateLimiter(storage), RateLimitItemPerMinute(10)
    assert [limiter.hit(ten, "rosa") for _ in range(11)] == [True] * 10 + [False]
    assert limiter.hit(ten, "somebody else")
    assert limiter.get_window_stats(ten, "rosa").reset_time == now[0] + 60
    now[0] += 60
    assert limiter.hit(ten, "rosa")
    assert storage.get(ten.key_for("rosa")) == 1


def test_a_key_that_never_was_counts_nothing(storage: SqliteStorage, now: list[float]):
    assert storage.get("nobody") == 0
    assert storage.get_expiry("nobody") == now[0]


def test_clearing_forgets_one_key_and_reset_all(storage: SqliteStorage):
    for key in ("a", "b", "c"):
        storage.incr(key, 60)
    storage.clear("a")
    assert (storage.get("a"), storage.get("b")) == (0, 1)
    assert storage.reset() == 2
    assert storage.get("b") == 0


def test_windows_that_are_over_leave_the_file(storage: SqliteStorage, now: list[float], tmp_path: Path):
    for number in range(400):
        storage.incr(f"old {number}", 60)
    now[0] += 61
    for _ in range(limit_storage.HITS_PER_SWEEP):
        storage.incr("new", 60)
    with sqlite3.connect(tmp_path / "limits.sqlite") as file:
        assert file.execute("SELECT count(*) FROM hit").fetchone() == (1,)
    file.close()


def _hit(path: str, times: int) -> None:
    storage = SqliteStorage(f"sqlite:///{path}")
    for _ in range(times):
        storage.incr("everybody", 600)


def test_processes_and_threads_count_together(storage: SqliteStorage, tmp_path: Path):
    path = str(tmp_path / "limits.sqlite")
    context = multiprocessing.get_context("spawn")
    workers = [context.Process(target=_hit, args=(path, 300)) for _ in range(2)]
    workers += [
        threading.Thread(target=lambda: [storage.incr("everybody", 600) for _ in range(300)])
        for _ in range(3)
    ]  # type: ignore[list-item]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert storage.get("everybody") == 1500


def test_a_file_that_cannot_be_opened_says_so(tmp_path: Path):
    storage = SqliteStorage(
        f"sqlite:///{tmp_path / 'no such folder' / 'limits.sqlite'}", wrap_exceptions=True
    )
    assert storage.check() is False
