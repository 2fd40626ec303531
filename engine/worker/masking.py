"""Keeps secrets out of the files that a tool leaves and that Runroom shows: its log, compiled SQL, results."""

from pathlib import Path

from engine.redaction import Redactor


def mask_file(path: Path, redactor: Redactor) -> None:
    """Replaces the secrets that are known by their values; a file without any, or that is no text, stays as it is.

    What only looks like a secret is left: a pattern may reach across the punctuation of a JSON file. Raises OSError.
    """
    try:
        text = path.read_bytes().decode("utf-8")
    except UnicodeDecodeError:
        return
    masked = redactor.known(text)
    if masked != text:
        path.write_bytes(masked.encode())
