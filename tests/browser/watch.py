"""One pair of eyes on every page that a browser test opens: what a console would complain of fails the test."""

from urllib.parse import urlsplit

from playwright.sync_api import BrowserContext, ConsoleMessage, Page, Request

# The browser tells in the console of each answer that is an error; tests that provoke one say so.
REFUSED = "Failed to load resource: the server responded with a status of "


class Watch:
    """Collects console errors, faults in scripts, breaches of the policy and requests to anybody else."""

    def __init__(self, origin: str) -> None:
        self.origin = origin
        self.complaints: list[str] = []
        self.requests: list[str] = []
        self.allowed_statuses: set[int] = set()
        self.may_be_offline = False

    def over(self, context: BrowserContext) -> BrowserContext:
        """Watch every page of a context, also those opened later; return the context."""
        context.on("page", self._look_at)
        context.on("request", self._hear_request)
        return context

    def _look_at(self, page: Page) -> None:
        page.on("console", self._hear_console)
        page.on("pageerror", lambda error: self.complaints.append(f"{page.url}: {error}"))

    def _hear_console(self, message: ConsoleMessage) -> None:
        if message.type not in {"error", "warning"} or self._is_expected(message.text):
            return
        self.complaints.append(f"{message.type}: {message.text} ({message.location.get('url')})")

    def _is_expected(self, text: str) -> bool:
        if self.may_be_offline and "net::ERR" in text:
            return True
        # Said by the test tool itself, where a test leaves the service worker out.
        if text.startswith("Service Worker registration blocked"):
            return True
        return text.startswith(tuple(f"{REFUSED}{status} " for status in self.allowed_statuses))

    def _hear_request(self, request: Request) -> None:
        self.requests.append(request.url)
        parts = urlsplit(request.url)
        if parts.scheme not in {"data", "blob"} and f"{parts.scheme}://{parts.netloc}" != self.origin:
            self.complaints.append(f"asked another origin: {request.url}")
