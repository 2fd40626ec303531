"""What is taken out of what leaves the workspace."""

from pathlib import Path

import pytest

from engine.client.secrets import mask_for


def test_secrets_of_the_environment() -> None:
    mask = mask_for(None, {"DB_PASSWORD": "swordfish", "HOME": "/home/anna", "DSN": "pg://a:hunter22@db/x"})
    assert mask("swordfish in /home/anna at pg://a:hunter22@db, hunter22") == "••• in /home/anna at pg://a:•••@db, •••"


@pytest.mark.parametrize(
    ("file", "content"),
    [
        ("profiles.yml", "a: {outputs: {dev: {type: x, password: swordfish}}}"),
        ("config.yaml", "gateways: {g: {connection: {type: x, token: swordfish}}}"),
        ("config.yml", "gateways: {g: {connection: {type: x, private_key: swordfish}}}"),
        ("profiles.yml", "a: {outputs: {dev: {password: \"{{ env_var('HUSH') }}\"}}}"),
        (".env", "export API_KEY='swordfish'\nOTHER=open\n"),
    ],
)
def test_secrets_of_the_projects_files(file: str, content: str, tmp_path: Path) -> None:
    (tmp_path / file).write_text(content)
    assert mask_for(tmp_path, {"HUSH": "swordfish"})("a swordfish, open") == "a •••, open"


def test_files_that_are_no_configuration_hide_nothing(tmp_path: Path) -> None:
    (tmp_path / "profiles.yml").write_text("{{{")
    (tmp_path / "config.yaml").write_bytes(b"\xff\xfe")
    (tmp_path / ".env").mkdir()
    assert mask_for(tmp_path, {})("a swordfish") == "a swordfish"
