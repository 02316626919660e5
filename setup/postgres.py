"""A real PostgreSQL server for the tests: made in a temporary folder, on a free port, gone afterwards."""

import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from setup.debian import NotReady, postgres_programs

START_SECONDS = 60
OWNER = "postgres"
# The tests' data need not outlive a power cut.
SETTINGS = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "max_connections": "200",
    "logging_collector": "off",
}


@contextmanager
def temporary_postgres() -> Iterator[str]:
    """Yield the postgresql:// address of a fresh server; stop it and remove its folder whatever happens.

    PostgreSQL refuses to run as root, so root starts it as the user postgres that Debian's package makes.
    """
    programs = postgres_programs()
    if programs is None:
        raise NotReady(
            "There is no PostgreSQL server on this machine: type  apt-get install --yes postgresql"
        )
    folder = Path(tempfile.mkdtemp(prefix="wardbook-postgres-"))
    server = None
    try:
        user = _give_to_owner(folder)
        data, port = folder / "data", _free_port()
        _make_cluster(programs, data, user)
        log = folder / "log"
        with log.open("wb") as lines:
            server = _start(programs, data, port, user, lines.fileno())
        _wait_until_it_answers(programs, port, server, log)
        yield f"postgresql://{OWNER}@127.0.0.1:{port}/postgres"
    finally:
        if server is not None:
            _stop(server)
        shutil.rmtree(folder, ignore_errors=True)


def _give_to_owner(folder: Path) -> str | None:
    """Hand the folder to the user the server will run as, and return that user; None means this very user."""
    if os.geteuid() != 0:
        return None
    owner = pwd.getpwnam(OWNER)
    os.chown(folder, owner.pw_uid, owner.pw_gid)
    return OWNER


def _make_cluster(programs: Path, data: Path, user: str | None) -> None:
    command = [
        str(programs / "initdb"),
        "--pgdata",
        str(data),
        "--username",
        OWNER,
        "--auth",
        "trust",
        "--no-sync",
    ]
    command += ["--encoding", "UTF8", "--locale", "C.UTF-8"]
    done = subprocess.run(
        command,
        user=user,
        cwd=data.parent,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise NotReady(f"PostgreSQL could not make its folder: {done.stderr.strip()}")


def _start(programs: Path, data: Path, port: int, user: str | None, log: int) -> subprocess.Popen[bytes]:
    """Start the server in a session of its own: Ctrl-C must not take it from tests that are tidying up."""
    settings = [part for name, value in SETTINGS.items() for part in ("-c", f"{name}={value}")]
    return subprocess.Popen(
        [str(programs / "postgres"), "-D", str(data), "-p", str(port), *settings],
        user=user,
        cwd=data.parent,
        stdin=subprocess.DEVNULL,
        stdout=log,
        stderr=log,
        start_new_session=True,
    )


def _wait_until_it_answers(programs: Path, port: int, server: subprocess.Popen[bytes], log: Path) -> None:
    ask = [str(programs / "pg_isready"), "--quiet", "--host", "127.0.0.1", "--port", str(port)]
    for _ in range(START_SECONDS * 10):
        if subprocess.run(ask, check=False).returncode == 0:
            return
        try:
            server.wait(timeout=0.1)
        except subprocess.TimeoutExpired:
            continue
        break
    raise NotReady(f"PostgreSQL did not start: {log.read_text(errors='replace').strip()}")


def _stop(server: subprocess.Popen[bytes]) -> None:
    """Close all connections and end the server, by force when it takes too long."""
    server.send_signal(signal.SIGINT)
    try:
        server.wait(timeout=10)
    except subprocess.TimeoutExpired:
        server.send_signal(signal.SIGQUIT)
        server.wait(timeout=10)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
