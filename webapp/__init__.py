"""Wardbook, the field book of a community safety partnership: `create_app` wires everything, here and nowhere else."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from flask import Flask

from webapp import cli, config, models, views
from webapp.extensions import alembic, compress, csrf, db, jobs
from webapp.services import transaction, work
from webapp.views import headers, logs

ROOT = Path(__file__).resolve().parent.parent


def create_app(settings: Mapping[str, Any] | None = None, instance: Path | None = None) -> Flask:
    """Return the app with its settings, tables, jobs and pages bound.

    `settings` win over the environment; `instance` is the folder of the embedded default. Raises
    `config.SettingsError` with a sentence when production lacks a setting.
    """
    folder = (instance or config.instance_folder(ROOT)).resolve()
    app = Flask("webapp", instance_path=str(folder), static_folder=None)
    app.config.update(config.read_settings(folder, settings))
    app.config.update(config.flask_settings(app.config, ROOT))
    db.init_app(app)
    transaction.without_async_sessions(app)
    alembic.metadatas = {"default": models.Base.metadata}
    alembic.init_app(app)
    with app.app_context():
        transaction.prepare_engine(db.engine)
    # First, so that they see what the others refuse: every answer is logged and has its headers.
    logs.init_app(app)
    headers.init_app(app)
    compress.init_app(app)
    csrf.init_app(app)
    jobs.init_app(app, work.WORKS)
    views.init_app(app)
    cli.init_app(app)
    return app
