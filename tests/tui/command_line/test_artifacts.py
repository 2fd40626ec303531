from pathlib import Path

import pytest

from engine.errors import UsageError
from store.models import Artifact
from tui.command_line.artifacts_command import choose

FOUND = [
    Artifact(path=path, kind="file", size=1)
    for path in ("target/manifest.json", "target/a/x.sql", "target/b/x.sql", "target/link", "target/out")
]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for artifact in FOUND[:3]:
        file = tmp_path / "run" / artifact.path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.touch()
    (tmp_path / "secret").touch()
    (tmp_path / "run/target/link").symlink_to(tmp_path / "secret")
    return tmp_path / "run"


@pytest.mark.parametrize("wanted", ["target/manifest.json", "manifest.json"])
def test_by_path_or_by_the_end_of_it(folder: Path, wanted: str) -> None:
    assert choose(folder, FOUND, wanted) == folder / "target/manifest.json"


@pytest.mark.parametrize(
    ("wanted", "sentence"),
    [
        ("x.sql", '"x.sql" may mean target/a/x.sql, target/b/x.sql'),
        ("est.json", 'left no "est.json"'),
        ("../secret", 'left no "../secret"'),
        ("link", "outside of the run's folder"),
    ],
)
def test_what_is_not_given(folder: Path, wanted: str, sentence: str) -> None:
    with pytest.raises(UsageError, match=sentence):
        choose(folder, FOUND, wanted)
