"""What GitLab delivers (docs.gitlab.com, "Webhooks" and "Webhook events")."""

import hashlib
import hmac

from pydantic import Field

from engine.api.webhooks.delivery import Delivery, Forge, News, Payload, is_commit, noted, payload_of

_BRANCH = "refs/heads/"
_OVER = frozenset({"close", "merge"})


class _Commit(Payload):
    id: str
    message: str = ""


class _Push(Payload):
    ref: str
    after: str
    user_username: str = ""
    commits: tuple[_Commit, ...] = ()


class _Request(Payload):
    iid: int
    title: str
    action: str | None = None
    last_commit: _Commit
    oldrev: str | None = None
    """Only there when commits were pushed."""
    source_project_id: int | None
    target_project_id: int


class _User(Payload):
    username: str = ""


class _RequestEvent(Payload):
    user: _User = _User()
    request: _Request = Field(alias="object_attributes")


def is_genuine(delivery: Delivery, secret: bytes) -> bool:
    """Whether it brings the secret along; takes as long for any token of the same length."""
    shown = delivery.headers.get("x-gitlab-token", "").encode("utf-8", "surrogateescape")
    return hmac.compare_digest(secret, shown)


def marks(delivery: Delivery) -> tuple[str, ...]:
    """The number of the delivery, which stays the same when GitLab tries again; an old GitLab has none."""
    number = delivery.headers.get("idempotency-key") or delivery.headers.get("x-gitlab-event-uuid")
    return (f"number {number}" if number else f"body {hashlib.sha256(delivery.body).hexdigest()}",)


def news(delivery: Delivery) -> News | None:
    """Of a push to a branch, or of a merge request. Raises ApiProblem."""
    match delivery.headers.get("x-gitlab-event"):
        case "Push Hook":
            return _pushed(payload_of(delivery, _Push))
        case "Merge Request Hook":
            return _requested(payload_of(delivery, _RequestEvent))
        case _:
            return None


def _pushed(push: _Push) -> News | None:
    if not push.ref.startswith(_BRANCH):
        return None
    message = next((each.message.split("\n")[0] for each in push.commits if each.id == push.after), "")
    note = noted(f"push by {push.user_username}: {message}")
    return News(push.after if is_commit(push.after) else None, note, branch=push.ref.removeprefix(_BRANCH))


def _requested(event: _RequestEvent) -> News | None:
    request = event.request
    note = noted(f"merge request {request.iid} by {event.user.username}: {request.title}")
    if request.action in _OVER:
        return News(None, note, request=request.iid)
    if request.action not in ("open", "reopen") and not (request.action == "update" and request.oldrev):
        return None
    from_fork = request.source_project_id != request.target_project_id
    return News(request.last_commit.id, note, request=request.iid, from_fork=from_fork)


GITLAB = Forge(is_genuine, marks, news)
