"""Which model somebody means, by any of the names that it has."""

from collections.abc import Iterable

from store.errors import NotInRecord
from store.lineage.graph import Lineage

_MOST_NAMED = 5


class NoSuchModel(NotInRecord):
    """The name is no model of the run, or means several; the text is one sentence that says so."""


def find_model(lineage: Lineage, text: str) -> str:
    """The unique name of the node that is meant: by its unique name, its name, or the end of one.

    Raises NoSuchModel.
    """
    wanted = text.replace('"', "").casefold()
    if text in lineage.nodes:
        return text
    for matches in (_exactly, _at_the_end):
        found = [node for node in lineage.nodes if matches(wanted, _names(lineage, node))]
        if len(found) == 1:
            return found[0]
        if found:
            raise NoSuchModel(_ambiguous(text, found))
    raise NoSuchModel(_unknown(text, wanted, lineage))


def _names(lineage: Lineage, node: str) -> tuple[str, str]:
    return lineage.name_of(node).replace('"', "").casefold(), node.replace('"', "").casefold()


def _exactly(wanted: str, names: Iterable[str]) -> bool:
    return wanted in names


def _at_the_end(wanted: str, names: Iterable[str]) -> bool:
    return any(name.endswith(f".{wanted}") for name in names)


def _ambiguous(text: str, found: list[str]) -> str:
    more = f" and {len(found) - _MOST_NAMED} more" if len(found) > _MOST_NAMED else ""
    return f'"{text}" may mean {", ".join(sorted(found)[:_MOST_NAMED])}{more}.'


def _unknown(text: str, wanted: str, lineage: Lineage) -> str:
    # Only here, so that a command that finds its model does not wait for it.
    from difflib import get_close_matches

    names = {lineage.name_of(node).casefold(): lineage.name_of(node) for node in lineage.nodes}
    near = get_close_matches(wanted, names, n=1)
    return f'The run has no model "{text}"' + (f"; did you mean {names[near[0]]}?" if near else ".")
