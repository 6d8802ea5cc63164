#!/usr/bin/env python3
"""The one command line: `up` starts everything, `test` checks everything, every other verb is plain Django.

This file and pmo/boot run on a bare system Python: they must not need an installed package.
"""

import os
import sys

OLDEST_PYTHON = (3, 11)


def main():
    """Boot verbs go to pmo.boot; the rest to Django, in the project's own environment when there is one."""
    if sys.version_info < OLDEST_PYTHON:
        sys.exit(
            "Plumbline needs Python {}.{} or newer, and this is {}.{} ({}): run it with a newer one, "
            "for example `python3.12 manage.py up`.".format(*(OLDEST_PYTHON + sys.version_info[:2] + (sys.executable,)))
        )
    if os.name != "posix":
        sys.exit("Plumbline runs on Linux and macOS: on Windows use WSL, or `docker compose up`.")

    from pmo.boot import launch

    verb, arguments = (sys.argv[1:2] or [""])[0], sys.argv[2:]
    if verb in launch.VERBS:
        sys.exit(launch.run(verb, arguments))
    launch.enter_environment(sys.argv)

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "pmo.settings")
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
