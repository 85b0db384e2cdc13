"""Shows what the client does, against the service at the URL that is its argument."""

import json
import secrets
import sys
from concurrent.futures import ThreadPoolExecutor

from user_service import Session

url = sys.argv[1]
email, password = f"ada.{secrets.token_hex(4)}@example.com", secrets.token_urlsafe(16)
Session.register(url, "Ada Lovelace", email, password).logout()
session = Session.login(url, email, password)

for number in range(3):
    token = {"token": secrets.token_hex(16), "platform": "web"}
    session.request("POST", "/users/push-tokens", token)

session.access = "as good as expired"
with ThreadPoolExecutor(8) as threads:
    answers = list(threads.map(lambda _: session.request("GET", "/users/preferences"), range(8)))

print(json.dumps({
    "email_enabled": all(answer["data"]["email_enabled"] for answer in answers),
    "push_tokens": len(list(session.list("/users/push-tokens", limit=2))),
    "refreshes": session.refreshes,
}))
session.logout()
