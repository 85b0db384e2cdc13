"""Who calls the service in these tests, and what is there to be asked for: made by requests to the service."""

import functools
import http.server
import json
import os
import re
import threading
import uuid

import requests

URL = os.environ["SCHEMA_URL"]
INTERNAL_SECRET = os.environ["SCHEMA_INTERNAL_SECRET"]
PERMISSIONS = os.environ["SCHEMA_PERMISSIONS"].split()

USERS = "/api/v1/users"
ADMIN = "/api/v1/admin"
SERVICES = "/api/v1/services"


def call(method, path, body=None, token=None):
    """The `data` of the answer. An error if the service refuses."""
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    answer = requests.request(method, URL + path, json=body, headers=headers, timeout=30)
    answer.raise_for_status()
    return answer.json()["data"]


class User:
    """A user, with one of his sessions."""

    def __init__(self, email, password, account):
        self.email = email
        self.password = password
        self.id = account["id"]
        self.access = account["tokens"]["access"]
        self.refresh = account["tokens"]["refresh"]

    @classmethod
    def register(cls):
        email, password = f"{uuid.uuid4().hex}@example.com", uuid.uuid4().hex
        body = {"name": "Ada Lovelace", "email": email, "password": password, "preferences": {}}
        return cls(email, password, call("POST", f"{USERS}/register", body))

    @classmethod
    def sign_in(cls, email, password):
        body = {"email": email, "password": password}
        return cls(email, password, call("POST", f"{USERS}/login", body))

    def session(self):
        """A new session of his, or another user's if he was erased or deactivated meanwhile."""
        try:
            return User.sign_in(self.email, self.password)
        except requests.HTTPError:
            return User.register()

    def push_token(self):
        """The identifier of a new device of his."""
        body = {"token": uuid.uuid4().hex, "platform": "web"}
        return call("POST", f"{USERS}/push-tokens", body, self.access)["id"]


class ServiceAccount:
    """An account of another service that may do everything."""

    def __init__(self):
        self.name = f"service-{uuid.uuid4().hex[:16]}"
        body = {"name": self.name, "permissions": PERMISSIONS, "reason": "A test."}
        account = call("POST", f"{ADMIN}/service-accounts", body, administrator().access)
        self.secret = account["secret"]

    def token(self):
        return call("POST", f"{SERVICES}/token", self.credentials())["access_token"]

    def credentials(self):
        return {"grant_type": "client_credentials", "client_id": self.name, "client_secret": self.secret}


def administrator():
    """A new session of the administrator."""
    return User.sign_in(os.environ["SCHEMA_ADMIN_EMAIL"], os.environ["SCHEMA_ADMIN_PASSWORD"])


@functools.cache
def user():
    """Whom most operations are called by."""
    return User.register()


def unsubscribe_link():
    """The last part of a link by which the user unsubscribes."""
    body = {"user_id": User.register().id, "category": "marketing"}
    return call("POST", f"{SERVICES}/unsubscribe-links", body, ServiceAccount().token())["path"].rsplit("/", 1)[1]


def docs_asset():
    """The name of a part of the page at `/api/docs`."""
    return re.search('"/api/docs/([^"]+)"', requests.get(f"{URL}/api/docs", timeout=30).text)[1]


class Templates(http.server.BaseHTTPRequestHandler):
    """A template service that knows one template."""

    def do_GET(self):
        found = self.path == "/api/v1/templates/welcome"
        body = json.dumps({"subject": "Welcome", "body": "Hello"} if found else {}).encode()
        self.send_response(200 if found else 404)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


def serve_templates():
    """Serves them in the background, where the service was told to look."""
    address = ("127.0.0.1", int(os.environ["SCHEMA_TEMPLATES_PORT"]))
    server = http.server.ThreadingHTTPServer(address, Templates)
    threading.Thread(target=server.serve_forever, daemon=True).start()
