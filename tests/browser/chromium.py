"""The Chromium of the tests: one for all of them, ended and replaced when it answers no more."""

import os
import shutil
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from uuid import uuid4

from playwright.sync_api import Browser, BrowserContext, Playwright
from playwright.sync_api import Error as PageError

QUIET = (
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # A camera that films a clock: no machine of the tests has one of its own.
    "--use-fake-device-for-media-stream",
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


def close_or_kill(close: Callable[[], None], words: str, within_s: float = GIVEN_UP_AFTER_S) -> None:
    """Close a context or a browser whose processes have these words in their command line.

    Chromium at times never answers that a context with a service worker is gone, and Playwright waits for ever: then
    it is killed, which ends the waiting.
    """
    given_up = threading.Event()

    def give_up() -> None:
        given_up.set()
        kill(words)

    watchdog = threading.Timer(within_s, give_up)
    watchdog.start()
    try:
        close()
    except PageError:
        if not given_up.is_set():
            raise
    finally:
        watchdog.cancel()


class Chromium:
    """Debian's Chromium for all tests of a folder: it runs from the first context on."""

    def __init__(self, playwright: Playwright, given_up_after_s: float = GIVEN_UP_AFTER_S) -> None:
        self.mark = f"--tests-of-wardbook={uuid4().hex}"
        self._launch, self._given_up_after_s = playwright.chromium.launch, given_up_after_s
        self._browser: Browser | None = None

    @contextmanager
    def context(self, **options: Any) -> Iterator[BrowserContext]:
        """Open a context and close it; the next one is opened in a new browser where this one had to be killed."""
        context = self._running().new_context(**options)
        try:
            yield context
        finally:
            close_or_kill(context.close, self.mark, self._given_up_after_s)

    def end(self) -> None:
        """Close the browser, where there is one."""
        if self._browser is not None:
            close_or_kill(self._browser.close, self.mark, self._given_up_after_s)

    def _running(self) -> Browser:
        if self._browser is None or not self._browser.is_connected():
            options = chromium_options()
            self._browser = self._launch(**{**options, "args": [*options["args"], self.mark]})
        return self._browser
