"""What `[api]` and `[webhooks.NAME]` may say, and that nothing is open by mistake."""

from pathlib import Path

import pytest

from engine.api.settings import ApiSettings, Webhook
from engine.configuration.workspace import load_workspace
from engine.errors import ConfigurationError
from tests.engine.configuration.conftest import MakeProject, WriteFile


@pytest.fixture(autouse=True)
def project(make_dbt: MakeProject) -> None:
    """One project, detected."""
    make_dbt()


def test_nothing_listens_by_default(tmp_path: Path, write_toml: WriteFile) -> None:
    write_toml("")
    assert load_workspace(tmp_path).api is None
    assert load_workspace(tmp_path).webhooks == ()


def test_the_table_says_where_and_how_much(tmp_path: Path, write_toml: WriteFile) -> None:
    write_toml('[api]\nlisten = "127.0.0.1:8470"\nrate_limit = 7\nmax_body = 5000\n')
    assert load_workspace(tmp_path).api == ApiSettings("127.0.0.1", 8470, rate_limit=7, max_body=5000)


@pytest.mark.parametrize("listen", ["localhost:1", "[::1]:8470", "127.9.9.9:65535"])
def test_a_loopback_address_needs_no_tls(tmp_path: Path, write_toml: WriteFile, listen: str) -> None:
    write_toml(f'[api]\nlisten = "{listen}"\n')
    assert load_workspace(tmp_path).api is not None


@pytest.mark.parametrize("listen", ["0.0.0.0:8470", "10.0.0.5:8470", "[::]:8470", "example.org:80"])
def test_another_address_needs_tls_or_a_proxy(tmp_path: Path, write_toml: WriteFile, listen: str) -> None:
    write_toml(f'[api]\nlisten = "{listen}"\n')
    with pytest.raises(ConfigurationError, match=r"\[api\] would send tokens in the clear over .*behind_proxy = true"):
        load_workspace(tmp_path)
    write_toml(f'[api]\nlisten = "{listen}"\nbehind_proxy = true\n')
    assert load_workspace(tmp_path).api is not None
    for name in ("cert.pem", "key.pem"):
        (tmp_path / name).touch()
    write_toml(f'[api]\nlisten = "{listen}"\ncertificate = "cert.pem"\nkey = "key.pem"\n')
    api = load_workspace(tmp_path).api
    assert api is not None
    assert (api.certificate, api.address[:8]) == (tmp_path / "cert.pem", "https://")


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("rate_limit = 5", r"\[api\] needs the key listen"),
        ('listen = "8470"', 'api.listen: "8470" is no address; write it like "127.0.0.1:8470".'),
        ('listen = "127.0.0.1:0"', "is no address"),
        ('listen = "127.0.0.1:99999"', "is no address"),
        ('listen = "127.0.0.1:1"\ncertificate = "c.pem"', "needs both certificate and key"),
        ('listen = "127.0.0.1:1"\ncertificate = "c.pem"\nkey = "k.pem"', "api.certificate: there is no file c.pem."),
        ('listen = "127.0.0.1:1"\nrate_limit = 0', "api.rate_limit"),
        ('listen = "127.0.0.1:1"\nlimit = 3', "api.limit is not a known key"),
    ],
)
def test_what_cannot_be_is_refused(tmp_path: Path, write_toml: WriteFile, text: str, says: str) -> None:
    write_toml(f"[api]\n{text}\n")
    with pytest.raises(ConfigurationError, match=says):
        load_workspace(tmp_path)


def test_a_webhook_is_of_the_only_project(tmp_path: Path, write_toml: WriteFile) -> None:
    write_toml('[webhooks.hub]\nprovider = "github"\nsecret_env = "HUB_SECRET"\n')
    assert load_workspace(tmp_path).webhooks == (Webhook("hub", "github", "HUB_SECRET", "flights", forks=False),)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ('provider = "github"', "webhooks.hub needs the key secret_env"),
        ('provider = "gitea"\nsecret_env = "S"', "webhooks.hub.provider"),
        ('provider = "github"\nsecret_env = "hunter 2"', "webhooks.hub.secret_env"),
        (
            'provider = "github"\nsecret_env = "S"\nproject = "flight"',
            'webhooks.hub.project: there is no project "flight"; did you mean "flights"?',
        ),
    ],
)
def test_a_webhook_that_cannot_be_is_refused(tmp_path: Path, write_toml: WriteFile, text: str, says: str) -> None:
    write_toml(f"[webhooks.hub]\n{text}\n")
    with pytest.raises(ConfigurationError, match=says):
        load_workspace(tmp_path)
