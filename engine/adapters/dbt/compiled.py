"""The SQL that dbt compiled, as files of the run."""

from pathlib import PurePosixPath

from store.paths import RunPaths

_LONGEST_SQL = 200_000


class CompiledFiles:
    """Finds compiled SQL below a run's target folder."""

    def __init__(self, paths: RunPaths) -> None:
        self._paths = paths

    def locate(self, below_target: PurePosixPath | None) -> str | None:
        """The file relative to the run's folder; None while dbt has not written it."""
        if below_target is None:
            return None
        file = self._paths.target / below_target
        return file.relative_to(self._paths.folder).as_posix() if file.is_file() else None

    def read(self, below_target: PurePosixPath | None) -> str | None:
        """The SQL in the file, of absurdly long ones the beginning."""
        if below_target is None:
            return None
        try:
            with (self._paths.target / below_target).open(encoding="utf-8", errors="replace") as file:
                return file.read(_LONGEST_SQL).strip() or None
        except OSError:
            return None
