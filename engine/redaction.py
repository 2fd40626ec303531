"""Keeps secrets out of journals and logs (DESIGN §7)."""

import re
from collections.abc import Mapping
from enum import Enum
from functools import cache
from typing import Any, Literal, TypeVar, get_args, get_origin
from urllib.parse import unquote

from store.events import Event, Part

MASK = "•••"
_SECRET_NAMES = re.compile(r"PASSWORD|PASSWD|TOKEN|SECRET|KEY|CREDENTIAL", re.IGNORECASE)
# Up to the last @ before the path: a password may have one of its own.
_DSN_PASSWORD = re.compile(r"(?P<before>\b[a-z][a-z0-9+.-]*://[^/\s:@]*:)(?P<password>[^/\s]+)(?=@)", re.IGNORECASE)
_KEY_BEGIN, _KEY_END = "-----BEGIN [A-Z ]*PRIVATE KEY-----", "-----END [A-Z ]*PRIVATE KEY-----"
_PRIVATE_KEY = re.compile(rf"{_KEY_BEGIN}.*?(?:{_KEY_END}|\Z)", re.DOTALL)
_KEY_BODY = re.compile(r"\s*(?:[A-Za-z0-9+/=]*|Proc-Type: .*|DEK-Info: .*)\s*")
# Hiding `1` or `yes` would make every log unreadable and protect nothing.
_SHORTEST_SECRET = 4
_NO_SECRETS = frozenset({"true", "false", "none", "null"})

P = TypeVar("P", bound=Part)
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
            for found in _DSN_PASSWORD.finditer(value):
                self.hide(found["password"])
                self.hide(unquote(found["password"]))

    def hide(self, secret: str) -> None:
        """From now on this value is replaced, and each line of it: output comes line by line.

        Values too short or too common to be secrets are let through.
        """
        for part in (secret, *secret.splitlines()):
            self._hide(part.strip())

    def _hide(self, secret: str) -> None:
        if len(secret) < _SHORTEST_SECRET or secret.lower() in _NO_SECRETS or secret in self._secrets:
            return
        # The longest first: a secret may be part of another.
        self._secrets = sorted([*self._secrets, secret], key=len, reverse=True)

    def known(self, text: str) -> str:
        """The text without the secrets that are known by their values."""
        for secret in self._secrets:
            if secret in text:
                text = text.replace(secret, MASK)
        return text

    def text(self, text: str) -> str:
        """The text without secrets, neither known ones nor what looks like one."""
        text = self.known(text)
        if "://" in text:
            text = _DSN_PASSWORD.sub(rf"\g<before>{MASK}", text)
        if "PRIVATE KEY" in text:
            text = _PRIVATE_KEY.sub(MASK, text)
        return text

    def event(self, event: E) -> E:
        """The event without secrets in any of its texts; what the protocol itself is made of stays."""
        return self._part(event)

    def _part(self, part: P) -> P:
        changed: dict[str, Any] = {}
        for name in part.model_fields_set - _choices(type(part)):
            value = getattr(part, name)
            if (cleaned := self._value(value)) != value:
                changed[name] = cleaned
        return part.model_copy(update=changed) if changed else part

    def _value(self, value: Any) -> Any:
        match value:
            case Enum():
                return value
            case str():
                return self.text(value)
            case Part():
                return self._part(value)
            case dict():
                return {self._value(name): self._value(item) for name, item in value.items()}
            case list() | tuple():
                return type(value)(self._value(item) for item in value)
            case _:
                return value


@cache
def _choices(kind: type[Part]) -> frozenset[str]:
    """The fields that hold one of a few words, where a mask would make the event unreadable."""
    return frozenset(name for name, field in kind.model_fields.items() if _is_choice(field.annotation))


def _is_choice(annotation: Any) -> bool:
    return get_origin(annotation) is Literal or any(map(_is_choice, get_args(annotation)))


class KeyBlock:
    """Recognises the lines of a private key that is printed line by line."""

    def __init__(self) -> None:
        self._inside = False

    def covers(self, line: str) -> bool:
        """Whether the next line is part of a key; the first that cannot be is not, even if no end was seen."""
        if re.search(_KEY_BEGIN, line):
            self._inside = re.search(_KEY_END, line) is None
            return self._inside
        if not self._inside:
            return False
        ends = re.search(_KEY_END, line) is not None
        self._inside = not ends and _KEY_BODY.fullmatch(line) is not None
        return self._inside or ends
