"""Tracking links: whoever holds one is the reporter. The database keeps only a hash of each."""

import base64
import hashlib
import hmac
import re
from uuid import UUID

from flask import current_app
from sqlalchemy import select

from webapp.extensions import db
from webapp.models.report import Report
from webapp.rules.errors import NotFound

TOKEN_BYTES = 18
TOKEN = re.compile(r"[A-Za-z0-9_-]{24}")


def token_for(report_id: UUID) -> str:
    """Return the report's token, the same each time, so that a repeated send and a later mail give the same link."""
    key = current_app.secret_key
    digest = hmac.new(str(key).encode(), b"tracking:" + report_id.bytes, hashlib.sha256).digest()
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
