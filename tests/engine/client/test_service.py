"""The unit with which systemd keeps an engine running."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from engine.client.service import Unit, install, lingers, unit_name, unit_of
from engine.errors import UsageError
from store.paths import WorkspacePaths

ODD = 'an odd "100%" $HOME\\folder'


def unit_in(folder: Path, home: Path) -> Unit:
    folder.mkdir(parents=True, exist_ok=True)
    return unit_of(WorkspacePaths(folder), {"HOME": str(home), "PATH": "/usr/bin:/opt/$x/bin"})


def test_two_workspaces_of_one_name_are_two_services() -> None:
    names = {unit_name(Path(folder)) for folder in ("/a/flights", "/b/flights")}
    assert len(names) == 2
    assert all(name.startswith("runroom-flights-") and name.endswith(".service") for name in names)
    assert unit_name(Path("/ä ö")).startswith("runroom-workspace-")


def test_the_unit_ends_the_engine_and_not_its_runs(tmp_path: Path) -> None:
    text = unit_in(tmp_path / "flights", tmp_path).text
    assert f'ExecStart="{sys.executable}" "-I" "-m" "engine.daemon"' in text
    for line in ("KillMode=process", "Restart=on-failure", "Environment=RUNROOM_IDLE_S=inf"):
        assert line in text.splitlines()


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="this machine has no systemd-analyze")
@pytest.mark.parametrize("name", ["flights", ODD])
def test_systemd_understands_it_whatever_the_folder_is_called(tmp_path: Path, name: str) -> None:
    unit = unit_in(tmp_path / name, tmp_path)
    install(unit, systemd_runs=tmp_path)
    done = subprocess.run(
        ["systemd-analyze", "--user", "--man=no", "verify", str(unit.file)],
        env={"XDG_RUNTIME_DIR": str(tmp_path), "PATH": "/usr/bin:/bin", "HOME": str(tmp_path)},
        capture_output=True, text=True, timeout=30, check=False,
    )  # fmt: skip
    assert (done.returncode, unit.name in done.stderr) == (0, False)


def test_it_is_written_where_systemd_looks_and_written_anew(tmp_path: Path) -> None:
    unit = unit_in(tmp_path / "flights", tmp_path)
    install(unit, systemd_runs=tmp_path)
    install(unit, systemd_runs=tmp_path)
    assert unit.file == tmp_path / ".config" / "systemd" / "user" / unit.name
    assert unit.file.read_text() == unit.text
    assert (tmp_path / "flights" / ".runroom").stat().st_mode & 0o777 == 0o700


def test_what_cannot_be_is_refused_and_changes_nothing(tmp_path: Path) -> None:
    unit = unit_in(tmp_path / "flights", tmp_path)
    with pytest.raises(UsageError, match="does not run systemd"):
        install(unit, systemd_runs=tmp_path / "none")
    assert not unit.file.parent.exists()

    unit.file.parent.mkdir(parents=True)
    unit.file.write_text("[Unit]\n")
    with pytest.raises(UsageError, match="Runroom did not write it"):
        install(unit, systemd_runs=tmp_path)
    assert unit.file.read_text() == "[Unit]\n"

    with pytest.raises(UsageError, match="HOME is not set"):
        unit_of(WorkspacePaths(tmp_path), {})
    with pytest.raises(UsageError, match="line end"):
        unit_of(WorkspacePaths(tmp_path / "a\nb"), {"HOME": "/"})


def test_whether_services_outlive_a_logout(tmp_path: Path) -> None:
    (tmp_path / "anna").touch()
    assert lingers("anna", tmp_path)
    assert not lingers("ben", tmp_path)
