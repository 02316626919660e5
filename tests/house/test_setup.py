"""What a newcomer sees: missing programs named with the line to type, a listing of verbs, honest counts."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest

from setup import debian, ready, test
from setup.postgres import temporary_postgres
from tests.house.tree import ROOT


@pytest.fixture
def programs(tmp_path: Path) -> Path:
    """A PATH with the shell's own few programs and nothing else."""
    folder = tmp_path / "bin"
    folder.mkdir()
    for name in ("dirname", "id", "make", "sh"):
        found = shutil.which(name)
        assert found is not None
        (folder / name).symlink_to(found)
    return folder


def put(programs: Path, name: str, script: str) -> None:
    (programs / name).write_text(f"#!/bin/sh\n{script}\n")
    (programs / name).chmod(0o755)


def make_run(programs: Path) -> tuple[int, list[str]]:
    """Return the exit code of `make run` and what it said, without make's own closing line."""
    done = subprocess.run(
        ["make", "run"], cwd=ROOT, env={"PATH": str(programs)}, capture_output=True, text=True, check=False
    )
    return done.returncode, [line for line in done.stderr.splitlines() if not line.startswith("make: ***")]


def test_without_python_one_sentence_says_what_to_type(programs: Path):
    code, said = make_run(programs)
    assert code
    assert len(said) == 1
    assert said[0].startswith("Wardbook needs Python 3.11 or newer")
    assert said[0].endswith("apt-get install --yes python3 python3-venv")


def test_a_python_that_is_too_old_is_no_python(programs: Path):
    put(programs, "python3", "exit 1")
    code, said = make_run(programs)
    assert code
    assert said[0].startswith("Wardbook needs Python 3.11 or newer")


def test_a_python_without_venv_is_told_from_no_python(programs: Path):
    put(programs, "python3", 'case "$2" in *ensurepip*) exit 1;; esac')
    code, said = make_run(programs)
    assert code
    assert len(said) == 1
    assert "venv module" in said[0]


def test_without_node_one_sentence_says_what_to_type(programs: Path):
    put(programs, "python3", f'exec {sys.executable} "$@"')
    code, said = make_run(programs)
    assert code
    assert len(said) == 1
    assert said[0].startswith("Wardbook needs Node 20 or newer, and it is not there: type  ")
    assert "apt-get install --yes nodejs npm" in said[0]


def test_node_18_of_debian_12_is_told_how_to_become_newer(programs: Path):
    put(programs, "python3", f'exec {sys.executable} "$@"')
    put(programs, "node", "echo v18.20.4")
    put(programs, "npm", "exit 0")
    code, said = make_run(programs)
    assert code
    assert "and this is 18: type" in said[0]
    assert said[0].endswith("npm install --global node@22")


def test_node_without_npm_is_told_apart(programs: Path):
    put(programs, "python3", f'exec {sys.executable} "$@"')
    put(programs, "node", "echo v20.19.2")
    _, said = make_run(programs)
    assert said[0].startswith("Wardbook needs npm, which is not there: type  ")


def test_somebody_who_is_not_root_is_told_the_exact_line_for_the_tests(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(
        debian.shutil, "which", lambda name: "/usr/bin/" + name if name == "apt-get" else None
    )
    monkeypatch.setattr(debian, "postgres_programs", lambda: None)
    monkeypatch.setattr(debian.ctypes.util, "find_library", lambda name: None)
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    with pytest.raises(debian.NotReady) as refused:
        debian.install_for_tests()
    packages = "chromium postgresql libpango-1.0-0 libpangoft2-1.0-0"
    assert f"sudo apt-get update && sudo apt-get install --yes {packages}" in str(refused.value)


def test_a_changed_lock_file_is_noticed_whatever_its_date(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    commands: list[list[str]] = []
    monkeypatch.setattr(ready, "ROOT", tmp_path)
    monkeypatch.setattr(ready, "NODE_MODULES", tmp_path / "node_modules")
    monkeypatch.setattr(ready, "_step", lambda title, command: commands.append(command))
    (tmp_path / "node_modules").mkdir()
    lock = tmp_path / "package-lock.json"
    lock.write_text("one")
    ready.install_node_packages()
    ready.install_node_packages()
    assert len(commands) == 1
    lock.write_text("two")
    os.utime(lock, (0, 0))
    ready.install_node_packages()
    assert len(commands) == 2


def test_make_alone_lists_the_verbs():
    said = subprocess.run(["make"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    listed = {line.split()[1] for line in said.splitlines()}
    assert {"run", "test", "check", "bench", "format", "migration", "screenshots", "lock"} <= listed


def test_a_migration_without_words_is_asked_for_them():
    done = subprocess.run(["make", "migration", "m="], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode
    assert 'make migration m="add a column"' in done.stderr


def test_the_database_server_answers_and_is_gone_afterwards():
    with temporary_postgres() as address, psycopg.connect(address) as connection:
        assert connection.execute("SHOW fsync").fetchone() == ("off",)
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(address, connect_timeout=5)


def test_the_database_server_is_gone_when_the_tests_break():
    address = ""

    def broken() -> None:
        nonlocal address
        with temporary_postgres() as address:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        broken()
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(address, connect_timeout=5)


def test_pytest_s_results_are_counted_and_skips_keep_their_reasons(tmp_path: Path):
    written = tmp_path / "test_written.py"
    written.write_text(
        "import pytest\n"
        "def test_passes(): pass\n"
        "def test_fails(): assert False\n"
        "@pytest.mark.skip(reason='no data here')\n"
        "def test_is_skipped(): pass\n"
    )
    tally = test.python("Python", [str(written), "-q", "-p", "no:cacheprovider"], dict(os.environ), tmp_path)
    assert (tally.passed, tally.failed, len(tally.skipped)) == (1, 1, 1)
    assert "no data here" in tally.skipped[0]


def test_a_part_that_ran_nothing_has_failed(tmp_path: Path):
    tally = test.python("Python", [str(tmp_path), "-q", "-p", "no:cacheprovider"], dict(os.environ), tmp_path)
    assert (tally.passed, tally.failed) == (0, 1)
