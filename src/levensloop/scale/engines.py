"""Who does the tasks of a run: the processes of this machine, or a cluster by way of Dask or Spark."""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import current_process, get_context
from typing import Any, Protocol

from levensloop.errors import BrokenOffError

#: One task: what is given to the work.
Task = tuple[Any, ...]


def not_again() -> None:
    """End a process that was started to work and, on its way there, does a whole script again.

    A process that starts imports the script that started it. Where that begins the run once more, it would be at
    work in the same folder; the process that waits for it tells what to do.
    """
    if getattr(current_process(), "_inheriting", False):
        raise SystemExit(1)


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
        """See `Engine`.

        Raises
        ------
        BrokenOffError
            If a process is no longer there.
        """
        if min(self.workers, len(tasks)) <= 1:
            for place, task in enumerate(tasks):
                yield place, work(*task)
            return
        if self._pool is None:
            self._pool = ProcessPoolExecutor(self.workers, get_context("spawn"))
        waiting = {self._pool.submit(work, *task): place for place, task in enumerate(tasks)}
        try:
            for future in as_completed(waiting):
                yield waiting[future], future.result()
        except BrokenProcessPool as error:
            raise BrokenOffError(
                "a process ended before its work was done. Hint: in a script, call ll.run under "
                "`if __name__ == '__main__':`, or with processes=1; if that is so already, give it more memory."
            ) from error

    def close(self) -> None:
        """End the processes; what still waits is not done."""
        if self._pool is not None:
            self._pool.shutdown(cancel_futures=True)
            self._pool = None
