"""Certificates that sign themselves."""

import shutil
import subprocess
from pathlib import Path

import pytest

needs_openssl = pytest.mark.skipif(shutil.which("openssl") is None, reason="nothing here makes certificates")


def make_certificate(folder: Path, name: str) -> None:
    """A certificate that signs itself, in `cert.pem` and `key.pem`."""
    make = f"openssl req -x509 -newkey rsa:2048 -nodes -keyout key.pem -out cert.pem -days 1 -subj /CN={name}"
    subprocess.run(make.split(), cwd=folder, check=True, capture_output=True)
