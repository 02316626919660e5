"""The Chromium of the tests: one for all of them, ended and replaced when it answers no more."""

import os
import shutil
import signal
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import uuid4

from playwright.sync_api import Browser, Playwright
from playwright.sync_api import Error as PageError

QUIET = (
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
# Long after any close that works is over.
GIVEN_UP_AFTER_S = 60


def chromium_options() -> dict[str, Any]:
    """Return how Debian's Chromium is started; as root it cannot have its sandbox."""
    sandbox = ["--no-sandbox"] if os.geteuid() == 0 else []
    return {"executable_path": shutil.which("chromium"), "args": [*QUIET, *sandbox]}


def processes_with(words: str) -> list[int]:
    """Return the processes that have these words in their command line."""
    return [
        int(process.name)
        for process in Path("/proc").iterdir()
        if process.name.isdigit() and words in _command(process)
    ]


def kill(words: str) -> None:
    """Kill at once every process that has these words in its command line."""
    for pid in processes_with(words):
        try:
            os.kill(pid, signal.SIGKILL)
        except ProcessLookupError:
            continue


def _command(process: Path) -> str:
    try:
        return (process / "cmdline").read_text(errors="replace")
    except (FileNotFoundError, ProcessLookupError):
        return ""


class Chromium:
    """Debian's Chromium for all tests of a folder."""

    def __init__(self, playwright: Playwright, given_up_after_s: float = GIVEN_UP_AFTER_S) -> None:
        self.mark = f"--tests-of-wardbook={uuid4().hex}"
        self._launch, self._given_up_after_s = playwright.chromium.launch, given_up_after_s
        self._browser: Browser | None = None

    def browser(self) -> Browser:
        """Return the browser, a new one when there is none or the last one ended."""
        if self._browser is None or not self._browser.is_connected():
            options = chromium_options()
            self._browser = self._launch(**{**options, "args": [*options["args"], self.mark]})
        return self._browser

    def leave(self, close: Callable[[], None]) -> None:
        """Close a context, or the browser.

        Chromium at times never answers that a context with a service worker is gone, and Playwright waits for ever:
        then it is killed, which ends the waiting, and the next test gets a new one.
        """
        watchdog = threading.Timer(self._given_up_after_s, kill, [self.mark])
        watchdog.start()
        try:
            close()
        except PageError:
            if self._browser is None or self._browser.is_connected():
                raise
        finally:
            watchdog.cancel()
