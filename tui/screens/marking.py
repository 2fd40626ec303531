"""The keys of home that are about marked runs, or about the chosen one where none is marked."""

from textual import on

from store.models import Run
from tui import run_actions, triage_actions
from tui.activity_filter import ActivityFilter
from tui.compare_actions import compare_runs, compare_with_previous
from tui.screens.looking_after import LooksAfterRuns
from tui.widgets.activity import Activity


class MarkingActions(LooksAfterRuns):
    """The page has a list of runs, of which some can be marked."""

    @property
    def activity(self) -> Activity:
        """The list of runs."""
        raise NotImplementedError

    def say_marks(self) -> None:
        """Tells how many runs are marked."""
        raise NotImplementedError

    def chosen_run(self, deed: str) -> Run | None:
        """The run under the cursor; says so where there is none to do this to."""
        run = self.activity.run_under_cursor
        if run is None:
            run_actions.notify_error(self.app, f"There is no run to {deed}.")
        return run

    def runs_looked_after(self) -> tuple[int, ...]:
        """The marked runs, else the one under the cursor."""
        if self.activity.marks:
            return self.activity.marks.runs
        run = self.chosen_run("look after")
        return () if run is None else (run.id,)

    def after_triage(self) -> None:
        """What was marked is done."""
        self.activity.clear_marks()

    @on(Activity.MarksChanged)
    def _marks_changed(self, event: Activity.MarksChanged) -> None:
        event.stop()
        self.say_marks()

    def action_mark(self) -> None:
        """Marks the run under the cursor, or no longer."""
        self.activity.toggle_mark()

    def action_mark_all(self) -> None:
        """Marks all that the filter lets through."""
        self.activity.mark_all()

    def action_clear_filter(self) -> None:
        """Unmarks what is marked; where nothing is, shows all runs again."""
        if self.activity.marks:
            self.activity.clear_marks()
        else:
            self.activity.narrow(ActivityFilter())

    def action_stop_run(self) -> None:
        """Stops the marked runs, or the one under the cursor, after asking."""
        if self.activity.marks:
            self._do(triage_actions.stop_all(self.app, self.services, self.activity.marks.runs))
        elif (run := self.chosen_run("stop")) is not None:
            self.run_worker(run_actions.stop_run(self.app, self.services, run.id), group="act")

    def action_rerun_run(self) -> None:
        """Runs the marked runs again, or the one under the cursor."""
        if self.activity.marks:
            self._do(triage_actions.run_all_again(self.app, self.services, self.activity.marks.runs))
        elif (run := self.chosen_run("run again")) is not None:
            self.run_worker(run_actions.run_again(self.app, self.services, run.id), group="act")

    def action_compare(self) -> None:
        """Puts the marked runs side by side, or the chosen one beside the one of its job before."""
        if self.activity.marks:
            compare_runs(self.app, self.services, self.activity.marks.runs)
        elif (run := self.chosen_run("compare")) is not None:
            self.run_worker(compare_with_previous(self.app, self.services, run.id), group="act")
