"""Every key of the app, declared in one place: footer, `?` help, palette and `runroom keys` all read it here."""

from dataclasses import dataclass
from typing import Literal

from textual.binding import Binding, BindingType

Scope = Literal[
    "everywhere",
    "lists",
    "activity",
    "chart",
    "environments",
    "environment",
    "jobs",
    "run",
    "explore",
    "graph",
    "changes",
    "log",
    "log_lines",
    "steps",
    "triage",
    "filters",
    "compare",
    "trail",
    "scope",
    "search",
    "dialog",
    "help",
]
SCOPE_TITLES: dict[Scope, str] = {
    "everywhere": "Everywhere",
    "lists": "Lists and tables",
    "activity": "Recent activity",
    "chart": "Runs of two weeks",
    "environments": "Environments",
    "environment": "One environment",
    "jobs": "Jobs",
    "run": "Run",
    "explore": "Explore",
    "graph": "The graph of Explore",
    "changes": "Changes",
    "log": "Log",
    "log_lines": "The lines of a log",
    "steps": "Steps & logs",
    "triage": "Looking after runs",
    "filters": "Saved filters",
    "compare": "Runs side by side",
    "trail": "Who did what",
    "scope": "A run of some models",
    "search": "Search in all logs",
    "dialog": "Dialogs",
    "help": "This help",
}
TOGETHER: tuple[frozenset[Scope], ...] = (
    frozenset({"environments", "triage", "activity", "lists"}),
    frozenset({"environments", "triage", "chart"}),
    frozenset({"environment", "lists"}),
    frozenset({"run", "triage", "explore", "graph", "changes", "lists", "log", "log_lines", "steps"}),
    frozenset({"filters", "lists", "dialog"}),
    frozenset({"search", "lists"}),
    frozenset({"compare", "lists"}),
    frozenset({"trail", "lists"}),
    frozenset({"scope", "lists"}),
    frozenset({"help", "lists"}),
)
"""The scopes that work at the same time, those of everywhere apart: no two of their keys may be made the same."""


@dataclass(frozen=True, slots=True)
class Key:
    """One key and what it does.

    `keys` is what Textual understands, several apart by commas. `help` is a short clause that begins with a verb.
    `acts` marks what goes to the engine and is refused under `--readonly`; `dangerous` what asks first.
    `footer` is its label in the footer, empty for keys that are found in the help only.
    """

    id: str
    keys: str
    action: str
    help: str
    footer: str = ""
    acts: bool = False
    dangerous: bool = False

    @property
    def scope(self) -> str:
        """Where it works: the first part of its id."""
        return self.id.partition(".")[0]

    def binding(self) -> Binding:
        """As Textual wants it."""
        return self.doing(self.action)

    def doing(self, action: str) -> Binding:
        """The same key for a widget whose action of this meaning has another name."""
        return Binding(self.keys, action, self.footer or self.help, show=bool(self.footer), id=self.id)


