"""What holds in every test of the engine."""

from hypothesis import settings

# How long one example takes says nothing on a machine that others use too.
settings.register_profile("shared-machine", deadline=None)
settings.load_profile("shared-machine")
