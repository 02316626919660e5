"""Running a program of ours in a process of its own: what it takes of memory, or dies of, is gone with it."""

import subprocess
import sys
import tempfile
from pathlib import Path


class Ended(Exception):
    """The program gave no whole answer; the message says how it ended."""


def run(program: Path, given: bytes, within_s: float) -> bytes:
    """Return what a program answers to what it is given. Raises Ended when it fails or takes too long.

    The answer goes into a file, because the length of a file can be limited and that of a pipe cannot. A session of its
    own keeps Ctrl-C in a terminal from being taken for a fault of what it was given.
    """
    with tempfile.TemporaryFile() as answer:
        try:
            done = subprocess.run(
                [sys.executable, "-I", str(program)],
                input=given,
                stdout=answer,
                stderr=subprocess.DEVNULL,
                timeout=within_s,
                env={},
                cwd="/",
                start_new_session=True,
                check=False,
            )
        except subprocess.TimeoutExpired:
            raise Ended("took too long") from None
        if done.returncode:
            raise Ended(f"ended with {done.returncode}")
        answer.seek(0)
        return answer.read()
