"""The files by which the API speaks TLS, taken up again when they were renewed."""

import ssl
from pathlib import Path


class Certificates:
    """A certificate with its key. Touches the disk, so not for the event loop."""

    def __init__(self, certificate: Path, key: Path | None) -> None:
        self._files = (certificate, key)
        self._loaded = 0.0
        self.context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        self.renew()

    def renew(self) -> bool:
        """Loads the files where they are newer; connections that are open keep what they have.

        Returns whether they were. Raises OSError (of which SSLError is one) for files that are no certificate and key.
        """
        certificate, key = self._files
        modified = max(file.stat().st_mtime for file in (certificate, key or certificate))
        if modified == self._loaded:
            return False
        self.context.load_cert_chain(certificate, key)
        self._loaded = modified
        return True
