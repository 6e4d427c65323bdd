"""Spark does the tasks of a run, and gives findings as a Spark data frame."""

import os
import pickle
import sys
import warnings
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from levensloop.errors import LevensloopError, UserError
from levensloop.scale.engines import Task
from levensloop.scale.looking import Look

if TYPE_CHECKING:
    from levensloop.scale.dataset import Dataset


class Spark:
    """The executors of a Spark application.

    Parameters
    ----------
    session : pyspark.sql.SparkSession, optional
        The one that is active if none is given, else a new one.

    Raises
    ------
    UserError
        If Spark is not installed, or finds no Java.
    """

    def __init__(self, session: Any = None) -> None:  # noqa: ANN401 - its types do not say what is known here
        self.session = session or _session()

    @property
    def workers(self) -> int:
        """The cores of all executors, as far as Spark knows them."""
        return self.session.sparkContext.defaultParallelism

    def map(self, work: Callable[..., Any], tasks: Sequence[Task]) -> Iterator[tuple[int, Any]]:
        """See `Engine`; they are told when all are done."""

        def done(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
            for place in (place for batch in batches for place in batch.column(0).to_pylist()):
                try:
                    given = work(*tasks[place])
                except LevensloopError as error:
                    # A fault in the files: Spark would try again, and tell of it in words of its own.
                    given = error
                told = pa.array([pickle.dumps(given)], pa.binary())
                yield pa.record_batch({"place": pa.array([place]), "given": told})

        with _quiet():
            rows = self.session.range(0, len(tasks), 1, len(tasks)).mapInArrow(
                done, "place long, given binary"
            )
            told = rows.collect()
        for row in told:
            given = pickle.loads(row.given)  # noqa: S301 - what our own function gave
            if isinstance(given, LevensloopError):
                raise given
            yield row.place, given


def findings(dataset: "Dataset", *detectors: Any, assessed: bool = False) -> Any:  # noqa: ANN401
    """What detectors find in a dataset, as a Spark data frame: a partition for each part, made when it is asked for.

    Parameters
    ----------
    dataset : Dataset
        What `run` wrote, where every executor can read it.
    *detectors : Detector
        Every built-in one if none is given.
    assessed : bool
        Rather who could be assessed than what was found.

    Returns
    -------
    pyspark.sql.DataFrame
        With the columns of `Findings`.

    Raises
    ------
    UserError
        If Spark is not installed, or finds no Java.
    """
    session = Spark().session
    from pyspark.sql.pandas.types import from_arrow_schema

    look = Look.of(dataset, detectors, assessed=assessed)

    def found(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        for batch in batches:
            yield from look(pa.table({"part": batch.column(0)})).to_batches()

    schema = from_arrow_schema(look(pa.table({"part": pa.array([], pa.int64())})).schema)
    with _quiet():
        return session.range(0, dataset.parts, 1, dataset.parts).mapInArrow(found, schema)


def _session() -> Any:  # noqa: ANN401
    try:
        from pyspark.errors import PySparkRuntimeError
        from pyspark.sql import SparkSession
    except ImportError:
        raise UserError("Spark is not installed. Hint: pip install 'levensloop[spark]'.") from None
    # Executors run the Python that runs this, unless another is named.
    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    try:
        return SparkSession.getActiveSession() or SparkSession.builder.appName("levensloop").getOrCreate()
    except PySparkRuntimeError:
        raise UserError(
            "Spark does not start; it needs Java 17 or later. Hint: install it, and set JAVA_HOME."
        ) from None


@contextmanager
def _quiet() -> Generator[None]:
    """Spark warns of pandas 3, of which nothing is used here: tables go in and out as Arrow's."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "PySpark does not yet fully support pandas", FutureWarning)
        yield