KEYS: tuple[Key, ...] = (
    Key("activity.open", "enter", "select_cursor", "open the chosen run", "open"),
    Key("chart.previous_day", "h,left", "choose_day(-1)", "choose the day before"),
    Key("chart.next_day", "l,right", "choose_day(1)", "choose the day after", "days"),
    Key("chart.open", "enter", "open_day", "go to the last run of the day", "open"),
    Key("environments.stop", "x", "stop_run", "stop the chosen run", "stop", acts=True, dangerous=True),
    Key("environments.rerun", "r", "rerun_run", "run the chosen run again", "run again", acts=True),
    Key("environments.new_run", "R", "new_run", "start a job", "new run", acts=True),
    Key("environments.plan", "p", "plan_environment", "plan the chosen environment", "plan", acts=True),
    Key("environments.new_plan", "P", "new_plan", "plan with choices, also a new environment", acts=True),
    Key("environments.jobs", "J", "show_jobs", "show the jobs: when they start, how they fare", "jobs"),
    Key("environments.models", "i", "show_models", "show what is loaded and missing of each model", "intervals"),
    Key("environments.refresh", "f5,ctrl+r", "refresh_environments", "ask SQLMesh again for its state", acts=True),
    Key("environments.filter", "f,slash", "filter", "filter the runs", "filter"),
    Key("environments.saved_filters", "F", "saved_filters", "choose a saved filter, or save the present one"),
    Key("environments.all", "1", "show_tab('all')", "show all runs"),
    Key("environments.active", "2", "show_tab('active')", "show active runs"),
    Key("environments.completed", "3", "show_tab('completed')", "show completed runs"),
    Key("environments.failed", "4", "show_tab('failed')", "show failed runs"),
    Key("environments.cancelled", "5", "show_tab('cancelled')", "show cancelled runs"),
    Key("environments.next_tab", "right_square_bracket", "next_tab(1)", "show the next status tab"),
    Key("environments.previous_tab", "left_square_bracket", "next_tab(-1)", "show the previous status tab"),
    Key("environments.kind", "t", "next_kind", "show another kind: runs, plans, re-runs, scheduled"),
    Key("environments.order", "o", "toggle_order", "show the newest or the oldest first"),
    Key("environments.clear", "escape", "clear_filter", "forget the filter"),
    Key("environments.everywhere", "0", "show_everywhere", "show the whole workspace"),
    Key("environments.mark", "space", "mark", "mark the chosen run, or no longer: keys are about all that are marked"),
    Key("environments.mark_all", "a", "mark_all", "mark all runs that the filter lets through"),
    Key("environments.compare", "c", "compare", "compare the marked runs, or the chosen one with the one before"),
    Key("environments.watch", "w", "watch", "be told of the end of the chosen run, or no longer"),
    Key("environments.copy", "y", "copy_run", "copy the number of the chosen run"),
    Key("environments.search_logs", "ctrl+s", "search_logs", "search the logs of all runs"),
    Key("environments.alike", "A", "show_alike", "list the runs that failed like the chosen one"),
    Key("environment.plan", "p", "plan", "plan this environment", "plan", acts=True),
    Key("environment.refresh", "f5,ctrl+r", "refresh_environments", "ask SQLMesh again", "refresh", acts=True),
    Key("jobs.history", "enter", "select_cursor", "list the runs of the chosen job", "history"),
    Key("jobs.run", "r", "run_now", "start the chosen job now", "run now", acts=True),
    Key("jobs.pause", "p", "pause", "pause the chosen job, or let it go on", "pause", acts=True),
    Key("jobs.test_notifications", "n", "test_notifications", "send a test message to everyone who is told", acts=True),
    Key("jobs.edit", "e", "edit", "edit runroom.toml at the chosen job", "edit", acts=True),
    Key("run.tab_1", "1", "show_tab(1)", "show the first tab"),
    Key("run.tab_2", "2", "show_tab(2)", "show the second tab"),
    Key("run.tab_3", "3", "show_tab(3)", "show the third tab"),
    Key("run.tab_4", "4", "show_tab(4)", "show the fourth tab"),
    Key("run.tab_5", "5", "show_tab(5)", "show the fifth tab"),
    Key("run.tab_6", "6", "show_tab(6)", "show the sixth tab"),
    Key("run.tab_7", "7", "show_tab(7)", "show the seventh tab"),
    Key("run.tab_8", "8", "show_tab(8)", "show the eighth tab"),
    Key("run.stop", "x", "stop_run", "stop the run", "stop", acts=True, dangerous=True),
    Key("run.watch", "w", "watch", "be told of its end, or no longer", "watch"),
    Key("run.rerun", "r", "rerun_run", "run it again", "run again", acts=True),
    Key("run.rerun_failed", "R", "rerun_failed", "run again what failed or was skipped", acts=True),
    Key("run.apply_plan", "p", "apply_plan", "apply the plan that is shown", "apply", acts=True, dangerous=True),
    Key("run.compare", "c", "compare", "compare it with the run of its job before"),
    Key("run.repair", "m", "repair", "repair half-written intervals", "repair", acts=True, dangerous=True),
    Key("run.detail", "enter", "open_detail", "give the detail the whole pane", "detail"),
    Key("run.close_detail", "escape", "close_detail", "take the list back", "list"),
    Key("run.search", "slash", "search", "search the files by part of the name"),
    Key("run.group", "t", "next_grouping", "show flat or by folder, models also by schema"),
    Key("run.order", "o", "next_order", "sort by status, start, duration or name", "order"),
    Key("run.log", "l", "show_log", "go to the lines of the log about the chosen model or audit", "log"),
    Key("run.related", "a", "show_related", "go from a model to its audits, from an audit to its model"),
    Key("run.explore", "v", "show_lineage", "go from a model to its lineage, and back"),
    Key("run.definition", "d", "show_definition", "go to the definition of the chosen model"),
    Key("run.zoom_in", "plus,equals_sign", "zoom(1)", "look closer at the timeline", "closer"),
    Key("run.zoom_out", "minus", "zoom(-1)", "look at more of the timeline"),
    Key("run.zoom_whole", "0", "zoom(0)", "look at all of the timeline"),
    Key("run.earlier", "left", "screen.shift(-1)", "look earlier along the timeline"),
    Key("run.later", "right", "screen.shift(1)", "look later along the timeline"),
    Key("run.next_error", "e", "next_error(1)", "go to the next error", "errors"),
    Key("run.previous_error", "E", "next_error(-1)", "go to the previous error"),
    Key("run.next_run", "right_square_bracket", "neighbour(1)", "show the next run of the job"),
    Key("run.previous_run", "left_square_bracket", "neighbour(-1)", "show the previous run of the job"),
    Key("run.read", "f5", "read_again", "read the run again"),
    Key("run.linked", "O", "go_to_linked", "go to the run that took its place, or that it was made of"),
    Key("run.copy", "y", "copy", "copy what is chosen"),
    Key("run.copy_sql", "Y", "copy_sql", "copy the SQL of the chosen model or audit"),
    Key("run.save", "s", "save", "save the chosen file or log elsewhere"),
    Key("run.code", "at", "show_code", "show commit and branch with their web pages, to open or copy"),
    Key("run.search_logs", "ctrl+s", "search_logs", "search the logs of the run, of its job, of the workspace"),
    Key("run.bundle", "b", "bundle", "pack all about it into a file, and copy a summary for a ticket"),
    Key("run.alike", "A", "show_alike", "list the runs that failed like this one"),
    Key("changes.base", "b", "next_base", "compare with the last good run, or the run before", "last good"),
    Key("changes.files", "i", "show_files", "show the files as they were, or what changed", "files"),
    Key("changes.restore", "B", "restore", "put the files back", "restore", acts=True, dangerous=True),
    Key("changes.create_job", "J", "create_job", "create a job that always runs this version", "job", acts=True),
    Key("lists.down", "j,down", "cursor_down", "go down"),
    Key("lists.up", "k,up", "cursor_up", "go up"),
    Key("lists.first", "g,home", "scroll_top", "go to the first"),
    Key("lists.last", "G,end", "scroll_bottom", "go to the last"),
    Key("lists.half_page_down", "ctrl+d", "half_page_down", "go half a page down"),
    Key("lists.half_page_up", "ctrl+u", "half_page_up", "go half a page up"),
    Key("lists.page_down", "pagedown,ctrl+f", "page_down", "go a page down"),
    Key("lists.page_up", "pageup,ctrl+b", "page_up", "go a page up"),
    Key("log.search", "slash", "search", "search the log", "search"),
    Key("log.next", "n", "next_match", "go to the next match"),
    Key("log.previous", "N", "previous_match", "go to the previous match"),
    Key("log.follow", "F", "follow", "follow the log's end", "follow"),
    Key("filters.save", "s", "name_present", "save the present filter under a name"),
    Key("filters.delete", "d", "delete_chosen", "delete the chosen filter"),
    Key("log_lines.full", "z", "toggle_full", "give the log the whole screen, and back", "full screen"),
    Key("log_lines.only", "ampersand", "only_matching", "show only the lines that match, or all", "only"),
    Key("log_lines.regex", "ctrl+r", "toggle_regex", "search for a regular expression, or for the text itself"),
    Key("log_lines.more_context", "plus,equals_sign", "context(1)", "show a line more around those that are shown"),
    Key("log_lines.less_context", "minus", "context(-1)", "show a line less around them"),
    Key("log_lines.level", "f", "next_level", "show all levels, warnings and errors, or errors", "level"),
    Key("log_lines.next_error", "e", "next_error(1)", "go to the next error in the log", "errors"),
    Key("log_lines.previous_error", "E", "next_error(-1)", "go to the error before"),
    Key("log_lines.go_to", "ctrl+g", "go_to", "go to a line, a share, a time: 123  50%  03:04:05  -5m", "go to"),
    Key("log_lines.wrap", "w", "toggle_wrap", "wrap long lines, or cut them"),
    Key("log_lines.numbers", "number_sign", "toggle_numbers", "number the lines, or not"),
    Key("log_lines.times", "t", "next_times", "show the times otherwise: since the start, since the line before, off"),
    Key("log_lines.mark", "m", "toggle_mark", "mark the line that was found or is on top, or no longer"),
    Key("log_lines.next_mark", "apostrophe", "next_mark(1)", "go to the next mark"),
    Key("log_lines.previous_mark", "quotation_mark", "next_mark(-1)", "go to the mark before"),
    Key("log_lines.select", "v", "select", "select lines from here on, or none"),
    Key("log_lines.copy", "y", "copy_lines", "copy the selected lines, or the one that was found or is on top"),
    Key("log_lines.save", "s", "save_log", "save the whole log elsewhere"),
    Key("log_lines.save_shown", "S", "save_shown", "save only the lines that are shown"),
    Key("log_lines.pager", "o", "open_pager", "open the log in $PAGER, at this place"),
    Key("log_lines.editor", "O", "open_editor", "open the log in $EDITOR, at this line"),
    Key("log_lines.leave", "escape", "leave", "end the selection, the search, then show all lines again"),
    Key("steps.whole_run", "W", "whole_run", "show the logs of all steps as one, or of the chosen one", "whole run"),
    Key("explore.next_part", "greater_than_sign", "next_part(1)", "show the next page about the model", "next page"),
    Key("explore.previous_part", "less_than_sign", "next_part(-1)", "show the page before"),
    Key("explore.definition", "d", "show_definition", "show the definition; again: its next text", "definition"),
    Key("explore.causes", "C", "show_causes", "show the root causes with what they took down", "causes"),
    Key("explore.failed", "F", "toggle_failed", "show only what failed and what that took down", "failed only"),
    Key("explore.full", "f", "toggle_full", "give the graph the whole screen", "full screen"),
    Key("explore.search", "slash", "search", "find a model by part of its name", "find"),
    Key("explore.next_error", "e", "next_bad(1)", "go to the next model that failed", "errors"),
    Key("explore.previous_error", "E", "next_bad(-1)", "go to the model before that failed"),
    Key("graph.parent", "h,left", "go('up')", "go to what feeds the chosen one"),
    Key("graph.child", "l,right", "go('down')", "go to what it feeds", "along edges"),
    Key("graph.down", "j,down", "step(1)", "go down the column"),
    Key("graph.up", "k,up", "step(-1)", "go up the column"),
    Key("graph.first", "g,home", "step(-9999)", "go to the top of the column"),
    Key("graph.last", "G,end", "step(9999)", "go to the end of the column"),
    Key("graph.more", "plus,equals_sign", "more(1)", "show another level up and down", "levels"),
    Key("graph.fewer", "minus", "more(-1)", "show a level less"),
    Key("graph.whole", "0", "whole", "show the whole graph, or what is near", "whole"),
    Key("graph.zoom", "z", "zoom", "draw boxes, names or dots", "zoom"),
    Key("graph.centre", "space", "centre", "show what is around the chosen one"),
    Key("graph.next", "n", "next_match(1)", "go to the next one found"),
    Key("graph.previous", "N", "next_match(-1)", "go to the one found before"),
    Key("graph.scroll_down", "ctrl+d,pagedown", "scroll_half(1)", "look further down"),
    Key("graph.scroll_up", "ctrl+u,pageup", "scroll_half(-1)", "look further up"),
    Key("graph.scroll_right", "shift+right", "scroll_sideways(1)", "look further right"),
    Key("graph.scroll_left", "shift+left", "scroll_sideways(-1)", "look further left"),
    Key("triage.acknowledge", "K", "acknowledge", "say that somebody looks after a failure", acts=True),
    Key("triage.archive", "Z", "archive", "take it out of the lists, or put it back", acts=True),
    Key("triage.delete", "D", "delete_runs", "delete it, with its files", acts=True, dangerous=True),
    Key("triage.undo", "U", "undo_delete", "bring back what was deleted last", acts=True),
    Key("triage.rename", "T", "rename_run", "give it another name", acts=True),
    Key("triage.link", "I", "copy_link", "copy the command that opens it"),
    Key("triage.hosts", "X", "export_hosts", "copy or save the hosts that it used, with their addresses"),
    Key("triage.trail", "M", "show_trail", "list who did what, and when"),
    Key("trail.open", "enter", "select_cursor", "open the run", "open"),
    Key("trail.filter", "f,slash", "filter", "filter by words, or by a run: #12", "filter"),
    Key("trail.only_run", "o", "only_run", "list only what was done to the chosen run", "only this run"),
    Key("trail.everything", "0", "show_everything", "list the whole workspace", "whole workspace"),
    Key("trail.copy", "y", "copy", "copy the chosen action, with its note"),
    Key("trail.clear", "escape", "clear", "take back what was listed at first"),
    Key("scope.tick", "space", "tick", "take what the cursor is on, or leave it", "take"),
    Key("scope.environment", "e", "next_environment", "choose another environment of the project", "environment"),
    Key("scope.start", "S,ctrl+s", "start", "start it", "start", acts=True),
    Key("compare.open", "enter", "select_cursor", "show what each run says of the chosen model or audit", "difference"),
    Key("compare.close", "escape", "close", "take the rows back"),
    Key("compare.all", "d", "toggle_all", "show only what differs, or all", "all or differing"),
    Key("search.open", "enter", "select_cursor", "open the place in the log", "open"),
    Key("search.stop", "escape", "give_up", "stop the search; when it has ended, go back", "back"),
    Key("search.scope", "ctrl+o", "next_scope", "search elsewhere: the run, its job, the workspace", "where"),
    Key("search.edit", "slash", "edit", "search for something else", "edit"),
    Key("search.last", "ctrl+n", "next_last", "search the last 20 runs, the last 100, or all", "how many"),
    Key("search.regex", "ctrl+r", "toggle_regex", "take it as a regular expression, or as it is", "regex"),
    Key("dialog.close", "escape", "dismiss_dialog", "close without doing anything", "close"),
    Key("everywhere.palette", "colon", "command_palette", "find a command, a run, a job, an environment", "commands"),
    Key("everywhere.help", "question_mark", "help", "show the keys of this place", "help"),
    Key("everywhere.next_pane", "tab", "app.focus_next", "go to the next pane"),
    Key("everywhere.previous_pane", "shift+tab", "app.focus_previous", "go to the previous pane"),
    Key("everywhere.back", "escape", "back", "go back"),
    Key("everywhere.backward", "H,alt+left", "travel(-1)", "go to the page before, as it was left"),
    Key("everywhere.forward", "L,alt+right", "travel(1)", "go to the page from which you went back"),
    Key("everywhere.times", "u", "toggle_utc", "show times in UTC or in local time"),
    Key("everywhere.theme", "ctrl+t", "next_theme", "take the next theme"),
    Key("everywhere.start_engine", "ctrl+e", "start_engine", "start the engine, where somebody stopped it", acts=True),
    Key("everywhere.suspend", "ctrl+z", "suspend_process", "put Runroom in the background"),
    Key("everywhere.quit", "q,ctrl+q", "quit", "leave; runs go on", "quit"),
    Key("help.close", "escape,q,question_mark", "dismiss", "close the help", "close"),
)
BY_ID = {key.id: key for key in KEYS}


def keys_of(scope: Scope) -> tuple[Key, ...]:
    """The keys that work in a place, in the order of the help."""
    return tuple(key for key in KEYS if key.scope == scope)


def bindings(*scopes: Scope) -> list[BindingType]:
    """What a screen or widget takes as its `BINDINGS`."""
    return [key.binding() for scope in scopes for key in keys_of(scope)]


_NAMES = {
    "slash": "/", "colon": ":", "question_mark": "?", "escape": "esc", "pagedown": "page down", "pageup": "page up",
    "right_square_bracket": "]", "left_square_bracket": "[", "down": "↓", "up": "↑",
    "greater_than_sign": ">", "less_than_sign": "<", "plus": "+", "minus": "-", "equals_sign": "=",
    "at": "@", "ampersand": "&", "number_sign": "#", "apostrophe": "'", "quotation_mark": '"',
}  # fmt: skip


def spelled(keys: str) -> str:
    """Keys as people know them: `slash` is `/`, `f,slash` is `f /`."""
    return " ".join(_NAMES.get(key.strip(), key.strip()) for key in keys.split(","))
