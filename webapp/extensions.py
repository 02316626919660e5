"""The extensions, created here and bound in `create_app`, and the one clock that moments come from."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime

from flask import Flask
from flask_alembic import Alembic
from flask_compress import Compress
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from flask_security import Security
from flask_sqlalchemy_lite import SQLAlchemy
from flask_talisman import Talisman
from flask_wtf import CSRFProtect
from huey import Huey, PostgresHuey, SqliteHuey, crontab


class Clock:
    """The moment it is. It can be made to stand still, for tests and for a demo year that lies in the past."""

    def __init__(self) -> None:
        self._standing: ContextVar[datetime | None] = ContextVar("standing", default=None)

    def now(self) -> datetime:
        """Return this moment in UTC."""
        return self._standing.get() or datetime.now(UTC)

    @contextmanager
    def standing_at(self, moment: datetime) -> Iterator[None]:
        """Let it be `moment` for everything within."""
        token = self._standing.set(moment)
        try:
            yield
        finally:
            self._standing.reset(token)


class Jobs:
    """Work that the worker does beside the web processes.

    A job takes no arguments and does whatever the tables say is owed, so a lost or doubled nudge loses and doubles
    nothing: a nudge only makes the worker look sooner than its next round. A job returns whether more is waiting.
    """

    def init_app(self, app: Flask, works: dict[str, Callable[[], bool]]) -> None:
        """Bind the app's queue and its jobs by name; each also runs once a minute."""
        queue = _queue(app)
        app.extensions["jobs"] = queue
        for name, work in works.items():
            self._register(app, queue, name, work)

    def _register(self, app: Flask, queue: Huey, name: str, work: Callable[[], bool]) -> None:
        def run() -> None:
            with app.app_context():
                more = work()
            if more:
                # Its turn comes again behind the other jobs, so that many photos hold up no message.
                self.nudge(app, name)

        app.extensions.setdefault("job_tasks", {})[name] = queue.task(name=name)(run)
        queue.periodic_task(crontab(minute="*"), name=f"{name}_each_minute")(run)

    def nudge(self, app: Flask, name: str) -> None:
        """Ask the worker to do the named job soon; once is enough, while it has not begun with what was asked for.

        What waits is looked at as the queue keeps it, where each task's name stands in plain letters: to read whole
        tasks takes several times as long, and every report asks.
        """
        asked = name.encode()
        if not any(asked in waiting for waiting in app.extensions["jobs"].storage.enqueued_items()):
            app.extensions["job_tasks"][name]()


def _queue(app: Flask) -> Huey:
    # What became of a job is in the tables and its faults are in the log: kept by the queue they would hold values.
    url = app.config["DATABASE_URL"]
    if url.startswith("postgresql"):
        return PostgresHuey(
            name="wardbook", results=False, dsn=url.replace("postgresql+psycopg", "postgresql", 1)
        )
    return SqliteHuey(name="wardbook", results=False, filename=app.config["JOBS_PATH"], fsync=False)


alembic = Alembic(run_mkdir=False, command_name="db")
clock = Clock()
compress = Compress()
csrf = CSRFProtect()
db = SQLAlchemy(session_options={"expire_on_commit": False})
jobs = Jobs()
limiter = Limiter(key_func=get_remote_address)
security = Security()
talisman = Talisman()
