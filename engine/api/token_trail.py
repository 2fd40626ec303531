"""The tokens as a file: what the record of them is made of again when the store was lost."""

from pathlib import Path

from pydantic import AwareDatetime, BaseModel, ConfigDict

from engine.entries import add_entry, read_entries
from store.models import Scope


class TokenEntry(BaseModel):
    """A line of the file: a token was made, with the SHA-256 of it in hexadecimal digits; or revoked, without."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    v: int = 1
    ts: AwareDatetime
    name: str
    digest: str | None = None
    scope: Scope = "read"
    author: str | None = None


def note_token(file: Path, entry: TokenEntry) -> None:
    """Appends what happened; nobody else may read the file. Raises OSError."""
    file.touch(mode=0o600)
    add_entry(file, entry)


def open_tokens(file: Path) -> list[TokenEntry]:
    """The tokens that were not revoked."""
    found: dict[str, TokenEntry] = {}
    for entry in read_entries(file, TokenEntry):
        if entry.digest is None:
            found.pop(entry.name, None)
        else:
            found[entry.name] = entry
    return list(found.values())
