"""The environments of every project, each with its health at a glance."""

from rich.text import Text
from textual.message import Message
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from store import wording
from tui import formats
from tui.not_well import TORN
from tui.overview import EVERYWHERE, EnvironmentGlance, Overview, Place
from tui.widgets.choices import Choices


class EnvironmentList(Choices):
    """Workspace, projects and environments; going through it chooses what the rest of the page is about."""

    class Chosen(Message):
        """The cursor went to another place."""

        def __init__(self, place: Place) -> None:
            super().__init__()
            self.place = place

    def __init__(self) -> None:
        super().__init__(id="environment-list")
        self._places: list[Place] = []
        self._overview: Overview | None = None

    def show(self, overview: Overview) -> None:
        """Shows the workspace as it is now; the cursor stays on its place."""
        lines = _lines(overview, self._text_width)
        places = [place for place, _ in lines]
        self._overview = overview
        if places == self._places:
            for index, (_, text) in enumerate(lines):
                # Replacing one lays out the whole page again, and sends all of it to the terminal.
                if self.get_option_at_index(index).prompt != text:
                    self.replace_option_prompt_at_index(index, text)
            return
        chosen = self._places[self.highlighted] if self.highlighted is not None and self._places else EVERYWHERE
        self._places = places
        self.set_options(Option(text) for _, text in lines)
        self.highlighted = places.index(chosen) if chosen in places else 0

    def choose(self, place: Place) -> None:
        """Puts the cursor on a place, if it is there."""
        if place in self._places:
            self.highlighted = self._places.index(place)

    def on_resize(self) -> None:
        """The health stands at the right edge."""
        if self._overview is not None:
            self.show(self._overview)

    def on_option_list_option_highlighted(self, event: OptionList.OptionHighlighted) -> None:
        """Tells the page, in its own words."""
        event.stop()
        self.post_message(self.Chosen(self._places[event.option_index]))

    @property
    def _text_width(self) -> int:
        return max(12, self.scrollable_content_region.width - 2)


def _lines(overview: Overview, width: int) -> list[tuple[Place, Text]]:
    lines = [(EVERYWHERE, _line(overview.name, _summary(overview.environments), width, "bold"))]
    for project, states in overview.projects.items():
        lines.append((Place(project), _line(project, Text(), width, formats.MUTED)))
        lines += [(state.place, _line(f"  {state.environment.name}", health(state), width)) for state in states]
    return lines


def _line(name: str, right: Text, width: int, style: str = "") -> Text:
    left = Text(name, style)
    left.truncate(max(4, width - right.cell_len - 1), overflow="ellipsis", pad=True)
    return Text(no_wrap=True).append_text(left).append(" ").append_text(right)


def health(state: EnvironmentGlance) -> Text:
    """What it is like: the failures that nobody handles, else how its last run or plan ended; what goes on now.

    In front of that stands what is half-written: intervals of models, or all of it by a plan.
    """
    text = _ended(state)
    if state.state is not None and state.state.unfinalised:
        text = formats.styled("◐ ", formats.WARNING).append_text(text)
    if state.torn:
        text = formats.styled(f"{TORN} ", formats.WARNING).append_text(text)
    if not state.active:
        return text
    now = Text("●" if state.running else "○", formats.LIVE if state.running else "blue")
    return now.append(" ").append_text(text)


def _ended(state: EnvironmentGlance) -> Text:
    if state.unhandled:
        return formats.styled(f"✗ {_few(state.unhandled)}", formats.BAD)
    if state.failing:
        return formats.styled("✗", formats.MUTED)  # somebody looks after it, and it is not well yet
    if (last := state.last_ended) is None:
        return Text(wording.NOTHING, formats.MUTED)
    look = formats.run_look(last)
    return formats.styled(look.glyph, formats.MUTED if last.handling == "acknowledged" else look.style)


def _summary(states: tuple[EnvironmentGlance, ...]) -> Text:
    unhandled = sum(state.unhandled for state in states)
    return Text(f"✗ {_few(unhandled)}", formats.BAD) if unhandled else Text()


def _few(number: int) -> str:
    """A number in four characters, for the narrowest places: `999`, `14k`, `1M`."""
    for unit, size in (("M", 1_000_000), ("k", 1_000)):
        if number >= size:
            return f"{number // size}{unit}"
    return str(number)
