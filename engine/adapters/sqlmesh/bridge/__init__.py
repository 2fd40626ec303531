"""The SQLMesh bridge: drives SQLMesh in the project's own interpreter and tells, in JSON lines, what it does.

Runs where Runroom is not installed, so its modules import the standard library, SQLMesh and each other
(relatively) and nothing else, and are written for Python 3.9 and newer. `engine.adapters.sqlmesh.bridge_file`
packs them into one file. PROTOCOL.md in the folder above lists commands, events and exit codes.
"""
