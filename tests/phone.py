"""A phone as the tests have it: it makes captures and sends them by the capture protocol."""

import base64
import hashlib
import json
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.builders import filled, hidden_fields
from tests.pictures import jpeg

SENT_AT = "2026-11-22T12:00:00Z"
HASHED = ("kind", "form_version", "captured_at", "answers", "photos", "parent")


def canonical(content: dict[str, Any]) -> bytes:
    """Return the one spelling that a capture's hash is over, written by the protocol and not by the product."""
    six = {name: content.get(name) for name in HASHED}
    return json.dumps(six, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


@dataclass
class Shot:
    """A photo on the phone."""

    content: bytes = field(default_factory=jpeg)
    role: str = "evidence"
    id: str = field(default_factory=lambda: str(uuid4()))

    def promise(self) -> dict[str, Any]:
        """Return what a capture says of the photo."""
        return {
            "id": self.id,
            "sha256": sha256(self.content),
            "bytes": len(self.content),
            "type": "image/jpeg",
            "role": self.role,
        }


@dataclass
class Phone:
    """Somebody's phone: signed in when its client is, otherwise with a secret for each capture."""

    client: FlaskClient
    secret: str = "a secret that the phone made"

    def headers(self) -> dict[str, str]:
        """Return who sends: the token of whoever is signed in, else the secret."""
        session = self.client.get("/session").json
        assert session is not None
        return (
            {"X-CSRFToken": session["csrf_token"]} if session["user"] else {"X-Capture-Secret": self.secret}
        )

    def put(self, capture_id: str, content: dict[str, Any], **headers: str) -> TestResponse:
        """Send one version of a capture."""
        return self.client.put(f"/captures/{capture_id}", json=content, headers={**self.headers(), **headers})

    def put_photo(
        self, capture_id: str, shot: Shot, content: bytes | None = None, **headers: str
    ) -> TestResponse:
        """Send the bytes of a photo; `content` are other bytes than were promised."""
        digest = base64.b64encode(hashlib.sha256(shot.content).digest()).decode()
        return self.client.put(
            f"/captures/{capture_id}/photos/{shot.id}",
            data=shot.content if content is None else content,
            content_type="image/jpeg",
            headers={**self.headers(), "Content-Digest": f"sha-256=:{digest}:", **headers},
        )

    def choose(self, compare_url: str, version: object) -> TestResponse:
        """Press “Use this version” on the compare page."""
        token = hidden_fields(self.client.get("/track").text)["csrf_token"]
        return self.client.post(compare_url, data={"version": version, "csrf_token": token})

    def delete(self, capture_id: str) -> TestResponse:
        """Take a capture back."""
        return self.client.delete(f"/captures/{capture_id}", headers=self.headers())


def capture(*shots: Shot, answers: dict[str, Any] | None = None, **changes: Any) -> dict[str, Any]:
    """Return a capture as a phone sends it, with changes to its answers and to what is around them."""
    return {
        "kind": "fly_tipping",
        "form_version": 1,
        "rev": 1,
        "base_rev": None,
        "captured_at": "2026-11-22T11:58:00.000Z",
        "sent_at": SENT_AT,
        "answers": {name: [value] for name, value in filled(**(answers or {})).items()},
        "photos": [shot.promise() for shot in shots],
        **changes,
    }


def new_id() -> str:
    return str(uuid4())


def problem(answer: TestResponse) -> tuple[int, str]:
    """Return the status and the code of a refusal, which is JSON with a sentence in it."""
    assert answer.is_json and set(answer.json) <= {"code", "message", "errors", "compare_url", "reference"}
    assert answer.json["message"]
    return answer.status_code, answer.json["code"]
