"""A client of user-service: signs in, renews its tokens by itself, reads lists page by page.

It needs nothing but Python 3.9. Many threads may share a Session.
"""

from __future__ import annotations

import json
import threading
import urllib.error
import urllib.request
from collections.abc import Iterator
from typing import Any, Optional

TIMEOUT = 10  # seconds


class ApiError(Exception):
    """A refusal: decide by `status` and `code`, wait for `retry_after` seconds if it is there."""

    def __init__(self, status: int, body: dict[str, Any], retry_after: Optional[str]):
        super().__init__(f"{status} {body['code']}: {body['error']} (request {body['request_id']})")
        self.status = status
        self.code: str = body["code"]
        self.fields: Any = body["data"]
        self.retry_after = int(retry_after) if retry_after else None


class Session:
    """A user who is signed in."""

    def __init__(self, url: str, tokens: dict[str, str]):
        self.url = url
        self.access = tokens["access"]
        self.refreshes = 0
        self._refresh = tokens["refresh"]
        self._lock = threading.Lock()

    @classmethod
    def register(cls, url: str, name: str, email: str, password: str) -> Session:
        """Makes an account."""
        body = {"name": name, "email": email, "password": password, "preferences": {}}
        return cls(url, _send(url, "POST", "/users/register", body)["data"]["tokens"])

    @classmethod
    def login(cls, url: str, email: str, password: str) -> Session:
        """Signs in to one that is there."""
        body = {"email": email, "password": password}
        return cls(url, _send(url, "POST", "/users/login", body)["data"]["tokens"])

    def request(self, method: str, path: str, body: Optional[dict] = None) -> dict[str, Any]:
        """Sends a request; the answer is the whole envelope, and empty where there is none."""
        access = self.access
        try:
            return _send(self.url, method, path, body, access)
        except ApiError as error:
            if error.status != 401:
                raise
        self._renew(access)
        return _send(self.url, method, path, body, self.access)

    def list(self, path: str, limit: int = 100) -> Iterator[dict[str, Any]]:
        """All objects of a list, page by page."""
        page, has_next = 1, True
        while has_next:
            answer = self.request("GET", f"{path}?page={page}&limit={limit}")
            yield from answer["data"]
            page, has_next = page + 1, answer["meta"]["has_next"]

    def logout(self) -> None:
        """Ends the session, with both tokens."""
        self.request("POST", "/users/logout")

    def _renew(self, used: str) -> None:
        """Gets the next pair of tokens, unless another thread has done so since `used` was read."""
        with self._lock:
            if self.access != used:
                return
            pair = _send(self.url, "POST", "/users/token/refresh", {"refresh": self._refresh})
            # Where tokens are kept for the next start, the refresh token is stored here, first.
            self._refresh, self.access = pair["refresh"], pair["access"]
            self.refreshes += 1


def _send(
    url: str, method: str, path: str, body: Optional[dict] = None, access: Optional[str] = None
) -> dict[str, Any]:
    headers = {"content-type": "application/json"}
    if access:
        headers["authorization"] = f"Bearer {access}"
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(url + "/api/v1" + path, data, headers, method=method)
    try:
        with urllib.request.urlopen(request, timeout=TIMEOUT) as answer:
            return json.loads(answer.read() or "{}")
    except urllib.error.HTTPError as error:
        with error:
            raise ApiError(error.code, json.load(error), error.headers["retry-after"]) from None
