"""The token of an agency's link to one line: derived, so that a later mail has the same; only its hash is kept."""

import base64
import hmac
from uuid import UUID

from webapp.extensions import clock
from webapp.models.action import Action, ActionLink
from webapp.rules import actions as rules
from webapp.services.keys import secret_keys
from webapp.services.tracking import TOKEN_BYTES, hash_of


def new_token(link_id: UUID) -> str:
    """Return the token of a new link, under the newest secret key; `token_of` gives that of one already kept."""
    return _token(secret_keys()[0], link_id)


def token_of(link: ActionLink) -> str:
    """Return the link's token: the one whose hash is kept, whichever key it was made with."""
    tokens = [_token(key, link.id) for key in secret_keys()]
    return next((token for token in tokens if hash_of(token) == link.token_hash), tokens[0])


def _token(key: str, link_id: UUID) -> str:
    digest = hmac.digest(key.encode(), b"action:" + link_id.bytes, "sha256")
    return base64.urlsafe_b64encode(digest[:TOKEN_BYTES]).decode("ascii")


def is_good(link: ActionLink, line: Action) -> bool:
    """Return whether a link can still be answered by."""
    return link.used_at is None and link.runs_out_at > clock.now() and line.status in rules.OPEN
