"""Our own static files: hashed names from the build's manifest, served compressed by WhiteNoise for ever."""

import json
import re
from pathlib import Path

from flask import Flask
from whitenoise import WhiteNoise

from webapp.views import headers

PREFIX = "/static/"
HASHED = re.compile(r"^.+-[A-Za-z0-9_-]{8,}\.[a-z0-9.]+$")
MISSING = "Run `make run` or `npm run build` first: static/build/manifest.json is not there."


class Assets:
    """The address of each static file by its source name."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.names: dict[str, str] = {}

    def __call__(self, name: str) -> str:
        """Return the address of a source file's built copy. Raises RuntimeError when nothing was built yet."""
        return PREFIX + self.all()[name]

    def all(self) -> dict[str, str]:
        """Return the built name of each source. Raises RuntimeError when nothing was built yet."""
        if not self.names:
            path = self.folder / "manifest.json"
            if not path.exists():
                raise RuntimeError(MISSING)
            self.names = json.loads(path.read_text(encoding="utf-8"))
        return self.names

    def only_of(self, name: str) -> frozenset[str]:
        """Return the built names that only those load who go on walks (`field`) or log speeds (`speed`)."""
        return frozenset(json.loads((self.folder / f"{name}.json").read_text(encoding="utf-8")))

    def read(self, name: str) -> str:
        """Return the text of a source file's built copy."""
        return (self.folder / self.all()[name]).read_text(encoding="utf-8")


def init_app(app: Flask) -> None:
    """Serve static/build and give templates `asset('css/wardbook.css')`."""
    folder = Path(app.config["STATIC_BUILD"])
    assets = Assets(folder)
    app.extensions["assets"] = assets
    app.jinja_env.globals["asset"] = assets
    app.wsgi_app = WhiteNoise(  # type: ignore[method-assign]
        app.wsgi_app,
        root=str(folder) if folder.exists() else None,
        prefix=PREFIX,
        immutable_file_test=lambda path, url: bool(HASHED.match(url)),
        allow_all_origins=False,
        add_headers_function=headers.of_files(app.config["BASE_URL"]),
    )
