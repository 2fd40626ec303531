"""Which files no version holds, as git's own patterns."""

from fnmatch import fnmatchcase
from pathlib import PurePosixPath

ALWAYS_IGNORED = (".runroom/", "profiles.yml", "profiles.yaml", ".env", ".env.*", "*.pem", "id_rsa", "id_ed25519")
"""In git or not: what may hold passwords, and the record itself."""

USUALLY_IGNORED = (
    *("target/", "dbt_packages/", "dbt_modules/", "logs/", ".cache/", ".logs/", ".user.yml"),
    *(".venv/", "venv/", "node_modules/", "__pycache__/", "*.pyc", ".ipynb_checkpoints/", ".DS_Store", "*.swp"),
    *(".mypy_cache/", ".pytest_cache/", ".ruff_cache/", ".idea/", ".vscode/", ".hg/", ".svn/"),
    *(
        "*.duckdb",
        "*.duckdb.wal",
        "*.db",
        "*.db-wal",
        "*.db-shm",
        "*.sqlite",
        "*.sqlite3",
        "*.log",
        ".DS_Store",
        "*.swp",
    ),
)
"""Where no git says what to ignore, beside the `.gitignore` files that are there."""


def is_always_ignored(path: str) -> bool:
    """Whether no version holds this file, whatever git says of it."""
    parts = PurePosixPath(path).parts
    return any(
        pattern[:-1] in parts[:-1] if pattern.endswith("/") else fnmatchcase(parts[-1], pattern)
        for pattern in ALWAYS_IGNORED
    )
