"""The files by which the API speaks TLS, taken up again when they were renewed."""

import ssl
from pathlib import Path


class Certificates:
    """A certificate with its key. Touches the disk, so not for the event loop."""

    def __init__(self, certificate: Path, key: Path | None) -> None:
        self._files = (certificate, key)
        self._loaded = 0.0
        self.renew()
        self.context = self._newest
        self.context.sni_callback = self._choose

    def renew(self) -> bool:
        """Loads the files where they are newer; connections that are open keep what they have.

        Returns whether they were. Raises OSError (of which SSLError is one) for files that are no certificate and
        key, such as while one of the two is renewed and the other not yet: then those of before stay in force.
        """
        certificate, key = self._files
        modified = max(file.stat().st_mtime for file in (certificate, key or certificate))
        if modified == self._loaded:
            return False
        # Not into the context in use, which would be left with a certificate and a key that do not belong together.
        newest = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        newest.load_cert_chain(certificate, key)
        self._newest, self._loaded = newest, modified
        return True

    def _choose(self, connection: ssl.SSLSocket | ssl.SSLObject, _: str | None, __: ssl.SSLContext) -> None:
        """Called at the beginning of every connection, whether or not it names a server."""
        connection.context = self._newest
