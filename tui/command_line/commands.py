"""The whole tree of commands: importing this adds them to the application."""

from tui.command_line.artifacts_command import artifacts
from tui.command_line.bundle_command import bundle
from tui.command_line.causes_command import causes
from tui.command_line.change_commands import cancel, rename
from tui.command_line.changes_command import changes
from tui.command_line.compare_command import compare
from tui.command_line.demo_command import demo
from tui.command_line.doctor_command import doctor
from tui.command_line.engine_commands import engine
from tui.command_line.environments_command import environments
from tui.command_line.failures_command import failures
from tui.command_line.files_command import files
from tui.command_line.hosts_command import hosts
from tui.command_line.jobs_command import jobs
from tui.command_line.keys_command import keys
from tui.command_line.lineage_command import lineage
from tui.command_line.logs_command import logs
from tui.command_line.model_command import model
from tui.command_line.notifications_command import notifications
from tui.command_line.plan_command import plan
from tui.command_line.read_commands import runs, show
from tui.command_line.rerun_command import rerun
from tui.command_line.root import application
from tui.command_line.run_commands import repair, run
from tui.command_line.search_command import search_logs
from tui.command_line.shared import Command
from tui.command_line.tokens_command import tokens
from tui.command_line.triage_commands import acknowledge, actions, archive, delete, undelete
from tui.command_line.version_commands import job_from, restore
from tui.command_line.watch_command import watch
from tui.command_line.workspace_commands import init

for _function in (
    demo,
    init,
    run,
    plan,
    runs,
    show,
    logs,
    failures,
    artifacts,
    bundle,
    lineage,
    model,
    causes,
    compare,
    cancel,
    rerun,
    repair,
    changes,
    files,
    restore,
    rename,
    acknowledge,
    archive,
    delete,
    undelete,
    actions,
    hosts,
    watch,
    environments,
    doctor,
    keys,
):
    application.command(_function.__name__, cls=Command)(_function)
application.command("search", cls=Command)(search_logs)
application.command("job-from", cls=Command)(job_from)
application.add_typer(jobs, name="jobs")
application.add_typer(engine, name="engine")
application.add_typer(notifications, name="notifications")
application.add_typer(tokens, name="tokens")
