"""The PDF of an audit with 60 photos, as the worker makes it: how long it takes, and what memory.

Against WeasyPrint with nothing but the same 60 pictures on a page, without tags, in a process of the same kind.
"""

import io
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

from PIL import Image, ImageDraw

from benchmarks._bounds import Figures
from benchmarks._served import fresh_folder
from tests.auditing import STREETS, Walked
from tests.browser.server import prepare
from tests.cast import Cast
from tests.conftest import SETTINGS
from tests.phone import Shot
from webapp import create_app
from webapp.extensions import db
from webapp.models.eva import Eva
from webapp.services import media, paper_work

OBSERVATIONS, LINES, ROUNDS = 60, 20, 3
PHOTO = (2048, 1536)
MOST_SECONDS, MOST_MB, MOST_RATIO = 15, 300, 4
BARE = """
import pathlib, sys, weasyprint
folder = pathlib.Path(sys.argv[1])
images = "".join(f'<img src="{one.as_uri()}" width="200">' for one in sorted(folder.glob("*.jpg")))
weasyprint.HTML(string=f"<html><body>{images}").write_pdf(folder / "bare.pdf")
"""


def _photo(number: int) -> bytes:
    """Return a photo with as much detail as a phone's: half a megabyte that no compression makes small."""
    image = Image.effect_noise(PHOTO, 40).convert("RGB")
    draw = ImageDraw.Draw(image)
    for at in range(0, PHOTO[0], 97):
        draw.line([(at, 0), ((at * 7 + number * 131) % PHOTO[0], PHOTO[1])], fill=(at % 255, 90, 60), width=9)
    file = io.BytesIO()
    image.save(file, "JPEG", quality=70)
    return file.getvalue()


def _audit(walked: Walked) -> None:
    seen = []
    for number in range(OBSERVATIONS):
        category = ("litter", "graffiti", "street_light")[number % 3]
        graded = {"grade": "C"} if number % 3 < 2 else {"grade": None, "severity": "2"}
        note = "Seen on both sides of the path, and worse towards the garages. " * 2
        seen.append(walked.see(Shot(content=_photo(number)), category=category, note=note, **graded))
    for number in range(LINES):
        walked.line(seen[number], seen[number + 20], status="completed" if number % 2 else "agreed")
    walked.unfold()


def _seconds(do: Callable[[], object]) -> float:
    begun_at = time.perf_counter()
    do()
    return time.perf_counter() - begun_at


def _memory_mb(name: str) -> float:
    lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) * 1024 / 1e6 for line in lines if line.startswith(f"{name}:"))


def main() -> None:
    """Measure and judge."""
    figures = Figures()
    with fresh_folder() as folder, tempfile.TemporaryDirectory(dir=folder) as pictures:
        prepare(folder)
        app = create_app({**SETTINGS, "DATABASE_URL": f"sqlite:///{folder / 'wardbook.sqlite'}"}, folder)
        walked = Walked(app, Cast(app)).send(**STREETS)
        _audit(walked)
        with app.app_context():
            eva = db.session.query(Eva).filter_by(reference=walked.reference).one()
            for photo_id in walked.photo_ids():
                (Path(pictures) / f"{photo_id}.jpg").write_bytes(media.read_copy(photo_id, "small"))
            bare, ours, peaks, made = [], [], [], None
            before = _memory_mb("VmRSS")
            # What making the photos took is not counted.
            Path("/proc/self/clear_refs").write_text("5")
            for _ in range(ROUNDS):
                command = [sys.executable, "-c", BARE, pictures]
                bare.append(_seconds(lambda: subprocess.run(command, check=True)))  # noqa: B023 - called at once.
                begun_at = time.perf_counter()
                made = paper_work.of(eva)
                ours.append(time.perf_counter() - begun_at)
                peaks.append(made.peak_bytes / 1e6)
            grown = max(0.0, _memory_mb("VmHWM") - before)
        figures.tell("pages and size", f"{made.pages}, {len(made.content) / 1e6:.1f} MB")
        figures.tell(f"WeasyPrint with the {OBSERVATIONS} pictures alone", f"{median(bare):.1f} s")
        figures.at_most(f"the PDF with {OBSERVATIONS} photos", median(ours), MOST_SECONDS, " s")
        figures.at_most("  ratio", median(ours) / median(bare), MOST_RATIO)
        figures.tell("the worker itself grew by", f"{grown:,.0f} MB")
        figures.at_most("memory of the typesetter and that together", max(peaks) + grown, MOST_MB, " MB")
    figures.close()


if __name__ == "__main__":
    main()
