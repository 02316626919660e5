"""The worker as it is started: it does what is owed, stops when told with its job done, and logs nobody's name."""

import asyncio
import io
import json
import os
import selectors
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO
from uuid import uuid4

import pytest
from aiosmtpd.controller import Controller
from flask import Flask

from tests import pictures
from tests.builders import submit
from tests.services.test_mail import free_port
from webapp.extensions import db, jobs
from webapp.forms.photos import look_at
from webapp.models.notice import Notice
from webapp.models.photo import Photo
from webapp.rules.roles import ANYBODY
from webapp.services import captures, work
from webapp.services.kinds import find_kind

ROOT = Path(__file__).resolve().parents[2]
PATIENCE_SECONDS = 60
ROSA = {"name": "Rosa Resident", "email": "rosa@example.org", "wants_news": True}


class Worker:
    """`flask --app webapp jobs` in a process of its own, on this test's database and folder."""

    def __init__(self, app: Flask) -> None:
        settings = {
            name: str(app.config[name]) for name in ("DATABASE_URL", "SECRET_KEY", "MEDIA_URL", "MAIL_URL")
        }
        environment = {**os.environ, **settings, "INSTANCE": app.instance_path}
        command = [sys.executable, "-m", "flask", "--app", "webapp", "jobs"]
        self.process = subprocess.Popen(command, cwd=ROOT, env=environment, stderr=subprocess.PIPE)
        self.lines: list[str] = []
        stream = self.process.stderr
        assert stream is not None
        self._reader = threading.Thread(target=self._read, args=(stream,), daemon=True)
        self._reader.start()

    def _read(self, stream: IO[bytes]) -> None:
        for line in stream:
            self.lines.append(line.decode())

    def has_died(self) -> bool:
        """Whether it ended by itself, which fails the test with what it said."""
        assert self.process.poll() is None, "".join(self.lines)
        return False

    def wait(self) -> int:
        """Wait for its end and return its exit code."""
        code = self.process.wait(PATIENCE_SECONDS)
        self._reader.join(PATIENCE_SECONDS)
        return code

    def end(self) -> None:
        """Leave nothing running, whatever the test found."""
        if self.process.poll() is None:
            self.process.kill()
        self.wait()
        assert self.process.stderr is not None
        self.process.stderr.close()


@pytest.fixture(autouse=True)
def context(app: Flask):
    with app.app_context():
        yield


@pytest.fixture
def worker(app: Flask) -> Iterator[Worker]:
    worker = Worker(app)
    yield worker
    worker.end()


def eventually(holds: Callable[[], bool]) -> None:
    """Ask until it holds; a selector without anything to watch is a pause between two questions."""
    end = time.monotonic() + PATIENCE_SECONDS
    with selectors.DefaultSelector() as nothing:
        while not holds():
            assert time.monotonic() < end, "It did not come about in time."
            nothing.select(0.05)


def states(model: type) -> set[str]:
    db.session.rollback()
    return {state for (state,) in db.session.query(model.state)}


def accepted() -> int:
    db.session.rollback()
    return db.session.query(Notice).filter_by(state="accepted").count()


def send_report() -> None:
    capture_id = uuid4()
    photo = look_at(io.BytesIO(pictures.heic()), "rosas-house.heic")
    captures.stage(find_kind("fly_tipping"), capture_id, "a secret of the test", [photo], ANYBODY)
    submit(capture_id=capture_id, reporter=ROSA)


def test_the_worker_sends_and_unfolds_what_was_owed_before_and_after_its_start(app: Flask, worker: Worker):
    send_report()
    eventually(lambda: (states(Notice), states(Photo)) == ({"accepted"}, {"ready"}) or worker.has_died())
    with app.app_context():
        submit(reporter={**ROSA, "email": "vic@example.org"})
        work.soon("notices")
    eventually(lambda: accepted() == 2 or worker.has_died())
    worker.process.send_signal(signal.SIGTERM)
    assert worker.wait() == 0
    mails = [path.read_text() for path in sorted((Path(app.instance_path) / "mail").iterdir())]
    assert len(mails) == 2
    assert "To: rosa@example.org" in mails[0]
    events = [json.loads(line) for line in worker.lines]
    assert {"jobs_started", "jobs_stopped"} <= {event["event"] for event in events}
    everything = "".join(worker.lines).lower()
    for name in ("rosa", "example.org", "house"):
        assert name not in everything


class SlowServer:
    """A mail server that takes a message only when it is let."""

    def __init__(self) -> None:
        self.is_asked, self.may_take = threading.Event(), threading.Event()

    async def handle_DATA(self, server: object, session: object, envelope: object) -> str:  # noqa: N802 - its name.
        self.is_asked.set()
        while not self.may_take.is_set():
            await asyncio.sleep(0.01)
        return "250 OK"


def test_told_to_stop_the_worker_finishes_what_it_has_begun(app: Flask):
    server = SlowServer()
    controller = Controller(server, hostname="127.0.0.1", port=free_port())
    controller.start()
    app.config["MAIL_URL"] = f"smtp://127.0.0.1:{controller.port}"
    submit(reporter=ROSA)
    worker = Worker(app)
    try:
        eventually(lambda: server.is_asked.is_set() or worker.has_died())
        for number in (signal.SIGTERM, signal.SIGINT):
            worker.process.send_signal(number)
        server.may_take.set()
        assert worker.wait() == 0
        assert states(Notice) == {"accepted"}
        assert "jobs_stopped" in worker.lines[-1]
    finally:
        controller.stop()
        worker.end()


def test_a_job_with_more_to_do_gets_another_turn_after_the_others(tmp_path: Path):
    app, turns = Flask("jobs of a test"), []
    app.config.update(DATABASE_URL="sqlite://", JOBS_PATH=str(tmp_path / "jobs.sqlite"))

    def much() -> bool:
        turns.append("much")
        return turns.count("much") < 3

    def little() -> bool:
        turns.append("little")
        return False

    jobs.init_app(app, {"much": much, "little": little})
    queue = app.extensions["jobs"]
    jobs.nudge(app, "much")
    jobs.nudge(app, "little")
    while (task := queue.dequeue()) is not None:
        queue.execute(task)
    assert turns == ["much", "little", "much", "much"]


def test_a_nudge_that_fails_fails_nobody(monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture):
    def broken(*arguments: object) -> None:
        raise OSError

    monkeypatch.setattr(jobs, "nudge", broken)
    work.soon("notices", "photos")
    assert [record.job for record in caplog.records] == ["notices", "photos"]
