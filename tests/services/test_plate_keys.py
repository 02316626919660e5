"""The keys of the months: made once, whoever asks at the same moment, and once destroyed gone for good."""

import multiprocessing
import os
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from flask import Flask

from webapp.services import plate_keys
from webapp.services.plate_keys import KeyNotOpened

NOVEMBER = datetime(2026, 11, 22, 12, tzinfo=UTC)
DECEMBER = datetime(2026, 12, 1, 0, tzinfo=UTC)
FIRST, SECOND, PLATE = ("the first secret key", "the second secret key", "a key for plates alone")


def an_app(folder: Path, secret: str = FIRST, fallbacks: tuple[str, ...] = (), plate_key: str = "") -> Flask:
    """An app that knows its keys and nothing else."""
    app = Flask("keys")
    app.config.update(
        SECRET_KEY=secret,
        SECRET_KEY_FALLBACKS=list(fallbacks),
        PLATE_KEY=plate_key.replace(" ", "_"),
        PLATE_KEYS=str(folder),
    )
    return app


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "plate-keys"


@pytest.fixture
def in_keys(folder: Path) -> Iterator[None]:
    with an_app(folder).app_context():
        yield


def secret_under(folder: Path, **settings: object) -> bytes:
    """Return November's key as an app with these settings has it."""
    with an_app(folder, **settings).app_context():
        return plate_keys.current(NOVEMBER).secret


def test_a_month_s_key_is_made_once_and_closed_to_others(in_keys, folder: Path):
    key = plate_keys.current(NOVEMBER)
    assert (key.month, len(key.secret), plate_keys.current(NOVEMBER)) == ("2026-11", 32, key)
    assert [path.name for path in folder.iterdir()] == ["2026-11.key"]
    assert (folder.stat().st_mode & 0o777, (folder / "2026-11.key").stat().st_mode & 0o777) == (0o700, 0o600)
    assert key.secret not in (folder / "2026-11.key").read_bytes()
    assert key.secret.hex() not in repr(key) and repr(key.secret) not in repr(key)


def test_each_month_and_each_purpose_has_a_key_of_its_own(in_keys):
    months = [plate_keys.current(NOVEMBER), plate_keys.current(DECEMBER)]
    assert [key.month for key in months] == ["2026-11", "2026-12"]
    purposes = ("ledger", "fingerprint", "plate", "repeat")
    assert len({key.key(purpose) for key in months for purpose in purposes}) == 8
    assert plate_keys.live() == months


def test_a_month_is_london_s():
    assert plate_keys.month_of(datetime(2026, 6, 30, 23, 30, tzinfo=UTC)) == "2026-07"
    assert plate_keys.month_of(datetime(2026, 11, 30, 23, 30, tzinfo=UTC)) == "2026-11"


@pytest.mark.parametrize(
    "name", ["../2026-11", "2026-13", "2026-1", "2026-11\n", "1999-01", "", "2026-11.key", "٢٠٢٦-١١"]
)
def test_what_is_no_month_never_becomes_the_name_of_a_file(in_keys, name: str):
    for ask in (plate_keys.of, plate_keys.destroy):
        with pytest.raises(ValueError, match="A month is written as"):
            ask(name)


def test_a_destroyed_key_is_gone_and_its_bytes_are_overwritten(in_keys, folder: Path, tmp_path: Path):
    plate_keys.current(NOVEMBER)
    kept = plate_keys.current(DECEMBER)
    os.link(folder / "2026-11.key", tmp_path / "the same file by another name")
    before = (folder / "2026-11.key").read_bytes()
    for _ in range(2):
        plate_keys.destroy("2026-11")
        assert plate_keys.of("2026-11") is None
        assert (plate_keys.months(), plate_keys.live()) == (["2026-12"], [kept])
    after = (tmp_path / "the same file by another name").read_bytes()
    assert len(after) == len(before) and after[:12] != before[:12] and after[12:] != before[12:]
    plate_keys.destroy("2026-01")


def test_without_a_folder_there_is_no_key_and_nothing_to_destroy(in_keys, folder: Path):
    plate_keys.destroy("2026-11")
    assert (plate_keys.months(), plate_keys.live(), plate_keys.of("2026-11")) == ([], [], None)
    assert not folder.exists()


