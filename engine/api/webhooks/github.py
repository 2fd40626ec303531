"""What GitHub delivers (docs.github.com, "Webhook events and payloads" and "Validating webhook deliveries")."""

import hashlib
import hmac

from engine.api.webhooks.delivery import Delivery, Forge, News, Payload, is_commit, noted, payload_of

_BRANCH = "refs/heads/"
_MOVED = frozenset({"opened", "reopened", "synchronize", "ready_for_review"})


class _Named(Payload):
    login: str = ""


class _Commit(Payload):
    message: str = ""


class _Push(Payload):
    ref: str
    after: str
    sender: _Named = _Named()
    head_commit: _Commit | None = None


class _Repository(Payload):
    full_name: str


class _End(Payload):
    ref: str
    sha: str
    repo: _Repository | None = None
    """None where the repository was deleted meanwhile."""


class _PullRequest(Payload):
    title: str
    head: _End
    base: _End
    user: _Named | None = None


class _RequestEvent(Payload):
    action: str
    number: int
    pull_request: _PullRequest


def is_genuine(delivery: Delivery, secret: bytes) -> bool:
    """Whether the body is signed with the secret; takes as long for any signature."""
    signature = "sha256=" + hmac.new(secret, delivery.body, hashlib.sha256).hexdigest()
    shown = delivery.headers.get("x-hub-signature-256", "")
    return hmac.compare_digest(signature.encode(), shown.encode("utf-8", "surrogateescape"))


def marks(delivery: Delivery) -> tuple[str, ...]:
    """The number of the delivery, and its body: the number is not signed, so it may be made up anew."""
    number = delivery.headers.get("x-github-delivery")
    body = f"body {hashlib.sha256(delivery.body).hexdigest()}"
    return (f"number {number}", body) if number else (body,)


def news(delivery: Delivery) -> News | None:
    """Of a push to a branch, or of a pull request. Raises ApiProblem."""
    match delivery.headers.get("x-github-event"):
        case "push":
            return _pushed(payload_of(delivery, _Push))
        case "pull_request":
            return _requested(payload_of(delivery, _RequestEvent))
        case _:
            return None


def _pushed(push: _Push) -> News | None:
    if not push.ref.startswith(_BRANCH):
        return None
    message = push.head_commit.message.split("\n")[0] if push.head_commit else ""
    note = noted(f"push by {push.sender.login}: {message}")
    return News(push.after if is_commit(push.after) else None, note, branch=push.ref.removeprefix(_BRANCH))


def _requested(event: _RequestEvent) -> News | None:
    request = event.pull_request
    author = request.user.login if request.user else "somebody"
    note = noted(f"pull request {event.number} by {author}: {request.title}")
    if event.action == "closed":
        return News(None, note, request=event.number)
    if event.action not in _MOVED:
        return None
    own = request.head.repo is not None and request.head.repo == request.base.repo
    return News(request.head.sha, note, request=event.number, from_fork=not own)


GITHUB = Forge(is_genuine, marks, news)
