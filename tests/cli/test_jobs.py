"""`flask jobs` as a real process: what it makes is closed to others, and it ends when told to."""

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.test_serve import Served, until
from tests.house.tree import ROOT
from webapp.config import SETTINGS


@pytest.fixture
def worker(filled_sqlite: Path, tmp_path: Path) -> Iterator[Served]:
    """The worker, started as by somebody whose new files anybody may read and write; killed if it still runs."""
    shutil.copy(filled_sqlite, tmp_path / "wardbook.sqlite")
    ours = {setting.name for setting in SETTINGS}
    inherited = {name: value for name, value in os.environ.items() if name not in ours}
    process = subprocess.Popen(
        [sys.executable, "-m", "flask", "--app", "webapp", "jobs"],
        cwd=ROOT,
        env={**inherited, "INSTANCE": str(tmp_path)},
        stderr=subprocess.PIPE,
        text=True,
        umask=0,
    )
    yield process
    process.kill()
    process.communicate()


def test_what_the_worker_makes_is_closed_to_other_accounts_and_it_ends_when_told(worker: Served):
    until(worker, "jobs_started")
    assert "Umask:\t0077" in Path(f"/proc/{worker.pid}/status").read_text(encoding="ascii")
    worker.send_signal(signal.SIGTERM)
    until(worker, "jobs_stopped")
    assert worker.wait(timeout=20) == 0
