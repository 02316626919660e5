"""The baseline of submitting: a bare Flask route with one durable insert, on the product's own server and settings.

`flask --app benchmarks._bare serve --without-jobs` takes the same commands, so the same processes, threads and limits.
The insert has the pragmas of the product (WAL, synchronous=FULL) and, as the product, queues writers on a lock file
unless BARE_QUEUE is `off`: then SQLite's own waiting is measured.
"""

import fcntl
import os
import sqlite3
import threading
from pathlib import Path

from flask import Flask, redirect, request
from werkzeug.wrappers import Response

from webapp import config
from webapp.cli.serve import serve
from webapp.cli.web import web
from webapp.services.transaction import PRAGMAS

ROOT = Path(__file__).resolve().parent.parent
TABLE = "CREATE TABLE IF NOT EXISTS report (id INTEGER PRIMARY KEY, description TEXT NOT NULL, email TEXT NOT NULL)"
INSERT = "INSERT INTO report (description, email) VALUES (?, ?)"


def create_app() -> Flask:
    """Return the baseline's app: a page that says it is there, and a form that inserts one row."""
    folder = config.instance_folder(ROOT).resolve()
    app = Flask("bare", instance_path=str(folder), static_folder=None)
    app.config.update(config.read_settings(folder))
    path, kept = folder / "bare.sqlite", threading.local()
    queues = os.environ.get("BARE_QUEUE") != "off"
    with sqlite3.connect(path) as first:
        first.execute(f"PRAGMA {PRAGMAS[0]}")
        first.execute(TABLE)

    def connection() -> sqlite3.Connection:
        if not hasattr(kept, "connection"):
            kept.connection = sqlite3.connect(path, isolation_level=None)
            for pragma in PRAGMAS:
                kept.connection.execute(f"PRAGMA {pragma}")
        return kept.connection

    @app.get("/health")
    def health() -> str:
        return "ok"

    @app.post("/fly-tipping/new")
    def new() -> Response:
        values = request.form["description"], request.form["reporter_email"]
        if queues:
            with (folder / "bare.lock").open("wb") as turn:
                fcntl.flock(turn, fcntl.LOCK_EX)
                connection().execute(INSERT, values)
        else:
            connection().execute(INSERT, values)
        return redirect("/sent", 303)

    app.cli.add_command(serve)
    app.cli.add_command(web)
    return app
