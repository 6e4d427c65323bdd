"""From files to findings in bounded memory: read and cut by youth, merge part by part, detect part by part."""

import hashlib
import hmac
import json
import os
import re
import shutil
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from multiprocessing import get_context
from pathlib import Path
from typing import Any, Final, Self

import pyarrow.parquet as pq

from levensloop import pseudonyms
from levensloop.errors import LevensloopError, UserError
from levensloop.readers import Source, plan
from levensloop.readers.delivery import Delivery
from levensloop.scale.dataset import MANIFEST, Dataset, counted, groups_of
from levensloop.scale.partition import detect_part, merge_part, recorded_in, share, told_of
from levensloop.scale.staging import faults_of, records_in, stage, steps, whole

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
        Bytes, or such as ``"500MB"`` or ``"2GB"``, of all processes together. The largest file must fit in it
        while it is read.
    layout, pseudonymise
        As for `read`.
    processes : int, optional
        As many as there are processors, or fewer if the memory allows for no more.
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

    Examples
    --------
    >>> import tempfile
    >>> folder = Path(tempfile.mkdtemp())
    >>> _ = (folder / "gp.csv").write_text("person;agency;kind;start\na;GP;contact;2005-03-02\n")
    >>> dataset = run(folder / "gp.csv", folder / "out", processes=1)
    >>> len(dataset["a"].events), len(dataset.findings("a"))
    (1, 0)
    """
    key = None if pseudonymise is None or pseudonymise is False else pseudonyms.secret(_no_true(pseudonymise))
    deliveries = plan(source, layout)
    target, room = Path(out), _bytes(memory)
    workers = max(1, min(processes or os.cpu_count() or 1, room // (2 * _PROCESS)))
    if room < 2 * _PROCESS:
        raise UserError(f"memory is at least {2 * _PROCESS // 10**6}MB. Hint: memory='2GB'.")
    parts = max(1, -(-_rows(deliveries) * _ROW * workers // (room - workers * _PROCESS)))
    told = _plan(deliveries, key, detectors, parts)
    if not _begun(target, told):
        return Dataset(target)
    folder = target / "stage"
    todo = steps(deliveries, parts, key, guard=pseudonymise is None)
    until = max((delivery.until for delivery in deliveries if delivery.until), default=None)
    step = progress or (lambda *_: None)
    try:
        with _Pool(workers) as pool:
            files = pool.each(stage, [(one, folder) for one in todo], "read", step)
            _readable(files, folder)
            share(folder, target)
            pool.each(merge_part, [(folder, target, part, until) for part in range(parts)], "merge", step)
            made = told_of(target, parts)
            recorded = recorded_in(made)
            pool.each(
                detect_part, [(target, part, recorded, detectors) for part in range(parts)], "detect", step
            )
    except UserError:
        shutil.rmtree(target)
        raise
    _finish(target, folder, parts, made)
    return Dataset(target)


def _readable(files: Sequence[tuple[int, bool]], folder: Path) -> None:
    if not any(readable for _, readable in files):
        raise UserError(faults_of(folder))


def _no_true(given: bytes | str | Path | bool) -> bytes | str | Path:  # noqa: FBT001 - what a user may give
    if isinstance(given, bool):
        raise UserError(
            "pseudonymise takes a key, not True: with a made-up key no one could link the next delivery"
        )
    return given


def _bytes(memory: int | str) -> int:
    found = re.fullmatch(r"\s*(\d+(?:\.\d+)?)\s*([KMGT]?)i?B?\s*", str(memory), re.IGNORECASE)
    if not found:
        raise UserError("memory is a number of bytes, or such as '500MB' or '2GB'")
    return int(float(found[1]) * _UNITS[found[2].upper()])


def _rows(deliveries: Sequence[Delivery]) -> int:
    """How many rows the files may hold."""
    paths = [job.path for delivery in deliveries for job in delivery.jobs if not job.table.ignore]
    return sum(
        pq.ParquetFile(path).metadata.num_rows if path.suffix == ".parquet" else path.stat().st_size // _LINE
        for path in paths
    )


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
    sources = whole(folder, "sources").select(["source", "file", "rows_read", "accepted", "rejected"])
    summary = {
        "rows_read": sum(sources.column("rows_read").to_pylist()),
        "fates": dict(sorted(fates.items())),
        **{name: sum(one[name] for one in made) for name in ("youths", "events", "episodes")},
        "findings": counted(target, parts),
        "sources": sources.to_pylist(),
        "faults": [
            {"file": one.file, "row": one.row, "column": one.column, "code": one.code, "rows": one.count}
            for one in faults_of(folder)
        ],
    }
    pq.write_table(groups_of(target, parts), target / "groups.parquet")
    shutil.rmtree(folder)
    text = json.dumps({"parts": parts, "summary": summary}, indent=1, ensure_ascii=False)
    (target / "manifest.unfinished").write_text(text + "\n", "utf-8")
    (target / "manifest.unfinished").rename(target / MANIFEST)


class _Pool:
    """Processes that take one task after another; with one worker the tasks are done here."""

    def __init__(self, workers: int) -> None:
        self._workers = workers
        self._pool = ProcessPoolExecutor(workers, get_context("spawn")) if workers > 1 else None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._pool is not None:
            self._pool.shutdown(cancel_futures=True)

    def each(
        self, work: Callable[..., Any], tasks: Sequence[tuple[Any, ...]], name: str, step: Progress
    ) -> list[Any]:
        """What comes of each task, in their order; the first error stops all."""
        results: list[Any] = [None] * len(tasks)
        if self._pool is None:
            for place, task in enumerate(tasks):
                results[place] = work(*task)
                step(name, place + 1, len(tasks))
            return results
        waiting = {self._pool.submit(work, *task): place for place, task in enumerate(tasks)}
        for done, future in enumerate(as_completed(waiting), 1):
            results[waiting[future]] = future.result()
            step(name, done, len(tasks))
        return results


__all__ = ["Progress", "run"]
