# SPDX-License-Identifier: GPL-2.0
"""Exit statuses of a run that does not have the program's own status."""

TIME_IS_UP = 124
BROKEN = 125


class Failure(Exception):
    """One line for the terminal, and the exit status of the run."""

    def __init__(self, text, status=BROKEN):
        super().__init__(text)
        self.status = status
