"""Tracking links: whoever holds one is the reporter. The database keeps only a hash of each."""

import base64
import hashlib
import hmac
import re
from uuid import UUID

from sqlalchemy import select

from webapp.extensions import db
from webapp.models.report import Report
from webapp.rules.errors import NotFound
from webapp.services.keys import secret_keys

TOKEN_BYTES = 18
TOKEN = re.compile(r"[A-Za-z0-9_-]{24}")


def token_for(report_id: UUID) -> str:
    """Return the token of a new report, under the newest secret key; `token_of` gives that of one already kept."""
    return _token(secret_keys()[0], report_id)


def token_of(report: Report) -> str:
    """Return the report's token, the same each time, so that a repeated send and a later mail give the same link.

    It is the one whose hash is kept, whichever key it was made with; the newest key's when that key is gone.
    """
    tokens = [_token(key, report.id) for key in secret_keys()]
    return next((token for token in tokens if hash_of(token) == report.token_hash), tokens[0])


def _token(key: str, report_id: UUID) -> str:
    digest = hmac.digest(key.encode(), b"tracking:" + report_id.bytes, "sha256")
    return base64.urlsafe_b64encode(digest[:TOKEN_BYTES]).decode("ascii")


def hash_of(token: str) -> str:
    """Return what the database keeps of a token or a capture's secret."""
    return hashlib.sha256(token.encode()).hexdigest()


def find_report(token: str) -> Report:
    """Return the report behind a tracking link. Raises NotFound for any other text."""
    if not TOKEN.fullmatch(token):
        raise NotFound
    report = db.session.scalar(select(Report).where(Report.token_hash == hash_of(token)))
    if report is None:
        raise NotFound
    return report
