"""Chooses which models a job runs, and how; says what that comes to before it starts."""

import asyncio
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import ClassVar

from rich.text import Text
from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal, Vertical
from textual.screen import Screen
from textual.widgets import Input, Label, Static, Tree
from textual.widgets.tree import TreeNode

from engine.errors import RunroomError, UsageError
from store import wording
from store.errors import StoreError
from store.filters import RunFilter
from store.history import UsualDurations
from store.models import Environment, Job, RunGraph, RunOptions, Tool
from store.text import one_line
from tui import formats, keymap, run_actions
from tui.journey import Spot
from tui.scope.branches import Branch, Chosen, Ticked, branches, choose, tick_of
from tui.scope.request import Choices, expected_s, narrows, options_of
from tui.services import Services
from tui.widgets.key_line import KeyLine
from tui.widgets.tick import Tick

_FIELDS: dict[Tool, dict[str, str]] = {
    "dbt": {
        "variables": "variables, as YAML",
        "threads": "threads",
        "start": "of batches: 2013-01-01",
        "end": "of batches: 2013-02-01",
    },
    "sqlmesh": {
        "variables": "variables, as YAML",
        "start": "2013-01-01, 1 week ago",
        "end": "yesterday",
    },
}
_MARKS: dict[Ticked, str] = {"all": "[x] ", "some": "[-] ", "none": "[ ] "}
_NOTHING_KNOWN = "No run of this project has told its models yet: start the whole job once, then parts can be chosen."


@dataclass(frozen=True, slots=True)
class JobPlace:
    """A job with where it runs. `environment` is None where the configuration has lost it."""

    job: Job
    tool: Tool
    environment: Environment | None = None

    @property
    def environment_name(self) -> str:
        """Where it runs."""
        return self.environment.name if self.environment is not None else self.job.environment

    @property
    def elsewhere(self) -> str | None:
        """Where it runs, `flights/dev`, when that is not the job's own environment."""
        name = self.environment_name
        return f"{self.job.project}/{name}" if name != self.job.environment else None


@dataclass(frozen=True, slots=True)
class ScopeAsLeft:
    """What was chosen, and where one was: keys of branches, texts of fields."""

    ticked: frozenset[str] = frozenset()
    opened: frozenset[str] = frozenset()
    cursor: str | None = None
    fields: Mapping[str, str] = field(default_factory=dict)
    full_refresh: bool = False


class ScopeTree(Tree[Branch]):
    """The tree, with the keys of lists; the space bar is the page's."""

    BINDINGS: ClassVar[list[BindingType]] = [
        keymap.BY_ID[key].doing(action)
        for key, action in (
            ("lists.down", "cursor_down"),
            ("lists.up", "cursor_up"),
            ("lists.page_down", "page_down"),
            ("lists.page_up", "page_up"),
            ("scope.tick", "screen.tick"),
        )
    ]


