"""The door through which the rest of Runroom reaches the engine.

`api` speaks to a running engine, `launch` starts one where none runs, `workspaces` finds, describes and makes
workspaces, `doctor` says what is wrong. Each is imported by itself, so that a light command loads only what it needs.
"""
