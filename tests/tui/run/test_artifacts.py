"""The files of a run as a list, as a tree, by part of the name."""

from store.models import Artifact
from tui.run_view.artifacts import as_tree, cells, list_rows, matching, tree_rows

FILES = [
    Artifact(path=path, kind=kind, size=size)
    for path, kind, size in (
        ("logs/03-build.log", "log", 500),
        ("target/manifest.json", "manifest", 2_000),
        ("target/compiled/models/a.sql", "compiled", 100),
        ("target/compiled/models/b.sql", "compiled", 200),
    )
]


def names(closed: frozenset[str] = frozenset()) -> list[str]:
    return [cells(row, 60)["name"].plain for row in tree_rows(FILES, closed)]


def test_every_word_must_be_in_the_path() -> None:
    assert [file.path for file in matching(FILES, "COMPILED a.sql")] == ["target/compiled/models/a.sql"]
    assert len(matching(FILES, "")) == len(FILES)


def test_the_tree_has_folders_before_files() -> None:
    assert names() == [
        "▾ logs/",
        "    03-build.log",
        "▾ target/",
        "  ▾ compiled/",
        "    ▾ models/",
        "        a.sql",
        "        b.sql",
        "    manifest.json",
    ]


def test_a_closed_folder_keeps_what_is_in_it() -> None:
    assert names(frozenset({"target/compiled"})) == [
        "▾ logs/",
        "    03-build.log",
        "▾ target/",
        "  ▸ compiled/",
        "    manifest.json",
    ]


def test_folders_add_up() -> None:
    root = as_tree(FILES)
    assert (root.count, root.size) == (4, 2_800)
    assert (root.folders["target"].count, root.folders["target"].size) == (3, 2_300)


def test_the_list_has_whole_paths_and_sizes() -> None:
    row = cells(list_rows(FILES)[1], 60)
    assert (row["name"].plain, row["size"].plain) == ("target/manifest.json", "2.0 kB")


def test_rows_have_keys_of_their_own() -> None:
    rows = tree_rows(FILES, frozenset())
    assert len({row.key for row in rows}) == len(rows)


def test_of_a_long_path_the_end_is_shown() -> None:
    assert cells(list_rows(FILES)[2], 14)["name"].plain == "…/models/a.sql"
