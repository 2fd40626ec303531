"""Whether a project's packages have to be installed, and which ones are."""

from pathlib import Path

import pytest

from engine.adapters.dbt.packages import are_installed, installed_packages, names_packages, note_installed


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        ({}, False),
        ({"packages.yml": "packages: []\n"}, False),
        ({"packages.yml": "packages: [{local: ../x}]\n"}, True),
        ({"dependencies.yml": "projects: [{name: other}]\n"}, False),
        ({"dependencies.yml": "packages: [{local: ../x}]\n"}, True),
        ({"packages.yml": "packages: [\n"}, True),
        ({"packages.yml": "packages: {{ var('p') }}\n"}, True),
    ],
)
def test_deps_is_needed_only_for_packages(tmp_path: Path, files: dict[str, str], expected: bool) -> None:
    for name, content in files.items():
        (tmp_path / name).write_text(content)

    assert names_packages(tmp_path) is expected


def test_packages_are_installed_until_something_else_is_asked_for(tmp_path: Path) -> None:
    packages = tmp_path / "packages.yml"
    packages.write_text("packages: [{local: ../x}]\n")
    note_installed(tmp_path)
    assert not are_installed(tmp_path)

    (tmp_path / "dbt_packages").mkdir()
    note_installed(tmp_path)
    assert are_installed(tmp_path)

    packages.write_text("packages: [{local: ../y}]\n")
    assert not are_installed(tmp_path)


def test_packages_may_be_installed_elsewhere(tmp_path: Path) -> None:
    (tmp_path / "dbt_project.yml").write_text("name: x\npackages-install-path: vendor\n")
    (tmp_path / "vendor").mkdir()

    note_installed(tmp_path)

    assert are_installed(tmp_path)
    assert [path.parent.name for path in tmp_path.rglob(".installed*")] == ["vendor"]


def test_installed_packages_say_their_versions_themselves(tmp_path: Path) -> None:
    assert installed_packages(tmp_path) == {}
    for folder, said in {"dbt_utils": "name: dbt_utils\nversion: 1.3.0\n", "own": "name: own\n", "odd": "["}.items():
        (tmp_path / "dbt_packages" / folder).mkdir(parents=True)
        (tmp_path / "dbt_packages" / folder / "dbt_project.yml").write_text(said)

    assert installed_packages(tmp_path) == {"dbt_utils": "1.3.0", "own": "of no version"}
