"""The front page, and the pages the law asks for: accessibility, privacy, cookies."""

from datetime import timedelta

from flask import Blueprint, Response, current_app, render_template
from flask.typing import ResponseReturnValue

from webapp.extensions import clock
from webapp.rules.roles import Permission
from webapp.services import records, wards
from webapp.views.access import permission

pages = Blueprint("pages", __name__)


@pages.get("/")
@permission(Permission.ANYONE)
def front() -> ResponseReturnValue:
    """One job first: report fly-tipping; then check a report, then one's ward."""
    counts = records.public_counts()
    return render_template("pages/front.html", open_total=sum(counts.values()), ward_set=wards.in_use())


@pages.get("/accessibility")
@permission(Permission.ANYONE)
def accessibility() -> ResponseReturnValue:
    """The accessibility statement (SI 2018/952)."""
    return render_template("pages/accessibility.html")


@pages.get("/privacy")
@permission(Permission.ANYONE)
def privacy() -> ResponseReturnValue:
    """What is kept, why, how long, and whom to ask (UK GDPR Article 13)."""
    return render_template("pages/privacy.html")


@pages.get("/cookies")
@permission(Permission.ANYONE)
def cookies() -> ResponseReturnValue:
    """What is kept on this device, by name, purpose and time (PECR)."""
    return render_template("pages/cookies.html")


@pages.get("/.well-known/security.txt")
@permission(Permission.ANYONE)
def security_txt() -> ResponseReturnValue:
    """Whom to tell about a weakness (RFC 9116)."""
    expires = clock.now() + timedelta(days=180)
    lines = (
        f"Contact: mailto:{current_app.config['CONTACT_EMAIL']}",
        f"Expires: {expires:%Y-%m-%dT%H:%M:%SZ}",
        "Preferred-Languages: en",
        f"Canonical: {current_app.config['BASE_URL']}/.well-known/security.txt",
    )
    return Response("\n".join(lines) + "\n", mimetype="text/plain")
