"""What was read is kept as long as there is memory for it."""

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable, Sequence
from typing import Generic, TypeVar

Key = TypeVar("Key", bound=Hashable)
Value = TypeVar("Value")


class Cache(Generic[Key, Value]):
    """Keeps the values used last, as many as fit; safe to share between threads."""

    def __init__(self, room: int, size: Callable[[Value], int]) -> None:
        """Keep so many bytes; ``size`` says how many a value takes."""
        self._room = room
        self._size = size
        self._values: OrderedDict[Key, Value] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, keys: Sequence[Key], fetch: Callable[[list[Key]], dict[Key, Value]]) -> dict[Key, Value]:
        """Give the values of some keys; those that are not kept are fetched together."""
        with self._lock:
            found = {key: self._values[key] for key in keys if key in self._values}
        missing = [key for key in dict.fromkeys(keys) if key not in found]
        fetched = fetch(missing) if missing else {}
        with self._lock:
            for key, value in (found | fetched).items():
                if key not in self._values:
                    self._room -= self._size(value)
                    self._values[key] = value
                self._values.move_to_end(key)
            while self._room < 0 and self._values:
                self._room += self._size(self._values.popitem(last=False)[1])
        return found | fetched
