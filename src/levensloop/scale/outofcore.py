"""From files to findings in bounded memory: read and cut by youth, merge part by part, detect part by part."""

import hashlib
import hmac
import json
import os
import re
import shutil
from collections.abc import Callable, Iterable, Sequence
from contextlib import closing, nullcontext, suppress
from pathlib import Path
from typing import Any, Final

import pyarrow as pa
import pyarrow.parquet as pq

from levensloop import pseudonyms
from levensloop.detecting import check
from levensloop.errors import BrokenOffError, LevensloopError, UserError, path_given
from levensloop.readers import Source, plan
from levensloop.readers.delivery import Delivery
from levensloop.scale.dataset import MANIFEST, Dataset, counted, groups_of
from levensloop.scale.engines import Engine, Local, Task, not_again
from levensloop.scale.partition import detect_part, merge_part, share, share_recorded, told_of
from levensloop.scale.staging import check_keys, faults_of, records_in, retold, stage, steps, whole
from levensloop.scale.store import UNFINISHED, made_whole

#: Called with the name of the stage (read, merge, detect), what is done of it and what there is of it.
Progress = Callable[[str, int, int], None]
_UNITS: Final = {"": 1, "K": 10**3, "M": 10**6, "G": 10**9, "T": 10**12}
#: Bytes that merging and detecting take for a delivered row, and what a process takes without any; measured by
#: ``benchmarks/memory.py`` on rows without long texts.
_ROW: Final = 2_000
_PROCESS: Final = 250_000_000
#: Bytes of a text file that hold one row, if rows are short.
_LINE: Final = 60


def run(  # noqa: PLR0913 - each is one decision of the user, and all but two have a default
    source: "Source | Iterable[Source]",
    out: str | Path,
    *detectors: Any,  # noqa: ANN401 - anything with `detect`
    memory: int | str = "2GB",
    layout: str | Path | None = None,
    pseudonymise: bytes | str | Path | bool | None = None,
    processes: int | None = None,
    engine: "str | Engine" = "local",
    progress: Progress | None = None,
) -> Dataset:
    r"""Read, link, merge and detect on disk, in no more memory than is given.

    Files are read one by one and cut by youth; then each part is linked on exact keys, merged and looked at by
    itself, on every processor. What comes of it is what `read`, `link`, `merge` and `detect` give in memory.

    Parameters
    ----------
    source : str, Path, or iterable of these
        As for `read`.
    out : path
        The folder of the dataset. A run that was broken off goes on where it was; until it is whole it cannot
        be loaded.
    *detectors : Detector
        Every built-in one if none is given.
    memory : int or str
        Bytes, or such as ``"500MB"`` or ``"2GB"``, of all processes together, on whatever machines they are. The
        largest file must fit in the share of one of them while it is read.
    layout, pseudonymise
        As for `read`.
    processes : int, optional
        How many tasks are done at the same time: as many as there are processors, or fewer if the memory allows for
        no more. Of another engine it is the number of its workers.
    engine : {"local", "dask", "spark"} or Engine
        Who does it: the processes of this machine; the workers of a Dask client or a Spark session that is open; or
        anything with `workers` and `map`. Files and `out` are then on storage that all of them see.
    progress : callable, optional
        See `Progress`.

    Returns
    -------
    Dataset

    Raises
    ------
    UserError
        If no source can be read, if the memory cannot be understood or is too small, or if the folder holds
        something else.
    BrokenOffError
        If a process ended before its work was done: there was too little memory, or a script calls this outside
        ``if __name__ == "__main__":``, so that each process that starts would begin the run again.

    Examples
    --------
    >>> import tempfile
    >>> folder = Path(tempfile.mkdtemp())
    >>> _ = (folder / "gp.csv").write_text("person;agency;kind;start\na;GP;contact;2005-03-02\n")
    >>> dataset = run(folder / "gp.csv", folder / "out", processes=1)
    >>> len(dataset["a"].events), len(dataset.findings("a"))
    (1, 0)
    """
    not_again()
    key = None if pseudonymise is None or pseudonymise is False else pseudonyms.secret(_no_true(pseudonymise))
    check(detectors)
    deliveries = plan(source, layout)
    target, room = path_given(out, "run").absolute(), bytes_of(memory)
    by, workers = _workers(engine, processes, room)
    parts = _parts(deliveries, workers, room)
    told = _plan(deliveries, key, detectors, parts)
    if not _begun(target, told):
        return Dataset(target)
    folder = target / "stage"
    todo = steps(deliveries, parts, key, guard=pseudonymise is None)
    until = max((delivery.until for delivery in deliveries if delivery.until), default=None)
    step = progress or (lambda *_: None)
    try:
        with closing(by) if isinstance(by, Local) else nullcontext():
            files = _each(by, stage, [(one, folder) for one in todo], "read", step)
            check_keys(folder)
            _readable(files, folder)
            share(folder, target)
            tasks = [(folder, target, part, until, detectors) for part in range(parts)]
            _each(by, merge_part, tasks, "merge", step)
            made = told_of(target, parts)
            share_recorded(target, made)
            _each(by, detect_part, [(target, part, detectors) for part in range(parts)], "detect", step)
    except BrokenOffError:
        raise
    except UserError:
        shutil.rmtree(target)
        raise
    _finish(target, folder, parts, made)
    return Dataset(target)


