"""Read deliveries: any columns, codes, dates and formats in, events out, and nothing lost silently.

`read` is the first of the four verbs. One file here reads one format; `layouts` says what a file
calls things; `applying` makes rows of the default layout; `normalise` makes events of them.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, cast

from levensloop import pseudonyms
from levensloop.errors import UserError, path_given
from levensloop.events import Events
from levensloop.readers.delivery import Delivery, named_apart, of_files, of_folder
from levensloop.readers.proposing import propose
from levensloop.readers.reading import Progress, Reading

__all__ = ["Source", "plan", "propose", "read"]

Source = str | Path


def read(
    source: Source | Iterable[Source],
    *,
    layout: str | Path | None = None,
    pseudonymise: bytes | str | Path | bool | None = None,
    progress: Progress | None = None,
) -> Events:
    r"""Read a delivery folder, a file, or a list of them.

    Rows that cannot be read, columns that are missing and files that are not what they say do not
    stop the rest: they are in ``events.faults``, and every delivered row is in ``events.records``
    with its fate.

    Parameters
    ----------
    source : str, Path, or iterable of these
        A folder is read by its ``delivery.toml``; without one every file in it that can be read is
        a source. Names that begin with ``_`` or ``.`` are left out.
    layout : str or Path, optional
        A layout in TOML, or the name of one that comes with levensloop (``"ssda903"``), for files
        whose delivery names none. Files with the default columns need none.
    pseudonymise : bytes, str, Path or False, optional
        The key by which keys of persons become keyed hashes (HMAC-SHA-256) before anything else: the
        key itself, the path of its file, or ``"env:NAME"``. False reads the keys as they are.
    progress : callable, optional
        Called after each file with the number done, the number of files, and the file.

    Returns
    -------
    Events

    Raises
    ------
    UserError
        If no source can be read; or if keys look like citizen service numbers and `pseudonymise`
        was not given.

    Examples
    --------
    >>> import tempfile
    >>> folder = Path(tempfile.mkdtemp())
    >>> _ = (folder / "gp.csv").write_text("person;agency;kind;start\na;GP;contact;2005-03-02\n")
    >>> events = read(folder)
    >>> events.to_arrow()["event"].to_pylist(), events.faults
    (['gp:1'], ())
    """
    if pseudonymise is True:
        raise UserError(
            "pseudonymise takes a key, not True: with a made-up key no one could link the next delivery"
        )
    key = None if pseudonymise is None or pseudonymise is False else pseudonyms.secret(pseudonymise)
    deliveries = plan(source, layout)
    total = sum(len(delivery.jobs) for delivery in deliveries)
    if not total:
        faults = [fault for delivery in deliveries for fault in delivery.faults]
        raise UserError(faults or ["there is no data file to read; look at the path, or add files"])
    reading = Reading(key, progress, total, guard=pseudonymise is None)
    parts = [reading.events(delivery, delivery.until) for delivery in deliveries]
    reading.check_keys()
    if not reading.readable:
        raise UserError(fault for part in parts for fault in part.faults)
    return parts[0] if len(parts) == 1 else Events.concat(parts)


def plan(source: Source | Iterable[Source], layout: str | Path | None = None) -> list[Delivery]:
    """The deliveries that `read` reads: which files, and how each is laid out."""
    if layout is not None:
        path_given(layout, "layout")
    return _named_apart(_deliveries(_paths(source), layout))


def _paths(source: object) -> list[Path]:
    if isinstance(source, str | Path):
        return [Path(source)]
    if isinstance(source, Iterable) and not hasattr(source, "__arrow_c_stream__"):
        items = list(cast("Iterable[Any]", source))
        if items and all(isinstance(item, str | Path) for item in items):
            return sorted({Path(item) for item in items})
    raise UserError("read takes a folder, a file or a list of them; a table goes into ll.Events(table)")


def _deliveries(paths: Sequence[Path], layout: str | Path | None) -> list[Delivery]:
    """Each folder is a delivery; files that stand by themselves are one together."""
    folders = [path for path in paths if path.is_dir()]
    files = [path for path in paths if not path.is_dir()]
    deliveries = [of_folder(folder, layout) for folder in folders]
    if len(paths) > 1:
        deliveries = [_within(folder.name, found) for folder, found in zip(folders, deliveries, strict=True)]
    if files:
        names = [path.name for path in files]
        labels = [
            path.name if names.count(path.name) == 1 else f"{path.parent.name}/{path.name}" for path in files
        ]
        deliveries.append(of_files(list(zip(files, labels, strict=True)), layout))
    return deliveries


def _within(folder: str, delivery: Delivery) -> Delivery:
    """A delivery among others: its files and faults carry the name of its folder."""
    return replace(
        delivery,
        jobs=tuple(replace(job, file=f"{folder}/{job.file}") for job in delivery.jobs),
        faults=tuple(replace(fault, file=f"{folder}/{fault.file}") for fault in delivery.faults),
    )


def _named_apart(deliveries: Sequence[Delivery]) -> list[Delivery]:
    """Sources with names of their own over all deliveries, in the order of their names."""
    every = [replace(job, delivery=place) for place, found in enumerate(deliveries) for job in found.jobs]
    jobs = named_apart(every)
    return [
        replace(found, jobs=tuple(job for job in jobs if job.delivery == place))
        for place, found in enumerate(deliveries)
    ]
