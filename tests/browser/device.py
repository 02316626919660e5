"""A phone whose browser can be killed and opened again on the same profile."""

from pathlib import Path
from typing import Any

from playwright.sync_api import BrowserContext, Playwright

from tests.browser.chromium import close_or_kill, kill, processes_with
from tests.browser.fault_proxy import FaultProxy
from tests.browser.field import PATIENCE_MS, Field
from tests.browser.server import Served, until


class Device:
    """A phone whose browser can be killed and opened again on the same profile."""

    def __init__(
        self, playwright: Playwright, served: Served, proxy: FaultProxy, folder: Path, **options: Any
    ) -> None:
        self.playwright, self.served, self.proxy, self.folder = playwright, served, proxy, folder
        self.options = options
        self.context: BrowserContext | None = None
        self.field = self.open()

    def open(self) -> Field:
        """Open the browser, on whatever the last one left."""
        self.context = self.playwright.chromium.launch_persistent_context(
            str(self.folder / "profile"), base_url=self.proxy.url, locale="en-GB", **self.options
        )
        self.context.set_default_timeout(PATIENCE_MS)
        field = Field(self.served, self.proxy, self.context, self.folder / "photos")
        if hasattr(self, "field"):
            field.ids, field.count = self.field.ids, self.field.count
        self.field = field
        return field

    def kill(self) -> None:
        """Kill every process of the browser at once, as an empty battery does."""
        profile = str(self.folder / "profile")
        kill(profile)
        until(lambda: not processes_with(profile), 10, "the browser to be gone")
        (self.folder / "profile" / "SingletonLock").unlink(missing_ok=True)

    def close(self) -> None:
        """Close the browser."""
        if self.context is not None:
            close_or_kill(self.context.close, str(self.folder / "profile"))
