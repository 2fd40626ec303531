"""The process beside the app that works on SQL: one request a line comes in, one answer a line goes out."""

import sys
from typing import BinaryIO

from store.lineage.sql_requests import REQUEST, answer


def serve(requests: BinaryIO, answers: BinaryIO) -> None:
    """Until nobody asks any more: the end of its input is the end of the app."""
    for line in requests:
        answers.write(answer(REQUEST.validate_json(line)).model_dump_json().encode() + b"\n")
        answers.flush()


if __name__ == "__main__":
    try:
        serve(sys.stdin.buffer, sys.stdout.buffer)
    except (BrokenPipeError, KeyboardInterrupt):
        sys.exit(0)
