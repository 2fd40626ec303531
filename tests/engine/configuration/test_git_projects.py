"""Projects that come from a remote, as they are written in runroom.toml."""

from pathlib import Path

import pytest

from engine.configuration.workspace import load_workspace
from engine.errors import ConfigurationError


def write(folder: Path, keys: str, rest: str = "[environments.prod]\nbranch = 'main'\n") -> Path:
    (folder / "runroom.toml").write_text(f"[projects.shop]\ntool = 'dbt'\n{keys}\n{rest}")
    return folder


def test_its_folder_is_where_its_default_branch_is_checked_out(tmp_path: Path) -> None:
    workspace = load_workspace(write(tmp_path, "git = 'git@github.com:acme/shop.git'\npath = 'dbt'\npoll = '2m'"))

    project = workspace.project("shop")
    assert project.git == "git@github.com:acme/shop.git"
    assert (project.poll_s, project.forks) == (120.0, False)
    assert workspace.project_folder(project) == tmp_path / ".runroom/projects/shop/dbt"
    assert workspace.problem is None


@pytest.mark.parametrize(
    ("written", "remote"),
    [
        ("../shop.git", "{parent}/shop.git"),
        ("https://example.org/shop.git", "https://example.org/shop.git"),
        ("ssh://git@example.org:22/shop.git", "ssh://git@example.org:22/shop.git"),
        ("example.org:shop.git", "example.org:shop.git"),
    ],
)
def test_a_path_counts_from_the_file_s_folder_and_an_address_stays(tmp_path: Path, written: str, remote: str) -> None:
    workspace = load_workspace(write(tmp_path, f"git = '{written}'"))
    assert workspace.project("shop").git == remote.format(parent=tmp_path.parent)


@pytest.mark.parametrize(
    ("keys", "sentence"),
    [
        ("", r"projects\.shop: it needs the key path, or git"),
        ("git = 'https://anna:secret@example.org/shop.git'", r"projects\.shop\.git: the address carries a password"),
        ("git = 'https://ghp_0123@github.com/a/b'", r"projects\.shop\.git: the address carries a password or token"),
        ("git = '--upload-pack=x'", r'projects\.shop\.git: "--upload-pack=x" is no remote'),
        ("git = 'a.git'\npath = '../other'", r"projects\.shop\.path: \.\./other is not inside the repository"),
        ("git = 'a.git'\npoll = 'often'", r"projects\.shop\.poll: .*\"often\" is not a length of time"),
    ],
)
def test_one_sentence_for_what_cannot_be(tmp_path: Path, keys: str, sentence: str) -> None:
    with pytest.raises(ConfigurationError, match=sentence) as caught:
        load_workspace(write(tmp_path, keys))
    assert "secret" not in str(caught.value)
    assert "ghp_" not in str(caught.value)


def test_until_it_is_cloned_its_targets_are_not_known(tmp_path: Path) -> None:
    workspace = load_workspace(write(tmp_path, "git = 'shop.git'", rest=""))

    assert workspace.environments == ()
    assert workspace.problem == f"The environments of shop are known when {tmp_path}/shop.git is cloned."
