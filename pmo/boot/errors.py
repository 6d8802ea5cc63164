"""The one way a boot programme says no."""


class CannotStart(Exception):
    """A reason not to start, as one plain sentence a person can act on. Shown without a traceback; exit code 1."""
