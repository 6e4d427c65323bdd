"""Who does the tasks of a run: the processes of this machine, or a cluster by way of Dask or Spark."""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from multiprocessing import get_context
from typing import Any, Protocol

#: One task: what is given to the work.
Task = tuple[Any, ...]


class Engine(Protocol):
    """Anything with `workers` and `map`: nothing to inherit, nothing to register.

    Tasks read and write files; what they give back is small. A task may be done twice, at the same time too: what
    it writes is there as a whole or not at all.
    """

    @property
    def workers(self) -> int:
        """How many tasks are done at the same time."""
        ...

    def map(self, work: Callable[..., Any], tasks: Sequence[Task]) -> Iterator[tuple[int, Any]]:
        """The place of each task and what ``work(*task)`` gives, as they are done; the first error stops all."""
        ...


class Local:
    """The processors of this machine; what takes one worker is done in this process.

    Parameters
    ----------
    workers : int
        How many processes.

    Notes
    -----
    Processes start with the first work that asks for them, and do all work after it until `close`: to start one and
    load what it needs takes as long as to merge a part.

    Examples
    --------
    >>> list(Local(1).map(divmod, [(7, 2), (9, 3)]))
    [(0, (3, 1)), (1, (3, 0))]
    """

    def __init__(self, workers: int) -> None:
        self.workers = workers
        self._pool: ProcessPoolExecutor | None = None

    def map(self, work: Callable[..., Any], tasks: Sequence[Task]) -> Iterator[tuple[int, Any]]:
        """See `Engine`."""
        if min(self.workers, len(tasks)) <= 1:
            for place, task in enumerate(tasks):
                yield place, work(*task)
            return
        if self._pool is None:
            self._pool = ProcessPoolExecutor(self.workers, get_context("spawn"))
        waiting = {self._pool.submit(work, *task): place for place, task in enumerate(tasks)}
        for future in as_completed(waiting):
            yield waiting[future], future.result()

    def close(self) -> None:
        """End the processes; what still waits is not done."""
        if self._pool is not None:
            self._pool.shutdown(cancel_futures=True)
            self._pool = None
