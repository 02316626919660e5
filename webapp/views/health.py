"""`/health`, for whatever watches this installation."""

from flask import Blueprint
from flask.typing import ResponseReturnValue

from webapp.rules.roles import Permission
from webapp.services.health import is_well
from webapp.views.access import permission

pages = Blueprint("health", __name__)


@pages.get("/health")
@permission(Permission.ANYONE)
def show() -> ResponseReturnValue:
    """200 when database and storage answer, 503 otherwise; which of them is for the log, not for strangers."""
    return ({"status": "ok"}, 200) if is_well() else ({"status": "unavailable"}, 503)
