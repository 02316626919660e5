"""Flask commands, one file a noun."""

from flask import Flask

from webapp.cli.demo import demo
from webapp.cli.jobs import jobs
from webapp.cli.notices import notices
from webapp.cli.retention import retention
from webapp.cli.serve import serve
from webapp.cli.users import users
from webapp.cli.wards import wards
from webapp.cli.web import web


def init_app(app: Flask) -> None:
    """Add every command to `flask --app webapp`."""
    for command in (demo, jobs, notices, retention, serve, users, wards, web):
        app.cli.add_command(command)
