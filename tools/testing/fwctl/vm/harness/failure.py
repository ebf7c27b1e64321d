# SPDX-License-Identifier: GPL-2.0
"""How a run ends when it does not end with the program's own status."""

TIME_IS_UP = 124
BROKEN = 125


class Failure(Exception):
    """One line for the terminal, and the exit status that goes with it."""

    def __init__(self, text, status=BROKEN):
        super().__init__(text)
        self.status = status
