"""What git and the disk refuse, as one sentence for who asked."""

from collections.abc import Iterator
from contextlib import contextmanager

from engine.errors import RunroomError
from engine.git import GitError


@contextmanager
def told_clearly(failure: str) -> Iterator[None]:
    """What goes wrong inside is raised as a RunroomError whose sentence begins with the `failure`."""
    try:
        yield
    except GitError as error:
        raise RunroomError(f"{failure}: {reason(error)}") from error
    except OSError as error:
        raise RunroomError(f"{failure}: {reason(error)}") from error


def reason(error: GitError | OSError) -> str:
    """Why, with a full stop; of the lines that git says the first, which names the file."""
    if isinstance(error, OSError):
        said = ": ".join(filter(None, (str(error.filename or ""), error.strerror or str(error))))
    else:
        said = str(error).splitlines()[0].removeprefix("fatal: ").removeprefix("error: ")
    return f"{said.rstrip('.')}."
