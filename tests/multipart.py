"""Forms as browsers send them. Werkzeug's own test client leaves out a line where a field is empty; no browser does."""

import secrets
from collections.abc import Mapping
from contextlib import closing
from typing import Any

from flask.testing import FlaskClient
from werkzeug.test import EnvironBuilder, TestResponse

TYPE = "multipart/form-data"


def encode(data: Mapping[str, Any]) -> tuple[str, bytes]:
    """Return the boundary and the body of a form with these fields and files."""
    boundary = f"----WebKitFormBoundary{secrets.token_hex(8)}"
    with closing(EnvironBuilder(data=dict(data))) as sent:
        fields = [(f'name="{name}"', str(value).encode()) for name, value in sent.form.items(multi=True)]
        fields += [
            (
                f'name="{name}"; filename="{file.filename or ""}"\r\n'
                f"Content-Type: {file.content_type or 'application/octet-stream'}",
                file.read(),
            )
            for name, file in sent.files.items(multi=True)
        ]
    parts = [
        f"--{boundary}\r\nContent-Disposition: form-data; {head}\r\n\r\n".encode() + content + b"\r\n"
        for head, content in fields
    ]
    return boundary, b"".join(parts) + f"--{boundary}--\r\n".encode()


class BrowserLikeClient(FlaskClient):
    """Flask's client, with bodies as browsers write them."""

    def open(self, *args: Any, **request: Any) -> TestResponse:
        """Send a request."""
        if request.get("content_type") == TYPE and isinstance(request.get("data"), Mapping):
            boundary, request["data"] = encode(request["data"])
            request["content_type"] = f"{TYPE}; boundary={boundary}"
        return super().open(*args, **request)
