import getpass
from pathlib import Path

import pytest

from engine.configuration.settings import author
from engine.errors import ConfigurationError


def test_the_author_is_who_the_nearest_says(bare_home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert author() == getpass.getuser()
    own = bare_home / ".config" / "runroom" / "config.toml"
    own.parent.mkdir(parents=True)
    own.write_text('author = "file"\n')
    assert author() == "file"
    monkeypatch.setenv("RUNROOM_AUTHOR", "variable")
    assert author() == "variable"
    assert author("option") == "option"


def test_a_mistake_in_the_users_file_names_it(bare_home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(bare_home / "xdg"))
    own = bare_home / "xdg" / "runroom" / "config.toml"
    own.parent.mkdir(parents=True)
    own.write_text('auhtor = "x"\n')
    with pytest.raises(ConfigurationError, match=r'config\.toml: auhtor is not a known key; did you mean "author"'):
        author()
