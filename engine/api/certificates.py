"""The files by which the API speaks TLS, taken up again when they were renewed."""

import ssl
from pathlib import Path


class Certificates:
    """A certificate with its key. Touches the disk, so not for the event loop.

    `context` serves for as long as the API does. Raises OSError (of which SSLError is one) for files that are no
    certificate and key.
    """

    def __init__(self, certificate: Path, key: Path | None) -> None:
        self._files = (certificate, key)
        self._modified = self._last_modified()
        self._newest = self.context = self._load()
        self.context.sni_callback = self._choose

    def renew(self) -> bool:
        """Loads the files where they are newer; connections that are open keep what they have.

        Returns whether they were. Raises OSError as above, such as while one of the two is renewed and the other not
        yet: then those of before stay in force.
        """
        modified = self._last_modified()
        if modified == self._modified:
            return False
        self._newest, self._modified = self._load(), modified
        return True

    def _last_modified(self) -> float:
        certificate, key = self._files
        return max(file.stat().st_mtime for file in (certificate, key or certificate))

    def _load(self) -> ssl.SSLContext:
        # Never into a context in use, which would be left with a certificate and a key that do not belong together.
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(*self._files)
        return context

    def _choose(self, connection: ssl.SSLSocket | ssl.SSLObject, _: str | None, __: ssl.SSLContext) -> None:
        """Called at the beginning of every connection, whether or not it names a server."""
        connection.context = self._newest
