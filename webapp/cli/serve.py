"""`flask serve`: the supervisor of the web processes and the jobs worker, started and stopped together.

The supervisor holds the listening sockets and starts each process with its own. A process that dies is started
again: at once the first time, then after a pause that doubles. One that cannot stay up stops everything, so
that a person or an init system sees it. SIGINT, SIGTERM and a closed terminal stop all of it; should the
supervisor itself be killed, the kernel tells its processes to stop (Linux).
"""

import ctypes
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import click
from flask import current_app
from flask.cli import ScriptInfo, with_appcontext

from webapp.cli.web import FINISH_SECONDS
from webapp.config import OTHERS

HOST = "127.0.0.1"
STEADY_SECONDS = 60
LONGEST_PAUSE_SECONDS = 30
QUICK_DEATHS = 4
STOP_SECONDS = FINISH_SECONDS + 3
READY = signal.SIGUSR1
PR_SET_PDEATHSIG = 1


class ServeError(Exception):
    """Serving cannot begin or go on; the message says what to do."""


@dataclass
class Child:
    """One supervised process: its command, and how often and when it died."""

    name: str
    command: Sequence[str]
    descriptors: Sequence[int] = ()
    process: subprocess.Popen[bytes] | None = None
    started_at: float = 0.0
    starts_at: float = 0.0
    deaths: int = field(default=0)

    def start(self) -> None:
        """Start the process in a session of its own, so that Ctrl-C reaches the supervisor only."""
        self.process = subprocess.Popen(
            self.command,
            pass_fds=self.descriptors,
            start_new_session=True,
            stdin=subprocess.DEVNULL,
            preexec_fn=_before_exec,
        )
        self.started_at = time.monotonic()

    def look_after(self, say: Callable[[str], None]) -> None:
        """Start the process when it died and its pause is over; raise ServeError when it can't stay up."""
        now = time.monotonic()
        if self.process is not None and self.process.poll() is not None:
            self._note_death(now, say)
        if self.process is None and now >= self.starts_at:
            self.start()

    def _note_death(self, now: float, say: Callable[[str], None]) -> None:
        assert self.process is not None  # noqa: S101 - for the type checker; look_after has just asked.
        was_steady = now - self.started_at >= STEADY_SECONDS
        self.deaths = 1 if was_steady else self.deaths + 1
        if self.deaths >= QUICK_DEATHS:
            raise ServeError(
                f"The {self.name} stopped {self.deaths} times in a row: the lines above say why."
            )
        pause = 0 if self.deaths == 1 else min(2.0 ** (self.deaths - 2), LONGEST_PAUSE_SECONDS)
        when = f"in {pause:.0f} s" if pause else "now"
        ending = _how_it_ended(self.process.returncode)
        say(f"The {self.name} stopped by itself ({ending}): it starts again {when}.")
        self.process = None
        self.starts_at = now + pause


def _how_it_ended(code: int) -> str:
    return f"exit code {code}" if code >= 0 else signal.Signals(-code).name


def _before_exec() -> None:
    signal.pthread_sigmask(signal.SIG_SETMASK, ())
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


def listen_on(port: str, processes: int) -> list[socket.socket]:
    """Return a socket for each process, all on one port of this machine only; raise ServeError with a sentence.

    The kernel shares new connections out among them. With one socket for all, the process that woke first took
    nearly every connection of a burst, and the other stood idle.
    """
    if not port.isdecimal() or not 0 < int(port) < 65536:
        raise ServeError(f"PORT is “{port}”, which is no port: type  PORT=8001 make run")
    try:
        # Once without sharing: sockets that share a port would share it with another Wardbook too.
        _bound(int(port), shares=False).close()
        listeners = [_bound(int(port), shares=True) for _ in range(processes)]
    except PermissionError:
        raise ServeError(f"Port {port} is kept for the system: type  PORT=8001 make run") from None
    except OSError:
        another = int(port) + 1 if int(port) < 65535 else 8001
        raise ServeError(f"Port {port} is in use by something else: type  PORT={another} make run") from None
    for listener in listeners:
        listener.listen(1024)
    return listeners


