"""Asking an ArcGIS feature service: patient with a service that falters, and never content with a part."""

import time
from collections.abc import Callable, Mapping
from typing import Any

import requests

from webapp.geo.boundary_set import BoundaryError

ATTEMPTS = 4
FIRST_WAIT_S = 1.0
CONNECT_AND_READ_TIMEOUT_S = (10, 60)
PASSING_STATUSES = frozenset({408, 429, 500, 502, 503, 504})

NOTHING_CHANGED = "Nothing was changed."


class _Passing(Exception):
    """A failure that may be gone in a second."""


class FeatureLayer:
    """One layer of a feature service, such as `https://…/FeatureServer/0`."""

    def __init__(
        self,
        url: str,
        session: requests.Session | None = None,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        """Take the layer's address; raises BoundaryError when it cannot be one."""
        address = url.strip().rstrip("/").removesuffix("/query")
        if not address.startswith(("https://", "http://")) or "FeatureServer" not in address:
            raise BoundaryError(
                f"{url} is not the address of a feature service. It ends in /FeatureServer/0."
            )
        self.url = f"{address}/0" if address.endswith("/FeatureServer") else address
        self._session = session or requests.Session()
        self._sleep = sleep

    def describe(self) -> dict[str, Any]:
        """Return what the layer says about itself: fields, id field, most rows it gives at once."""
        return self._ask(self.url, {"f": "json"})

    def query(self, parameters: Mapping[str, str | int]) -> dict[str, Any]:
        """Return the answer to one query."""
        return self._ask(f"{self.url}/query", parameters)

    def _ask(self, url: str, parameters: Mapping[str, str | int]) -> dict[str, Any]:
        wait = FIRST_WAIT_S
        for attempt in range(1, ATTEMPTS + 1):
            try:
                return self._ask_once(url, parameters)
            except _Passing as failure:
                if attempt == ATTEMPTS:
                    raise BoundaryError(
                        f"The boundary service did not answer as it should, {ATTEMPTS} times ({failure}). "
                        f"{NOTHING_CHANGED} Try again later, or import a downloaded file."
                    ) from failure
                self._sleep(wait)
                wait *= 2
        raise AssertionError("The last attempt returns or raises.")

    def _ask_once(self, url: str, parameters: Mapping[str, str | int]) -> dict[str, Any]:
        try:
            response = self._session.get(url, params=dict(parameters), timeout=CONNECT_AND_READ_TIMEOUT_S)
        except requests.RequestException as error:
            # A cut connection, a body shorter than announced and a silent server all end here.
            raise _Passing(type(error).__name__) from error
        if response.status_code in PASSING_STATUSES:
            raise _Passing(f"HTTP {response.status_code}")
        if response.status_code != 200:
            raise BoundaryError(
                f"The boundary service answered HTTP {response.status_code}. {NOTHING_CHANGED} "
                "Check its address: the ONS gives each year's boundaries a new one."
            )
        try:
            answer = response.json()
        except requests.JSONDecodeError as error:
            if "json" in response.headers.get("Content-Type", ""):
                raise _Passing("an answer that was cut short") from error
            raise BoundaryError(
                f"The boundary service answered with a page that is not data. {NOTHING_CHANGED} "
                "Check its address, and whether this network asks you to sign in first."
            ) from error
        if not isinstance(answer, dict):
            raise BoundaryError(f"The boundary service gave an answer of another kind. {NOTHING_CHANGED}")
        _check_error(answer)
        return answer


def _check_error(answer: Mapping[str, Any]) -> None:
    """Raise for an error, which ArcGIS delivers with the status 200."""
    error = answer.get("error")
    if error is None:
        return
    details = error if isinstance(error, dict) else {}
    code, message = details.get("code"), " ".join(str(details.get("message") or error).split())[:160]
    if code in PASSING_STATUSES:
        raise _Passing(f"its error {code}: {message}")
    raise BoundaryError(f"The boundary service refused the question ({code}: {message}). {NOTHING_CHANGED}")
