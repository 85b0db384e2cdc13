"""Signs schemathesis in, for each operation as somebody who may call it, and gives it what it can't guess."""

import uuid

import schemathesis

import cast
from cast import ServiceAccount, User

# What ends the caller's sessions or his account. Each such request has a user of its own.
ENDING = {
    "POST /api/v1/users/logout",
    "POST /api/v1/users/change-password",
    "DELETE /api/v1/users/account",
    "POST /api/v1/users/sessions/end_others",
    "DELETE /api/v1/users/sessions/{id}",
}

# The users of those requests, by their tokens.
owners = {}

cast.serve_templates()


def session(case, context):
    """The name of the session that a request belongs to: one for each operation."""
    label = context.operation.label
    return f"{label} {case.id}" if label in ENDING else label


@schemathesis.auth(cache_by_key=session)
class Caller:
    def get(self, case, context):
        operation = context.operation
        if not operation.definition.raw.get("security"):
            return None
        if operation.path.startswith("/internal/") or operation.path == "/metrics":
            return cast.INTERNAL_SECRET
        if operation.path == f"{cast.SERVICES}/token":
            return None
        if operation.path.startswith(cast.SERVICES):
            return ServiceAccount().token()
        if operation.path.startswith(cast.ADMIN):
            return cast.administrator().access
        owner = User.register() if operation.label in ENDING else cast.user().session()
        owners[owner.access] = owner
        return owner.access

    def set(self, case, token, context):
        case.headers["Authorization"] = f"Bearer {token}"


def owner(case):
    """The user who calls; somebody, if the request leaves out who does."""
    token = case.headers.get("Authorization", "").removeprefix("Bearer ")
    return owners.get(token) or User.register()


# What an operation needs to know to succeed, for its path and for its body.
PATHS = {
    "/api/docs/{asset}": lambda case: {"asset": cast.docs_asset()},
    "/api/v1/users/push-tokens/{id}": lambda case: {"id": owner(case).push_token()},
    "/api/v1/users/sessions/{id}": lambda case: {"id": a_session_of(owner(case).session())},
    "/api/v1/unsubscribe/{link}": lambda case: {"link": cast.unsubscribe_link()},
    "/api/v1/services/templates/{name}/preview": lambda case: {"name": "welcome"},
}


def a_session_of(user):
    """The identifier of his current session."""
    sessions = cast.call("GET", f"{cast.USERS}/sessions", token=user.access)
    return next(session["id"] for session in sessions if session["is_current"])


def path_of_somebody(case):
    """Of whom or of what an operation for other services or administrators is."""
    known = {}
    user = User.register()
    for name in case.path_parameters:
        if name == "id":
            known[name] = user.id
        if name == "session":
            known[name] = a_session_of(user)
        if name == "name":
            known[name] = ServiceAccount().name
    return known


def new_password(case):
    return {"new_password": "analytical-engine-1843", "new_password_confirm": "analytical-engine-1843"}


BODIES = {
    "POST /api/v1/users/login": lambda case: credentials(User.register()),
    "POST /api/v1/users/token/refresh": lambda case: {"refresh": User.register().refresh},
    "POST /api/v1/users/logout": lambda case: {"refresh_token": owner(case).refresh},
    "POST /api/v1/users/change-password": lambda case: {"old_password": owner(case).password, **new_password(case)},
    "DELETE /api/v1/users/account": lambda case: {"password": owner(case).password},
    "POST /api/v1/auth/email-change": lambda case: {"password": owner(case).password},
    "POST /api/v1/auth/password-reset/confirm": new_password,
    "POST /api/v1/services/token": lambda case: ServiceAccount().credentials(),
    "POST /api/v1/services/introspect": lambda case: {"token": User.register().access},
    "POST /api/v1/services/revoke": lambda case: {"token": User.register().access},
}


def credentials(user):
    return {"email": user.email, "password": user.password}


def read(value):
    """A body as the service reads it, and the one did that it replaces: 0 and 1 are no and yes, and text takes any
    other number for its digits."""
    if isinstance(value, dict):
        return {name: read(item) for name, item in value.items()}
    if isinstance(value, list):
        return [read(item) for item in value]
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return value
    return bool(value) if value in (0, 1) else str(value)


@schemathesis.hook
def before_call(context, case, kwargs):
    """Sends what each kind of request can hold, and puts what is there into every second valid one."""
    meta = case.meta
    if meta is None:
        return
    if isinstance(case.body, dict):
        # What is invalid for nothing else is valid then, and judged so.
        if not meta.generation.mode.is_positive:
            case.body = read(case.body)
        elif case.media_type == "application/x-www-form-urlencoded":
            # A form has no null, and an object of no name would be nobody's.
            case.body = {name: value for name, value in case.body.items() if name and value is not None}
    if "Idempotency-Key" in case.headers and meta.generation.mode.is_positive:
        # It does not find a string that fits the header's pattern by itself.
        case.headers["Idempotency-Key"] = f'"{uuid.uuid4()}"'
    # Stateful tests know what is there themselves.
    if not meta.generation.mode.is_positive or meta.phase.name.value == "stateful" or sum(case.id.encode()) % 2:
        return
    operation = case.operation
    path = PATHS.get(operation.path)
    if path is None and operation.path.startswith((cast.SERVICES, cast.ADMIN)):
        path = path_of_somebody
    if path is not None and case.path_parameters:
        case.path_parameters.update(path(case))
    body = BODIES.get(operation.label)
    if body is not None and isinstance(case.body, dict):
        case.body.update(body(case))