def _bound(port: int, *, shares: bool) -> socket.socket:
    bound = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    # Without this a restart would have to wait until the last connections are forgotten.
    bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, int(shares))
    try:
        bound.bind((HOST, port))
    except OSError:
        bound.close()
        raise
    return bound


def supervise(
    children: Sequence[Child], awaited: int, on_ready: Callable[[], None], say: Callable[[str], None]
) -> None:
    """Keep the children running until told to stop, then stop them all.

    `on_ready` is called once, when `awaited` of them have sent SIGUSR1.
    """
    stopping = {signal.SIGINT, signal.SIGTERM, signal.SIGHUP}
    if signal.getsignal(signal.SIGHUP) == signal.SIG_IGN:
        stopping.discard(signal.SIGHUP)  # Started with nohup: meant to outlive its terminal.
    watched = stopping | {signal.SIGCHLD, READY}
    signal.pthread_sigmask(signal.SIG_BLOCK, watched)
    told = None
    try:
        while told not in stopping:
            for child in children:
                child.look_after(say)
            got = signal.sigtimedwait(watched, _seconds_to_next_start(children))
            told = got.si_signo if got else None
            if told == READY and awaited:
                awaited -= 1
                if not awaited:
                    on_ready()
        say("Stopping.")
    finally:
        _stop(children, stopping)


def _seconds_to_next_start(children: Sequence[Child]) -> float:
    waits = [child.starts_at - time.monotonic() for child in children if child.process is None]
    return max(0.0, min([*waits, 60.0]))


def _stop(children: Sequence[Child], hurry: set[signal.Signals]) -> None:
    """End all children: politely, and after STOP_SECONDS or a second Ctrl-C by force."""
    running = [child.process for child in children if child.process is not None]
    for process in running:
        process.terminate()
    last_moment = time.monotonic() + STOP_SECONDS
    while any(process.poll() is None for process in running):
        seconds = last_moment - time.monotonic()
        got = signal.sigtimedwait(hurry | {signal.SIGCHLD}, max(seconds, 0))
        if seconds <= 0 or (got and got.si_signo in hurry):
            for process in running:
                process.kill()
                process.wait()


@click.command("serve")
@click.option("--without-jobs", is_flag=True, help="Leave the jobs worker to another `flask jobs`.")
@with_appcontext
@click.pass_obj
def serve(info: ScriptInfo, without_jobs: bool) -> None:
    """Serve the pages and do the jobs until Ctrl-C."""
    os.umask(OTHERS)
    port, processes = current_app.config["PORT"], int(current_app.config["WEB_PROCESSES"])
    address = current_app.config["BASE_URL"]
    try:
        listeners = listen_on(port, processes)
        children = _children(info.app_import_path or "webapp", listeners, not without_jobs)
        supervise(children, processes, lambda: _announce(address, port), _say)
    except ServeError as error:
        _say(str(error))
        sys.exit(1)


def _children(app_name: str, listeners: Sequence[socket.socket], with_jobs: bool) -> list[Child]:
    flask = [sys.executable, "-m", "flask", "--app", app_name]
    children = [
        Child(
            f"web process {number}",
            [*flask, "web", "--socket", str(listener.fileno()), "--supervisor", str(os.getpid())],
            [listener.fileno()],
        )
        for number, listener in enumerate(listeners, 1)
    ]
    return [*children, Child("jobs worker", [*flask, "jobs"])] if with_jobs else children


def _say(sentence: str) -> None:
    click.echo(sentence, err=True)


def _announce(address: str, port: str) -> None:
    here = f"http://{HOST}:{port}"
    lines = [
        "",
        f"Wardbook is at    {address}" + ("" if address == here else f"  (served on {here})"),
        f"Staff sign in at  {address}/sign-in",
        f"On an Android phone on a cable, type  adb reverse tcp:{port} tcp:{port}  and open {here} there:",
        "a phone tells its position only to https addresses and to itself.",
        "Ctrl-C stops everything.",
        "",
    ]
    _say("\n".join(lines))
