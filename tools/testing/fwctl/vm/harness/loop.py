# SPDX-License-Identifier: GPL-2.0
"""A small event loop: calls the handler of each readable source until a condition holds."""

import selectors
import time


class Loop:
    def __init__(self):
        self.selector = selectors.PollSelector()     # epoll does not support regular files

    def watch(self, source, call):
        self.selector.register(source, selectors.EVENT_READ, call)

    def forget(self, source):
        self.selector.unregister(source)

    def turn(self, limit):
        """One round of events, or none within limit seconds."""
        for key, _ in self.selector.select(limit):
            key.data(key.fileobj)

    def until(self, done, seconds):
        """Run rounds until done() or until the time is over; return done()."""
        end = time.monotonic() + seconds if seconds is not None else None
        while not done():
            left = None if end is None else end - time.monotonic()
            if left is not None and left <= 0:
                break
            self.turn(left)
        return done()