class ScopeScreen(Screen[None]):
    """`space` ticks a folder, schema, tag or model; deeper ticks narrow, without any all is meant. `S` starts."""

    CSS_PATH = "scope.tcss"
    BINDINGS: ClassVar[list[BindingType]] = keymap.bindings("scope")
    HELP_SCOPES: ClassVar[tuple[keymap.Scope, ...]] = ("scope", "lists")

    def __init__(self, services: Services, place: JobPlace, as_left: ScopeAsLeft | None = None) -> None:
        super().__init__()
        self.services = services
        self._place = place
        self._as_left = as_left or ScopeAsLeft()
        self._top: tuple[Branch, ...] = ()
        self._ticked: set[str] = set(self._as_left.ticked)
        self._usual = UsualDurations()
        self._environments: tuple[Environment, ...] = ()
        self._commands: tuple[str, ...] = ()

    def compose(self) -> ComposeResult:
        """Title, tree, choices, what they come to, keys."""
        yield Static(self._title(), id="title")
        with Horizontal(id="panes"):
            yield ScopeTree("all models", id="scope")
            with Vertical(id="choices"):
                for name, words in _FIELDS[self._place.tool].items():
                    with Horizontal(classes="field"):
                        yield Label(name)
                        yield Input(self._as_left.fields.get(name, ""), placeholder=words, compact=True, id=name)
                if self._place.tool == "dbt":
                    words = "full refresh"
                    yield Tick(words, taken=self._as_left.full_refresh, id="full-refresh")
                yield Static(id="preview")
        yield KeyLine()

    def _title(self) -> Text:
        job = self._place.job
        return Text(f"Run {one_line(job.name)} in {job.project}/{self._place.environment_name}")

    def on_mount(self) -> None:
        """Reads without making the first paint wait for it."""
        tree = self.query_one(ScopeTree)
        tree.root.expand()
        tree.guide_depth = 2
        self._show_preview()
        self.run_worker(self._read(), group="read")
        tree.focus()

    def spot(self) -> Spot:
        """The page with what is chosen now."""
        tree = self.query_one(ScopeTree)
        at, full_refresh = tree.cursor_node, any(tick.taken for tick in self.query(Tick))
        opened = frozenset(node.data.key for node in _nodes_below(tree.root) if node.data and node.is_expanded)
        cursor = at.data.key if at is not None and at.data is not None else None
        left = ScopeAsLeft(frozenset(self._ticked), opened, cursor, self._texts(), full_refresh)
        job = self._place.job
        return Spot(("scope", job.project, job.name), lambda: ScopeScreen(self.services, self._place, left))

    async def _read(self) -> None:
        job = self._place.job
        try:
            async with self.services.reads() as reader:
                known = await reader.environments()
                self._environments = tuple(each for each in known if each.project == job.project)
                graph, self._usual = RunGraph(), UsualDurations()
                for run in await reader.runs(RunFilter(project=job.project), limit=_RUNS_LOOKED_AT):
                    if not graph.nodes:
                        graph = await reader.graph(run.id)
                    if run.job == job.name and run.environment == self._place.environment_name:
                        self._usual = await reader.usual_durations(run)
                        break
        except StoreError as error:
            run_actions.notify_error(self.app, str(error))
            return
        self._top = await asyncio.to_thread(branches, graph.nodes, self._place.tool)
        self._fill()
        self._show_preview()

    def _fill(self) -> None:
        tree = self.query_one(ScopeTree)
        tree.clear()
        for branch in self._top:
            self._add(tree.root, branch)
        tree.root.expand()
        nodes = _nodes_below(tree.root)
        at = next((node for node in nodes if node.data and node.data.key == self._as_left.cursor), tree.root)
        tree.move_cursor(at)

    def _add(self, parent: TreeNode[Branch], branch: Branch) -> None:
        if not branch.children:
            parent.add_leaf(self._label(branch), branch)
            return
        node = parent.add(self._label(branch), branch, expand=branch.key in self._as_left.opened)
        for child in branch.children:
            self._add(node, child)

    def _label(self, branch: Branch) -> Text:
        mark = _MARKS[tick_of(branch, self._ticked)]
        text = Text(mark + one_line(branch.label))
        return text.append(f"  {len(branch.models):,}", formats.MUTED) if branch.children else text

    # -- choosing ---------------------------------------------------------------------------------------------------

    def action_tick(self) -> None:
        """Ticks what the cursor is on, or no longer; on top of all takes every tick away."""
        node = self.query_one(ScopeTree).cursor_node
        if node is None:
            return
        self._ticked = self._ticked ^ {node.data.key} if isinstance(node.data, Branch) else set()
        for each in _nodes_below(self.query_one(ScopeTree).root):
            if each.data is not None:
                each.set_label(self._label(each.data))
        self._show_preview()

    def action_next_environment(self) -> None:
        """Means the next environment of the project."""
        names = [each.name for each in self._environments]
        if len(names) < 2:
            run_actions.notify(self.app, f"{self._place.job.project} has no other environment.")
            return
        here = self._place.environment_name
        after = (names.index(here) + 1) % len(names) if here in names else 0
        self._place = replace(self._place, environment=self._environments[after])
        self.query_one("#title", Static).update(self._title())
        self._show_preview()
        self.run_worker(self._read(), group="read", exclusive=True)

    @on(Input.Changed)
    def _changed(self) -> None:
        self._show_preview()

    @on(Tick.Changed)
    def _tick_changed(self) -> None:
        self._show_preview()

    @property
    def _chosen(self) -> Chosen:
        return choose(self._top, self._ticked)

    def _options(self) -> RunOptions:
        """Raises UsageError."""
        full_refresh = any(tick.taken for tick in self.query(Tick))
        return options_of(self._chosen, Choices(**self._texts(), full_refresh=full_refresh), self._place.tool)

    def _texts(self) -> dict[str, str]:
        return {name: self.query_one(f"#{name}", Input).value for name in _FIELDS[self._place.tool]}

    # -- what it comes to -------------------------------------------------------------------------------------------

    def _show_preview(self) -> None:
        self.query_one("#preview", Static).update(self._preview())
        self.run_worker(self._ask_for_commands(), group="preview", exclusive=True)

    async def _ask_for_commands(self) -> None:
        """Asks the engine for the exact commands, once nothing was changed for a moment."""
        await asyncio.sleep(_PAUSE_S)
        job = self._place.job
        try:
            wanted = self._options()
            self._commands = await self.services.actions.preview_start(
                f"{job.project}/{job.name}", wanted, self._place.elsewhere
            )
        except RunroomError:
            self._commands = ()  # what is wrong is said: in the preview, or in the top line of home
        self.query_one("#preview", Static).update(self._preview())

    def _preview(self) -> Text:
        try:
            self._options()
        except UsageError as error:
            return formats.styled(str(error), formats.BAD)
        if not self._top:
            return formats.styled(_NOTHING_KNOWN, formats.MUTED)
        chosen = self._chosen
        every = sorted({model for branch in self._top for model in branch.models})
        narrowed = narrows(self._place.job.steps, self._place.tool, chosen)
        lines = [Text().append("at most " if narrowed else "", formats.MUTED)]
        lines[0].append(wording.counted(len(chosen.models), "model"), "bold")
        lines[0].append(f" of {len(every):,}", formats.MUTED)
        if seconds := expected_s(chosen, self._usual.models, self._usual.run_s, every):
            lines[0].append(f", about {wording.duration(seconds)}", formats.MUTED)
        environment = self._place.environment
        lines += [Text(one_line(command)) for command in self._commands]
        if environment is not None and environment.type == "production":
            lines.append(formats.styled("▲ This is PRODUCTION.", formats.WARNING))
        return Text("\n\n").join(lines)

    def action_start(self) -> None:
        """Starts it, after asking where that writes production, and shows the run."""
        self.run_worker(self._start(), group="act")

    async def _start(self) -> None:
        try:
            options = self._options()
        except UsageError as error:
            run_actions.notify_error(self.app, str(error))
            return
        run = await run_actions.start_job(self.app, self.services, self._place.job, self._place.environment, options)
        if run is not None:
            self.app.replace_run(run.id)  # type: ignore[attr-defined]


def _nodes_below(node: TreeNode[Branch]) -> Iterator[TreeNode[Branch]]:
    for child in node.children:
        yield child
        yield from _nodes_below(child)


_RUNS_LOOKED_AT = 50
_PAUSE_S = 0.15
