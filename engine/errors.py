"""What can go wrong between a user and the engine, each with a sentence that says what to do and an exit code."""


class RunroomError(Exception):
    """Base of all errors that reach a user. Its text is one clear sentence."""

    exit_code = 3


class UsageError(RunroomError):
    """The request cannot be: an unknown name, a bad value, an illegal action. Nothing was changed."""

    exit_code = 2


class ConfigurationError(UsageError):
    """`runroom.toml`, or what was detected in its place, is wrong; the text names the file and the key."""


class NoWorkspace(UsageError):
    """There is neither a `runroom.toml` nor a dbt or SQLMesh project here."""


class EngineUnavailable(RunroomError):
    """The engine could not be reached or started; the text says where its log is."""


class EngineStopped(EngineUnavailable):
    """Somebody stopped the engine: it starts again when somebody wants that, not by itself."""


class EngineTooNew(RunroomError):
    """The running engine speaks a newer protocol than this command."""
