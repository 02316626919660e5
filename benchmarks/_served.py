"""The product and its baseline, served as shipped, each in a fresh instance folder on this project's own disk."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.browser.server import Served, prepare

ROOT = Path(__file__).resolve().parent.parent


class ServedBare(Served):
    """The bare route on the same server."""

    command = ("--app", "benchmarks._bare", "serve", "--without-jobs")


@contextmanager
def fresh_folder() -> Iterator[Path]:
    """Give an empty folder beside the product's own: a machine's folder for temporary files may be memory."""
    (ROOT / "instance").mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="bench-", dir=ROOT / "instance") as folder:
        yield Path(folder)


@contextmanager
def product() -> Iterator[Served]:
    """Serve Wardbook: web processes and worker, with schematic wards and no records yet."""
    with fresh_folder() as folder:
        prepare(folder)
        with Served(folder) as served:
            yield served


def resident_mb(served: Served) -> list[float]:
    """Return the resident memory of each web process, largest first, in MB of a million bytes."""
    kilobytes = [_status(pid, "VmRSS") for pid in served.children("web")]
    return sorted((1024 * value / 1e6 for value in kilobytes), reverse=True)


def _status(pid: int, name: str) -> int:
    lines = Path(f"/proc/{pid}/status").read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(f"{name}:"))


@contextmanager
def bare(queue: str = "on") -> Iterator[Served]:
    """Serve the baseline; `queue` says whether its writers queue on a lock file as the product's do."""
    with fresh_folder() as folder, ServedBare(folder, BARE_QUEUE=queue) as served:
        yield served
