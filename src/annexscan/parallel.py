"""One function over many items on threads, results in order, memory bounded."""

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import islice
from typing import TypeVar

S = TypeVar("S")
T = TypeVar("T")

_AHEAD = 64  # items in flight at once: bounds memory, whatever the input's size


def in_order(function: Callable[[S], T], items: Iterable[S], workers: int) -> Iterator[T]:
    """``function`` of each item, in the items' order.

    Args:
        function: Called on threads, so it must be safe to call at the same time.
        items: Read in the caller's thread, a few dozen ahead of the results taken.
        workers: Threads; 1 runs in the caller's thread.
    """
    if workers == 1:
        yield from map(function, items)
        return
    source = iter(items)
    with ThreadPoolExecutor(workers) as pool:
        pending = deque(pool.submit(function, item) for item in islice(source, _AHEAD))
        while pending:
            yield pending.popleft().result()
            pending.extend(pool.submit(function, item) for item in islice(source, 1))
