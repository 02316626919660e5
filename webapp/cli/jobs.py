"""The worker: `flask --app webapp jobs` does what is owed until it is told to stop."""

import logging
import os
import signal
import threading

import click
from flask import Flask, current_app
from flask.cli import with_appcontext
from huey import Huey
from huey.consumer import Consumer

from webapp.config import OTHERS
from webapp.extensions import jobs as queue_of_jobs
from webapp.services import turn
from webapp.services.work import WORKS

LOOK_AFTER_SECONDS = 10.0
# Whoever waits for a page goes before mail and photos.
NICENESS = 19
LONGEST_PAUSE_SECONDS = 1.0

log = logging.getLogger(__name__)


@click.command("jobs")
@with_appcontext
def jobs() -> None:
    """Send messages, prepare photos and clear up, until SIGTERM or Ctrl-C; the job at hand is finished first."""
    os.umask(OTHERS)
    os.nice(NICENESS)
    turn.give_way()
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]
    stopping = threading.Event()
    consumer = _consumer(app.extensions["jobs"])
    consumer.start()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stopping.set())
    # What was owed before this start is looked at now, not in a minute.
    for name in WORKS:
        queue_of_jobs.nudge(app, name)
    log.info("jobs_started")
    while not stopping.wait(LOOK_AFTER_SECONDS):
        consumer.check_worker_health()
    consumer.stop(graceful=True)
    log.info("jobs_stopped")


def _consumer(queue: Huey) -> Consumer:
    return queue.create_consumer(
        workers=1, periodic=True, initial_delay=0.05, max_delay=LONGEST_PAUSE_SECONDS
    )
