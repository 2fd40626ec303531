"""How the full-screen app answers the signals of a terminal session."""

import asyncio
import signal
from functools import partial
from typing import Any

from textual.app import App

ENDING_SIGNALS = (signal.SIGHUP, signal.SIGTERM)


def end_on_signals(app: App[Any]) -> None:
    """End `app` in good order on SIGHUP and SIGTERM, with the return code 128 + signal number.

    By default both kill the process at once: no unmount, no clean-up, a terminal left in full-screen mode.
    Call it in the app's load handler, before the terminal is taken over. The handlers go with the loop.
    """
    loop = asyncio.get_running_loop()
    for number in ENDING_SIGNALS:
        loop.add_signal_handler(number, partial(app.exit, None, 128 + number))
