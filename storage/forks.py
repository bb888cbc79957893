"""Tells every open database of a process that was forked to let go of what is its parent's."""

import os
import weakref
from typing import Protocol


class Forkable(Protocol):
    """Something that holds connections or threads."""

    def after_fork(self) -> None:
        """Called in the child, before anything else runs there."""


_watched: "weakref.WeakSet[Forkable]" = weakref.WeakSet()


def watch(one: Forkable) -> None:
    """Has it told of every fork from now on, for as long as it lives."""
    _watched.add(one)


def tell() -> None:
    """In the child of a fork."""
    for one in _watched:
        one.after_fork()


os.register_at_fork(after_in_child=tell)
