"""Dask does the tasks of a run, and gives findings as a Dask data frame."""

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

from levensloop.errors import UserError
from levensloop.scale.engines import Task
from levensloop.scale.looking import Look

if TYPE_CHECKING:
    import pandas as pd

    from levensloop.scale.dataset import Dataset


class Dask:
    """The workers of a Dask cluster, or the threads of this process.

    Parameters
    ----------
    client : distributed.Client, optional
        The one that is open if none is given; else one for the scheduler that Dask's settings name
        (``DASK_SCHEDULER_ADDRESS``); else, without any, threads.

    Raises
    ------
    UserError
        If Dask is not installed.
    """

    def __init__(self, client: Any = None) -> None:  # noqa: ANN401 - distributed has no types
        try:
            import dask.config
            import distributed
        except ImportError:
            raise UserError("Dask is not installed. Hint: pip install 'levensloop[dask]'.") from None
        try:
            self._client: Any = client or distributed.default_client()
        except ValueError:
            named = dask.config.get("scheduler-address", None)
            self._client = distributed.Client(named) if named else None

    @property
    def workers(self) -> int:
        """The threads of all workers."""
        if self._client is not None:
            return max(1, sum(self._client.nthreads().values()))
        from dask.system import CPU_COUNT

        return CPU_COUNT

    def map(self, work: Callable[..., Any], tasks: Sequence[Task]) -> Iterator[tuple[int, Any]]:
        """See `Engine`."""
        if self._client is None:
            from dask.base import compute
            from dask.delayed import delayed

            todo = [delayed(work, pure=False)(*task) for task in tasks]
            yield from enumerate(compute(*todo, scheduler="threads"))
            return
        from distributed import as_completed

        # `pure`: the same task another day is another task, since the files may have gone.
        waiting = {self._client.submit(work, *task, pure=False): place for place, task in enumerate(tasks)}
        try:
            for future, result in as_completed(waiting, with_results=True):
                yield waiting[future], result
        finally:
            self._client.cancel(list(waiting))


def findings(dataset: "Dataset", *detectors: Any, assessed: bool = False) -> Any:  # noqa: ANN401
    """What detectors find in a dataset, as a Dask data frame: a partition for each part, made when it is asked for.

    Parameters
    ----------
    dataset : Dataset
        What `run` wrote, where every worker can read it.
    *detectors : Detector
        Every built-in one if none is given.
    assessed : bool
        Rather who could be assessed than what was found.

    Returns
    -------
    dask.dataframe.DataFrame
        With the columns of `Findings`, in Arrow's types.

    Raises
    ------
    UserError
        If Dask is not installed.
    """
    Dask()
    import dask.dataframe as dd

    look = _Framed(Look.of(dataset, detectors, assessed=assessed))
    return dd.from_map(look, range(dataset.parts), meta=look.of_parts([]))


class _Framed:
    """The function of every engine, with its table as a frame of pandas."""

    def __init__(self, look: Look) -> None:
        self._look = look

    def of_parts(self, parts: list[int]) -> "pd.DataFrame":
        import pandas as pd
        import pyarrow as pa

        table = self._look(pa.table({"part": pa.array(parts, pa.int64())}))
        return table.to_pandas(types_mapper=pd.ArrowDtype)

    def __call__(self, part: int) -> "pd.DataFrame":
        return self.of_parts([part])
