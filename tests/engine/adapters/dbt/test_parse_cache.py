"""The partial parse that goes from run to run."""

from pathlib import Path

from engine.adapters.dbt.parse_cache import bring_in, cache_file, take_out
from store.paths import RunPaths


def test_the_next_run_of_the_environment_gets_it(tmp_path: Path) -> None:
    first, second = (RunPaths(tmp_path / "runs" / number) for number in ("1", "2"))
    cache = cache_file(first, "shop", "prod")
    bring_in(cache, first.target)
    (first.target / "partial_parse.msgpack").write_bytes(b"parsed")

    take_out(first.target, cache)
    assert not (first.target / "partial_parse.msgpack").exists()
    bring_in(cache_file(second, "shop", "prod"), second.target)

    assert (second.target / "partial_parse.msgpack").read_bytes() == b"parsed"
    assert [path.name for path in cache.parent.iterdir()] == [cache.name]
    assert cache_file(second, "shop", "dev") != cache


def test_names_cannot_leave_the_cache(tmp_path: Path) -> None:
    paths = RunPaths(tmp_path / "runs" / "1")

    assert cache_file(paths, "../../etc", "a/b").parent == tmp_path / "cache" / "dbt"


def test_a_run_that_parsed_nothing_leaves_the_cache_alone(tmp_path: Path) -> None:
    cache = tmp_path / "cache" / "x.msgpack"

    take_out(tmp_path, cache)

    assert not cache.exists()
