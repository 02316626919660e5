"""What a phone loads on its first visit to the resident's form: bytes over the wire, counted in the browser."""

from collections import Counter
from typing import Any

from playwright.sync_api import sync_playwright

from benchmarks._bounds import Figures
from benchmarks._served import product
from tests.browser.chromium import chromium_options
from tests.browser.conftest import PHONE

PAGE = "/fly-tipping/new"
MOST_KB = 60
# Measured on their public pages, compressed: FixMyStreet's report page, Enketo's form page.
FIXMYSTREET_KB, ENKETO_KB = 240, 529


class Wire:
    """Counts what Chromium received, headers and all, as its own network panel does."""

    def __init__(self) -> None:
        self.kinds: dict[str, str] = {}
        self.bytes_by_kind: Counter[str] = Counter()

    def note_kind(self, event: Any) -> None:
        """Remember what a request is for."""
        self.kinds[event["requestId"]] = event["type"]

    def note_bytes(self, event: Any) -> None:
        """Add what a request brought."""
        kind = self.kinds.get(event["requestId"], "Other")
        self.bytes_by_kind[kind] += int(event["encodedDataLength"])


def main() -> None:
    """Measure and judge."""
    wire = Wire()
    with product() as served, sync_playwright() as running:
        chromium = running.chromium.launch(**chromium_options())
        page = chromium.new_context(**PHONE).new_page()
        network = page.context.new_cdp_session(page)
        network.on("Network.responseReceived", wire.note_kind)
        network.on("Network.loadingFinished", wire.note_bytes)
        network.send("Network.enable")
        page.goto(served.url + PAGE, wait_until="networkidle")
        chromium.close()
    figures = Figures()
    for kind, size in wire.bytes_by_kind.most_common():
        figures.tell(kind.lower(), f"{size / 1000:,.1f} kB")
    total = sum(wire.bytes_by_kind.values()) / 1000
    figures.at_most("together", total, MOST_KB, " kB")
    figures.tell("ratio to FixMyStreet's page", f"{total / FIXMYSTREET_KB:.2f} of its {FIXMYSTREET_KB} kB")
    figures.tell("ratio to Enketo's form", f"{total / ENKETO_KB:.2f} of its {ENKETO_KB} kB")
    figures.close()


if __name__ == "__main__":
    main()
