"""What all sessions share: stores bounded by bytes, one computation per key, and a gate before the forward pass.

These live at module level and not in `st.cache_*`, which any visitor of a Streamlit server can empty.
"""

import threading
import time
from collections import deque
from collections.abc import Callable, Hashable, Iterator
from concurrent.futures import CancelledError, Future
from contextlib import contextmanager
from typing import Generic, TypeVar

from cachetools import LRUCache

Value = TypeVar("Value")


class Store(Generic[Value]):
    """A least-recently-used cache of at most `limit` bytes in which each missing value is made once, whoever waits."""

    def __init__(self, limit: int, sizeof: Callable[[Value], int]) -> None:
        self._cache: LRUCache[Hashable, Value] = LRUCache(limit, getsizeof=sizeof)
        self._making: dict[Hashable, Future[Value]] = {}
        self._lock = threading.Lock()

    def get(self, key: Hashable, make: Callable[[], Value]) -> Value:
        """The value of `key`; `make` it if it is not there. What `make` raises reaches everyone who waits for it.

        A value larger than the whole store is returned and not kept. A maker that is stopped (its visitor left)
        leaves the work to the next who waits.
        """
        while True:
            with self._lock:
                if key in self._cache:
                    return self._cache[key]
                others = self._making.get(key)
                if others is None:
                    own: Future[Value] = Future()
                    self._making[key] = own
            if others is None:
                return self._make(key, make, own)
            try:
                return others.result()
            except CancelledError:
                continue

    def _make(self, key: Hashable, make: Callable[[], Value], future: "Future[Value]") -> Value:
        try:
            value = make()
        except Exception as error:
            self._done(key)
            future.set_exception(error)
            raise
        except BaseException:  # Streamlit stops a script by such an exception: the others must not stop with it
            self._done(key)
            future.cancel()
            raise
        self._done(key, value)
        future.set_result(value)
        return value

    def _done(self, key: Hashable, *made: Value) -> None:
        with self._lock:
            del self._making[key]
            for value in made:
                if self._cache.getsizeof(value) <= self._cache.maxsize:
                    self._cache[key] = value

    @property
    def nbytes(self) -> int:
        """Bytes held now."""
        return int(self._cache.currsize)


class BusyError(RuntimeError):
    """The gate did not open in time."""


class Gate:
    """Lets at most `places` callers in at once, in order of arrival; each waits `patience` seconds at most."""

    def __init__(self, places: int, patience: float) -> None:
        self._free, self._patience = places, patience
        self._queue: deque[object] = deque()
        self._turn = threading.Condition()

    @contextmanager
    def enter(self, waiting: Callable[[int], None] = lambda place: None) -> Iterator[None]:
        """Wait for a place; `waiting` is told the place in the queue, 1 being next. Raises BusyError."""
        self._wait(waiting)
        try:
            yield
        finally:
            with self._turn:
                self._free += 1
                self._turn.notify_all()

    def _wait(self, waiting: Callable[[int], None]) -> None:
        ticket, deadline = object(), time.monotonic() + self._patience
        with self._turn:
            self._queue.append(ticket)
        try:
            while not self._admit(ticket, deadline):
                waiting(self._place(ticket))
        except BaseException:
            with self._turn:
                if ticket in self._queue:
                    self._queue.remove(ticket)
                    self._turn.notify_all()
            raise

    def _admit(self, ticket: object, deadline: float) -> bool:
        with self._turn:
            if self._queue[0] is not ticket or not self._free:
                self._turn.wait(0.25)
            if self._queue[0] is ticket and self._free:
                self._queue.popleft()
                self._free -= 1
                self._turn.notify_all()
                return True
            if time.monotonic() > deadline:
                raise BusyError(f"{len(self._queue)} are waiting")
            return False

    def _place(self, ticket: object) -> int:
        with self._turn:
            return self._queue.index(ticket) + 1
