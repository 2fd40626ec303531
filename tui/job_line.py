"""Where a job is written in `runroom.toml`."""

import re

from store.models import Job


def line_of(text: str, job: Job) -> int | None:
    """The number of the line, from 1, where the job's table begins; None where nobody wrote it down."""
    names = "|".join(re.escape(name) for name in (f"{job.project}/{job.name}", job.name))
    table = re.compile(rf"""\s*\[\s*jobs\s*\.\s*(["']?)(?:{names})\1\s*\]""")
    for number, line in enumerate(text.splitlines(), start=1):
        if table.match(line):
            return number
    return None
