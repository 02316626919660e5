"""Nothing acknowledged is lost: reports go on arriving while web processes, worker and the whole server are killed."""

import http.client
import sqlite3
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlencode, urlsplit
from uuid import uuid4

import pytest

from tests.browser.server import Served, prepare, until
from tests.builders import filled, hidden_fields

REPORTS = 200
THREADS = 4
# Reports acknowledged so far at which something dies: a web process, the worker, or everything at once.
DEATHS = ((20, "web"), (45, "jobs"), (70, "web"), (95, ""), (130, "jobs"), (160, "web"))
TRIES = 200
RETRY_AFTER_S = 0.1


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Served]:
    """A server that may be killed."""
    prepare(tmp_path)
    with Served(tmp_path) as server:
        yield server


@dataclass
class Sender:
    """Sends reports from several threads as phones do: the same capture again until an answer comes."""

    served: Served
    receipts: dict[str, str] = field(default_factory=dict)
    retried: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)

    def send_all(self, numbers: range) -> None:
        """Send the reports of these numbers one after the other."""
        for number in numbers:
            self._send(number)

    def _send(self, number: int) -> None:
        answers = filled(
            place_text=f"Report {number}", reporter_email=f"rosa{number}@killed.example", wants_news="y"
        )
        page: dict[str, str] = {}
        cookie = ""
        pause = threading.Event()
        for attempt in range(TRIES):
            try:
                if not page:
                    page, cookie = self._open_page()
                place = self._post({**page, **answers}, cookie)
            except (OSError, http.client.HTTPException):
                pause.wait(RETRY_AFTER_S)
                continue
            with self.lock:
                self.receipts[page["capture_id"]] = place
                self.retried += attempt > 0
            return
        raise AssertionError(f"Report {number} was never answered.")

    def _open_page(self) -> tuple[dict[str, str], str]:
        with closing(http.client.HTTPConnection("127.0.0.1", self.served.port, timeout=20)) as connection:
            connection.request("GET", "/fly-tipping/new")
            answer = connection.getresponse()
            html = answer.read().decode()
            cookie = (answer.getheader("Set-Cookie") or "").partition(";")[0]
        page = hidden_fields(html)
        return {**page, "capture_id": page["capture_id"] or str(uuid4())}, cookie

    def _post(self, fields: dict[str, str], cookie: str) -> str:
        body = urlencode(fields)
        headers = {"Content-Type": "application/x-www-form-urlencoded", "Cookie": cookie}
        with closing(http.client.HTTPConnection("127.0.0.1", self.served.port, timeout=20)) as connection:
            connection.request("POST", "/fly-tipping/new", body, headers)
            answer = connection.getresponse()
            answer.read()
        if answer.status != 303:
            raise http.client.HTTPException(str(answer.status))
        return urlsplit(answer.getheader("Location") or "").path


def test_no_acknowledged_report_is_lost_when_processes_are_killed(served: Served):
    sender = Sender(served)
    share = REPORTS // THREADS
    threads = [
        threading.Thread(target=sender.send_all, args=(range(start, start + share),))
        for start in range(0, REPORTS, share)
    ]
    for thread in threads:
        thread.start()
    for received, name in DEATHS:
        until(lambda least=received: len(sender.receipts) >= least, 90, f"report {received}")
        die(served, name)
    for thread in threads:
        thread.join(120)
    assert len(sender.receipts) == REPORTS
    assert sender.retried > 0
    everything_is_kept(served, sender)
    everybody_is_told(served)


def die(served: Served, name: str) -> None:
    """Kill one process and let the supervisor start it again, or kill all and start the server again."""
    if name:
        until(lambda: served.kill_one(name), 20, f"a process of {name}")
        return
    served.kill()
    served.start()


def everything_is_kept(served: Served, sender: Sender) -> None:
    """Every acknowledged capture is one record with its ledger rows, its reporter and the notice owed."""
    question = """
        SELECT record.place_text, count(DISTINCT record.id), count(DISTINCT capture_revision.rev),
               count(DISTINCT report.id), count(DISTINCT notice.id)
        FROM record
        JOIN capture ON capture.id = record.id AND capture.state = 'kept'
        JOIN capture_revision ON capture_revision.capture_id = record.id
        JOIN report ON report.record_id = record.id
        JOIN notice ON notice.report_id = report.id
        GROUP BY record.place_text"""
    with closing(sqlite3.connect(served.folder / "wardbook.sqlite")) as database:
        kept = {row[0]: row[1:] for row in database.execute(question)}
        ids = {row[0] for row in database.execute("SELECT id FROM record")}
        references = [row[0] for row in database.execute("SELECT reference FROM record")]
        sound = database.execute("PRAGMA integrity_check").fetchone()
    assert kept == {f"Report {number}": (1, 1, 1, 1) for number in range(REPORTS)}
    assert {name.replace("-", "") for name in sender.receipts} == ids
    assert len(set(references)) == REPORTS
    assert sound == ("ok",)


def everybody_is_told(served: Served) -> None:
    """Each reporter gets the acknowledgement, at most twice and then under the same Message-ID."""
    until(lambda: notices_that_are(served, "owed") == 0, 60, "the last message that was owed")
    ten_minutes_later(served)
    until(
        lambda: notices_that_are(served, "accepted") == REPORTS, 60, "the last message left by a dead worker"
    )
    letters = Counter((mail["To"], mail["Message-ID"]) for mail in served.mail())
    assert {to for to, _ in letters} == {f"rosa{number}@killed.example" for number in range(REPORTS)}
    assert len(letters) == REPORTS
    assert max(letters.values()) <= 2


def notices_that_are(served: Served, state: str) -> int:
    with closing(sqlite3.connect(served.folder / "wardbook.sqlite", timeout=20)) as database:
        return database.execute("SELECT count(*) FROM notice WHERE state = ?", (state,)).fetchone()[0]


def ten_minutes_later(served: Served) -> None:
    """Let the time pass after which a message that a dead worker had in its hands is sent once more."""
    served.stop()
    with closing(sqlite3.connect(served.folder / "wardbook.sqlite")) as database, database:
        database.execute("UPDATE notice SET due_at = created_at WHERE state = 'sending'")
    served.start()