def _workers(engine: "str | Engine", processes: int | None, room: int) -> tuple[Engine, int]:
    """Who does the tasks, and how many of them at the same time."""
    least = 2 * _PROCESS
    if room < least:
        raise UserError(f"memory is at least {least // 10**6}MB. Hint: memory='2GB'.")
    if engine == "local":
        workers = min(processes or os.cpu_count() or 1, room // least)
        return Local(workers), workers
    by = _engine(engine) if isinstance(engine, str) else engine
    workers = processes or by.workers
    if room < workers * least:
        raise UserError(
            f"memory is of all {workers} workers together: at least {workers * least // 10**6}MB. "
            "Hint: memory='2GB' for each of them, or fewer `processes`."
        )
    return by, workers


def _engine(name: str) -> Engine:
    if name == "dask":
        from levensloop.scale.dask import Dask

        return Dask()
    if name == "spark":
        from levensloop.scale.spark import Spark

        return Spark()
    raise UserError("there is no such engine. Hint: choose from local, dask, spark, or give one of your own.")


def _each(
    by: Engine, work: Callable[..., Any], tasks: Sequence[Task], name: str, step: Progress
) -> list[Any]:
    """What comes of each task, in their order."""
    results: list[Any] = [None] * len(tasks)
    for done, (place, result) in enumerate(by.map(work, tasks), 1):
        results[place] = result
        step(name, done, len(tasks))
    return results


def _readable(files: Sequence[tuple[int, bool]], folder: Path) -> None:
    if not any(readable for _, readable in files):
        raise UserError(faults_of(folder))


def _no_true(given: bytes | str | Path | bool) -> bytes | str | Path:  # noqa: FBT001 - what a user may give
    if isinstance(given, bool):
        raise UserError(
            "pseudonymise takes a key, not True: with a made-up key no one could link the next delivery"
        )
    return given


def bytes_of(memory: int | str) -> int:
    """How much memory is told.

    Raises
    ------
    UserError
        If it is no number of bytes.

    Examples
    --------
    >>> bytes_of("2GB")
    2000000000
    """
    found = re.fullmatch(r"\s*(\d+(?:\.\d+)?)\s*([KMGT]?)i?B?\s*", str(memory), re.IGNORECASE)
    if not found:
        raise UserError("memory is a number of bytes, or such as '500MB' or '2GB'")
    return int(float(found[1]) * _UNITS[found[2].upper()])


def _parts(deliveries: Sequence[Delivery], workers: int, room: int) -> int:
    """Into how many parts youths are divided, so that each worker has room for the rows of one."""
    paths = [job.path for delivery in deliveries for job in delivery.jobs if not job.table.ignore]
    rows = sum(_rows(path) for path in paths)
    parts = max(1, -(-rows * _ROW * workers // (room - workers * _PROCESS)))
    return parts if parts == 1 else -(-parts // workers) * workers  # so that none is left over for one worker


def _rows(path: Path) -> int:
    """About how many rows a file holds; reading it tells what is wrong with one that is damaged."""
    if path.suffix == ".parquet":
        with suppress(pa.ArrowException, OSError):
            return pq.ParquetFile(path).metadata.num_rows
    return path.stat().st_size // _LINE


def _plan(
    deliveries: Sequence[Delivery], key: bytes | None, detectors: Sequence[object], parts: int
) -> dict[str, Any]:
    """What a run is made of: one that was broken off goes on only if nothing of it has changed."""
    from levensloop import __version__

    jobs = [job for delivery in deliveries for job in delivery.jobs]
    files = [(job.file, job.path.stat().st_size, job.path.stat().st_mtime_ns) for job in jobs]
    layouts = hashlib.sha256(repr(deliveries).encode()).hexdigest()
    return {
        "version": __version__,
        "parts": parts,
        "files": [list(file) for file in files],
        "layouts": layouts,
        "detectors": [repr(one) for one in detectors],
        "key": key and hmac.new(key, b"levensloop", "sha256").hexdigest()[:12],
    }


def _begun(target: Path, told: dict[str, Any]) -> bool:
    """Make the folder ready; False if the same run is there as a whole."""
    at = target / "plan.json"
    same = at.is_file() and json.loads(at.read_text("utf-8")) == told
    if (target / MANIFEST).is_file():
        if same:
            return False
        raise UserError(f"{target.name} holds the dataset of another run. Hint: name another folder.")
    if not same:
        if target.is_dir() and any(target.iterdir()) and not at.is_file():
            raise UserError(f"{target.name} holds other files. Hint: name a folder of its own.")
        shutil.rmtree(target, ignore_errors=True)
    (target / "stage").mkdir(parents=True, exist_ok=True)
    at.write_text(json.dumps(told), "utf-8")
    return True


def _finish(target: Path, folder: Path, parts: int, made: Sequence[dict[str, Any]]) -> None:
    """Count, and say last of all that the dataset is whole."""
    rest = pq.ParquetFile(target / "records.parquet").read(columns=["fate"]).column("fate")
    fates: dict[str, int] = {}
    found = [one["fates"] for one in made]
    found.append({row["values"]: row["counts"] for row in rest.cast("string").value_counts().to_pylist()})
    for one in found:
        for fate, count in one.items():
            fates[fate] = fates.get(fate, 0) + count
    if sum(fates.values()) != records_in(folder):
        raise LevensloopError("rows were lost between reading and merging: the records do not add up")
    faults = faults_of(folder)
    sources = whole(folder, "sources").select(["source", "file", "rows_read", "accepted", "rejected"])
    summary = {
        "rows_read": sum(sources.column("rows_read").to_pylist()),
        "fates": dict(sorted(fates.items())),
        **{name: sum(one[name] for one in made) for name in ("youths", "events", "episodes")},
        "findings": counted(target, parts),
        "sources": sources.to_pylist(),
        "faults": [
            {"file": one.file, "row": one.row, "column": one.column, "code": one.code, "rows": one.count}
            for one in faults
        ],
    }
    pq.write_table(groups_of(target, parts), target / "groups.parquet")
    shutil.rmtree(folder)
    for left in (*target.glob(f"*{UNFINISHED}"), *target.glob(f"*/*{UNFINISHED}")):
        shutil.rmtree(left) if left.is_dir() else left.unlink()
    made_of = {"parts": parts, "summary": summary, "faults": [retold(one) for one in faults]}
    text = json.dumps(made_of, indent=1, ensure_ascii=False)
    with made_whole(target / MANIFEST) as path:
        path.write_text(text + "\n", "utf-8")


__all__ = ["Progress", "run"]