def test_what_a_crash_left_of_a_key_is_no_key_and_goes_the_next_time(in_keys, folder: Path):
    key = plate_keys.current(NOVEMBER)
    os.link(folder / "2026-11.key", folder / ".2026-11.new-0011")
    (folder / "2026-12.key").write_bytes(b"x")
    (folder / "2026-12.key").rename(folder / ".2026-12.gone-0011")
    assert plate_keys.months() == ["2026-11", "2026-12"]
    assert (plate_keys.current(NOVEMBER), plate_keys.live()) == (key, [key])
    for month in plate_keys.months():
        plate_keys.destroy(month)
    assert list(folder.iterdir()) == []


@pytest.mark.parametrize(
    "later",
    [
        {"secret": SECOND, "fallbacks": (FIRST,)},
        {"plate_key": PLATE},
        {"plate_key": PLATE, "secret": SECOND, "fallbacks": (FIRST,)},
    ],
)
def test_a_key_is_opened_by_the_setting_that_wrapped_it_while_that_is_still_given(folder: Path, later: dict):
    assert secret_under(folder) == secret_under(folder, **later)


def test_under_a_key_for_plates_the_secret_key_may_change(folder: Path):
    first = secret_under(folder, plate_key=PLATE)
    assert first == secret_under(folder, plate_key=PLATE, secret=SECOND)
    app = an_app(folder)
    app.config["PLATE_KEY"] = f"a_newer_one {PLATE.replace(' ', '_')}"
    with app.app_context():
        assert plate_keys.current(NOVEMBER).secret == first


@pytest.mark.parametrize(
    "ask", [lambda: plate_keys.current(NOVEMBER), lambda: plate_keys.of("2026-11"), plate_keys.live]
)
def test_a_key_that_no_setting_opens_is_told_and_never_taken_for_none(
    folder: Path, ask: Callable[[], object]
):
    secret_under(folder)
    with an_app(folder, SECOND).app_context():
        with pytest.raises(
            KeyNotOpened, match="The key of 2026-11 in PLATE_KEYS was made under another"
        ) as told:
            ask()
        assert SECOND not in str(told.value)
    assert (folder / "2026-11.key").exists()


def test_a_key_under_the_name_of_another_month_opens_nothing(in_keys, folder: Path):
    plate_keys.current(NOVEMBER)
    (folder / "2026-11.key").rename(folder / "2026-10.key")
    with pytest.raises(KeyNotOpened):
        plate_keys.of("2026-10")


def test_a_key_that_is_destroyed_while_it_is_read_is_gone_and_no_fault(
    in_keys, folder: Path, monkeypatch: pytest.MonkeyPatch
):
    plate_keys.current(NOVEMBER)

    def destroyed_meanwhile(path: str) -> bytes:
        plate_keys.destroy("2026-11")
        return b"what was overwritten while it was open"

    monkeypatch.setattr(plate_keys, "_read", destroyed_meanwhile)
    assert plate_keys.of("2026-11") is None


def _current_in_another_process(folder: Path, together: object, told: object) -> None:
    with an_app(folder).app_context():
        together.wait()  # type: ignore[attr-defined]
        told.put(plate_keys.current(NOVEMBER).secret)  # type: ignore[attr-defined]


def test_processes_that_make_a_key_at_once_end_with_one(folder: Path):
    context, count = multiprocessing.get_context("spawn"), 4
    together, told = context.Barrier(count), context.Queue()
    processes = [
        context.Process(target=_current_in_another_process, args=(folder, together, told))
        for _ in range(count)
    ]
    for process in processes:
        process.start()
    secrets = {told.get(timeout=60) for _ in processes}
    for process in processes:
        process.join()
    assert len(secrets) == 1
    assert [path.name for path in folder.iterdir()] == ["2026-11.key"]


def test_of_two_that_link_their_key_at_once_the_second_takes_the_first_s(
    in_keys, folder: Path, monkeypatch: pytest.MonkeyPatch
):
    link, first = os.link, []

    def overtaken(beside: Path, path: Path) -> None:
        if not first:
            first.append(None)
            first[0] = plate_keys.current(NOVEMBER)
        link(beside, path)

    monkeypatch.setattr(os, "link", overtaken)
    assert plate_keys.current(NOVEMBER) == first[0]
    assert [path.name for path in folder.iterdir()] == ["2026-11.key"]


def test_a_key_is_gone_at_once_for_a_process_that_had_read_it(in_keys, folder: Path):
    plate_keys.current(NOVEMBER)
    with an_app(folder).app_context():
        plate_keys.destroy("2026-11")
    assert plate_keys.of("2026-11") is None
