"""Several people who do the same at the same moment."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from threading import Barrier, BrokenBarrierError
from typing import Any, TypeVar

import pytest
from flask import Flask

Got = TypeVar("Got")


def at_once(app: Flask, do: Callable[[], Got], times: int = 2) -> list[Got]:
    """Return what each of several threads got that did this at the same moment; what one raises is raised here."""
    together = Barrier(times)

    def do_together(number: int) -> Got:
        with app.app_context():
            together.wait()
            return do()

    with ThreadPoolExecutor(times) as threads:
        return list(threads.map(do_together, range(times)))


def meet_after(monkeypatch: pytest.MonkeyPatch, owner: object, name: str) -> None:
    """Let two who call this function go on together; where the second waits for the first, they never meet there."""
    act, both_have_acted = getattr(owner, name), Barrier(2, timeout=1)

    def act_together(*asked: Any, **named: Any) -> Any:
        answer = act(*asked, **named)
        with suppress(BrokenBarrierError):
            both_have_acted.wait()
        return answer

    monkeypatch.setattr(owner, name, act_together)
