"""Keeps secrets out of journals and logs (DESIGN §7)."""

import re
from collections.abc import Mapping
from typing import Any, TypeVar

from store.events import Event

MASK = "•••"
_SECRET_NAMES = re.compile(r"PASSWORD|PASSWD|TOKEN|SECRET|KEY|CREDENTIAL", re.IGNORECASE)
_DSN_PASSWORD = re.compile(r"(?P<before>\b[a-z][a-z0-9+.-]*://[^/\s:@]*:)[^/\s@]+(?=@)", re.IGNORECASE)
_PRIVATE_KEY = re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY-----.*?(?:-----END [A-Z ]*PRIVATE KEY-----|\Z)", re.DOTALL)
# Hiding `1` or `yes` would make every log unreadable and protect nothing.
_SHORTEST_SECRET = 4
_NO_SECRETS = frozenset({"true", "false", "none", "null"})
# What the protocol itself is made of is never a secret's place.
_STRUCTURE = frozenset({"v", "seq", "ts", "type", "status", "level"})

E = TypeVar("E", bound=Event)


def names_a_secret(name: str) -> bool:
    """Whether a variable or profile key of this name looks as if it held a secret."""
    return _SECRET_NAMES.search(name) is not None


class Redactor:
    """Replaces what is secret by `•••`; learns more secrets as a run meets them."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        self._secrets: list[str] = []
        for name, value in environment.items():
            if names_a_secret(name):
                self.hide(value)

    def hide(self, secret: str) -> None:
        """From now on this value is replaced. Values too short or too common to be secrets are let through."""
        secret = secret.strip()
        if len(secret) < _SHORTEST_SECRET or secret.lower() in _NO_SECRETS or secret in self._secrets:
            return
        # The longest first: a secret may be part of another.
        self._secrets = sorted([*self._secrets, secret], key=len, reverse=True)

    def text(self, text: str) -> str:
        """The text without secrets."""
        for secret in self._secrets:
            if secret in text:
                text = text.replace(secret, MASK)
        if "://" in text:
            text = _DSN_PASSWORD.sub(rf"\g<before>{MASK}", text)
        if "PRIVATE KEY" in text:
            text = _PRIVATE_KEY.sub(MASK, text)
        return text

    def event(self, event: E) -> E:
        """The event without secrets in any of its texts."""
        values = event.model_dump(exclude_unset=True)
        cleaned = self._value(values)
        if cleaned == values:
            return event
        return type(event).model_validate(cleaned | {"seq": event.seq})

    def _value(self, value: Any, key: str | None = None) -> Any:
        if key in _STRUCTURE:
            return value
        match value:
            case str():
                return self.text(value)
            case dict():
                return {name: self._value(item, name) for name, item in value.items()}
            case list() | tuple():
                return type(value)(self._value(item) for item in value)
            case _:
                return value
