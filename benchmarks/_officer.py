"""An officer's browser on a year of England, and how long it waits."""

import shutil
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from http.client import HTTPConnection, HTTPResponse
from itertools import cycle, islice
from pathlib import Path

import requests

from benchmarks._load import Outcome
from benchmarks._served import fresh_folder
from tests.browser.server import Served
from tests.builders import hidden_fields
from webapp.services.demo import PASSWORD

OFFICER = "owen@demo.example"
WARMING, REQUESTS = 5, 60


class Officer:
    """An officer's browser: signed in on the page, then one connection that is kept."""

    def __init__(self, served: Served) -> None:
        with requests.Session() as session:
            page = session.get(f"{served.url}/sign-in", timeout=60)
            answers = {**hidden_fields(page.text), "email": OFFICER, "password": PASSWORD}
            session.post(f"{served.url}/sign-in", answers, timeout=60).raise_for_status()
            self._cookie = "; ".join(f"{cookie.name}={cookie.value}" for cookie in session.cookies)
        self._connection = HTTPConnection("127.0.0.1", served.port, timeout=600)

    def ask(self, address: str) -> HTTPResponse:
        """Ask for a page and return the answer, of which nothing is read yet."""
        self._connection.request("GET", address, headers={"Cookie": self._cookie})
        answer = self._connection.getresponse()
        if answer.status != 200:
            raise SystemExit(f"{address} answered {answer.status}.")
        return answer

    def get(self, address: str) -> None:
        """Ask for a page and read all of it."""
        self.ask(address).read()


@contextmanager
def of_england(path: Path) -> Iterator[Served]:
    """Serve Wardbook on a copy of a database file."""
    with fresh_folder() as folder:
        shutil.copy(path, folder / "wardbook.sqlite")
        with Served(folder) as served:
            yield served


def in_turns(
    ask: Callable[[str], object], addresses: Sequence[str], per_cent: int = 95, requests: int = REQUESTS
) -> float:
    """Return the latency in ms that so many per cent of the requests stay within, asked in turns."""
    outcome = Outcome()
    for number, address in enumerate(islice(cycle(addresses), WARMING + requests)):
        begun_at = time.perf_counter()
        ask(address)
        if number >= WARMING:
            outcome.latencies_s.append(time.perf_counter() - begun_at)
    return outcome.percentile_ms(per_cent)
