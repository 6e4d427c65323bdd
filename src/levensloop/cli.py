"""The command line: demo, run, check, draw, present and layout."""

import sys
from collections.abc import Callable, Generator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from levensloop.errors import LevensloopError, UserError
from levensloop.text import LANGUAGES, named, say

if TYPE_CHECKING:
    from levensloop.cohort import Cohort
    from levensloop.events import Events
    from levensloop.findings import Findings
    from levensloop.reports import Selection

_DELIVERY = click.argument("delivery", type=click.Path(exists=True, path_type=Path))
_PAPERS = (".pdf", ".pptx", ".xlsx", "-chronology.xlsx", "-replies")
_LANG = click.option(
    "--lang", type=click.Choice(LANGUAGES), default="nl", help="Language of what is printed and drawn."
)
_LAYOUT = click.option(
    "--layout", help="A layout: a TOML file, or the name of one that comes with levensloop."
)
_KEY = click.option(
    "--pseudonymise",
    metavar="KEY",
    help="Replace person keys by keyed hashes: env:NAME or the file that holds the key; 'no' to read keys as they are.",
)


@click.group()
@click.version_option(package_name="levensloop")
def main() -> None:
    """Life-course timelines of youths from the case files of many agencies."""


@main.command()
@click.option("--out", type=click.Path(path_type=Path), default=Path("levensloop-demo"), show_default=True)
@_LANG
def demo(out: Path, lang: str) -> None:
    """Run everything on the sample data and say where figures, findings and report are."""
    from levensloop import detect, reports

    with _told(lang):
        sample = _sample()
        events, cohort = _cohort(sample / "jorien", None, None)
        findings = detect(cohort)
        _write(out / "jorien", events, cohort, findings)
        (youth,) = cohort
        pages = _draw(cohort, findings, youth, out / "jorien", lang)
        report = reports.case(cohort[youth], findings, lang=lang).save(out / "jorien" / "case.html")
        _counts(events, cohort, findings, lang)
        for name, paths in (
            ("figures", pages),
            ("findings", [out / "jorien" / "findings.csv"]),
            ("report", [report]),
        ):
            for path in paths:
                click.echo(f"{say(f'demo.{name}', lang)}: {path}")
        if (sample / "emmen").is_dir():
            events, cohort = _cohort(sample / "emmen", None, None)
            findings = _detected(cohort)
            _write(out / "emmen", events, cohort, findings)
            click.echo("")
            _counts(events, cohort, findings, lang)
            click.echo(f"{say('demo.findings', lang)}: {out / 'emmen' / 'findings.csv'}")
    sys.exit(_unread(events))


@main.command()
@_DELIVERY
@click.option("--out", type=click.Path(path_type=Path), required=True, help="The folder to write to.")
@click.option(
    "--memory", metavar="2GB", help="Work on disk, in no more memory than this; --out is then a dataset."
)
@_LAYOUT
@_KEY
@_LANG
def run(
    delivery: Path, *, out: Path, memory: str | None, layout: str | None, pseudonymise: str | None, lang: str
) -> None:
    """Read a delivery, link, merge and detect; write tables and a summary."""
    with _told(lang):
        if memory is not None:
            _on_disk(delivery, out, memory, layout, pseudonymise, lang)
            return
        events, cohort = _cohort(delivery, layout, pseudonymise)
        findings = _detected(cohort)
        written = _write(out, events, cohort, findings)
        _counts(events, cohort, findings, lang)
        _faults(events, lang)
        for path in written:
            click.echo(say("write.file", lang, {"file": path}))
    sys.exit(_unread(events))


@main.command()
@_DELIVERY
@click.option("--truth", is_flag=False, flag_value="", default=None, metavar="[FILE]",
              help="Compare what is found with a truth file; without FILE the _truth.csv of the delivery.")  # fmt: skip
@_LAYOUT
@_KEY
@_LANG
def check(delivery: Path, truth: str | None, layout: str | None, pseudonymise: str | None, lang: str) -> None:
    """Tell every fault of a delivery; leave with 1 if there is any."""
    with _told(lang):
        events, cohort = _cohort(delivery, layout, pseudonymise)
        _fates(events, cohort, lang)
        found = _faults(events, lang) + _conflicts(cohort, lang)
        if truth is not None:
            from levensloop.testing import compare, read_truth

            path = Path(truth) if truth else delivery / "_truth.csv"
            click.echo(str(compare(_detected(cohort), read_truth(path))))
    sys.exit(1 if found or _unread(events) else 0)


@main.command()
@_DELIVERY
@click.argument("youth")
@click.option("--out", type=click.Path(path_type=Path), default=Path(), help="The folder to write to.")
@_LAYOUT
@_KEY
@_LANG
def draw(
    delivery: Path, youth: str, out: Path, layout: str | None, pseudonymise: str | None, lang: str
) -> None:
    """Draw the life course of one youth, a page a period."""
    with _told(lang):
        events, cohort = _cohort(delivery, layout, pseudonymise)
        if youth not in cohort:
            raise UserError(say("command.no_youth", lang))
        from levensloop import detect

        timeline = cohort[youth]
        for path in _draw(cohort, detect(timeline), youth, out, lang):
            click.echo(say("write.file", lang, {"file": path}))
    sys.exit(_unread(events))


@main.command()
@_DELIVERY
@click.option("--youths", default="", metavar="A,B,...", help="The ids of the youths whose cases to write.")
@click.option(
    "--propose", type=click.IntRange(1), metavar="N", help="Propose N youths instead, with reasons."
)
@click.option("--purpose", default="", help="For what purpose youths are proposed; it is written down.")
@click.option("--papers", is_flag=True, help="Write .pdf, .pptx, .xlsx, chronology and reply sheets too.")
@click.option(
    "--notes",
    multiple=True,
    type=click.Path(path_type=Path),
    help="Notes, replies or a commented chronology.",
)
@click.option("--out", type=click.Path(path_type=Path), required=True, help="The folder to write to.")
@_LAYOUT
@_KEY
@_LANG
def present(  # noqa: PLR0913 - one parameter an option
    delivery: Path,
    *,
    youths: str,
    propose: int | None,
    purpose: str,
    papers: bool,
    notes: tuple[Path, ...],
    out: Path,
    layout: str | None,
    pseudonymise: str | None,
    lang: str,
) -> None:
    """Write the cases of some youths with an index, or propose whose cases are worth a review."""
    with _told(lang):
        from levensloop import reports

        if (propose is None) == (not youths.strip()):
            raise UserError(say("present.either", lang))
        events, cohort = _cohort(delivery, layout, pseudonymise)
        findings = _detected(cohort)
        if propose is not None:
            chosen = reports.select_cases(cohort, findings, purpose=purpose, most=propose)
            path = _proposed(chosen, out)
            click.echo("\n".join([*chosen.tell(lang), say("present.proposed", lang, {"file": path})]))
        else:
            names = [name.strip() for name in youths.split(",") if name.strip()]
            endings = _PAPERS if papers else ()
            said = reports.read_notes(notes) if notes else None
            for path in reports.present(cohort, findings, names, out, lang=lang, papers=endings, notes=said):
                click.echo(say("write.file", lang, {"file": path}))
            for fault in said.faults(cohort[names[0]], findings) if said else ():
                click.echo(str(fault), err=True)
    sys.exit(_unread(events))


def _on_disk(delivery: Path, out: Path, memory: str, layout: str | None, key: str | None, lang: str) -> None:
    """The same in bounded memory, with a bar for each stage."""
    from levensloop import scale

    hidden = not sys.stderr.isatty()
    with click.progressbar(length=1, label="read", file=sys.stderr, hidden=hidden, show_pos=True) as bar:

        def progress(stage: str, done: int, total: int) -> None:
            if bar.label != stage:
                bar.label, bar.pos = stage, 0
            bar.length = total
            bar.update(done - bar.pos)

        key_given = False if key == "no" else key
        made = scale.run(
            delivery, out, memory=memory, layout=layout, pseudonymise=key_given, progress=progress
        )
    told = made.summary
    counts = (("read.sources", len(told["sources"])), ("read.rows", told["rows_read"]))
    counts += (("merge.events", told["events"]), ("merge.youths", told["youths"]))
    click.echo(", ".join(say(name, lang, {"n": count}) for name, count in counts))
    _by_detector(told["findings"], lang)
    click.echo(say("write.file", lang, {"file": out}))
    if told["faults"]:
        click.echo(say("read.faults", lang, {"n": sum(one["rows"] for one in told["faults"])}))
    sys.exit(int(any(one["code"] in UNREAD for one in told["faults"])))


def _proposed(chosen: "Selection", out: Path) -> Path:
    """The proposal as a file, its purpose in every row."""
    import pyarrow as pa
    from pyarrow import csv

    out.mkdir(parents=True, exist_ok=True)
    table = chosen.to_arrow()
    csv.write_csv(
        table.append_column("purpose", pa.array([chosen.purpose] * len(table))), out / "proposal.csv"
    )
    return out / "proposal.csv"


@main.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def layout(file: Path) -> None:
    """Propose a layout from the columns and values of a file; comments say where it is unsure."""
    from levensloop.readers import propose

    with _told("en"):
        click.echo(propose(file))


@contextmanager
def _told(lang: str) -> Generator[None, None, None]:
    """Tell an error of the user's input without a traceback."""
    try:
        yield
    except UserError as error:
        click.echo(f"{say('command.fault', lang)}\n{error}", err=True)
        sys.exit(1)


def _sample() -> Path:
    """The sample data: in the folder where one stands, beside the sources, or in the package."""
    here = Path(__file__).parent
    for folder in (Path("data/sample"), here.parents[1] / "data" / "sample", here / "data" / "sample"):
        if (folder / "jorien").is_dir():
            return folder
    raise UserError("the sample data are not here. Hint: run it in a clone of the project.")


@contextmanager
def _bar(length: int, label: str) -> Generator[Callable[[str], None], None, None]:
    """A progress bar on a terminal, and nothing elsewhere."""
    hidden = not sys.stderr.isatty()
    with click.progressbar(length=length, label=label, file=sys.stderr, hidden=hidden, show_pos=True) as bar:
        yield lambda _done: bar.update(1)


def _cohort(delivery: Path, layout: str | None, key: str | None) -> "tuple[Events, Cohort]":
    from levensloop import link, merge, read

    hidden = not sys.stderr.isatty()
    with click.progressbar(length=1, label="read", file=sys.stderr, hidden=hidden) as bar:

        def progress(done: int, total: int, file: str) -> None:
            bar.label = f"read {file}"
            bar.length = total
            bar.update(done - bar.pos)

        events = read(delivery, layout=layout, pseudonymise=False if key == "no" else key, progress=progress)
    with _bar(2, "link, merge") as step:
        people = link(events)
        step("link")
        cohort = merge(events, people)
        step("merge")
    return events, cohort


def _detected(cohort: "Cohort") -> "Findings":
    from levensloop import detect
    from levensloop.detectors import BUILT_IN

    with _bar(len(BUILT_IN), "detect") as step:
        return detect(cohort, progress=step)


def _write(out: Path, events: "Events", cohort: "Cohort", findings: "Findings") -> list[Path]:
    from levensloop.exports import write

    return write(out, events, cohort, findings)


def _draw(cohort: "Cohort", findings: "Findings", youth: str, out: Path, lang: str) -> list[Path]:
    from levensloop import figures

    out.mkdir(parents=True, exist_ok=True)
    pages = figures.life_course(cohort[youth], findings, lang=lang)
    paths: list[Path] = []
    with _bar(len(pages), "draw") as step:
        for number, page in enumerate(pages, 1):
            paths.append(out / f"life-course-{number}.png")
            page.savefig(paths[-1], metadata={"Software": None})
            step("page")
    return paths


def _counts(events: "Events", cohort: "Cohort", findings: "Findings", lang: str) -> None:
    from levensloop.exports import summary

    told = summary(events, cohort, findings)
    click.echo(", ".join([
        say("read.sources", lang, {"n": len(told["sources"])}),
        say("read.rows", lang, {"n": told["rows_read"]}),
        say("merge.events", lang, {"n": told["events"]}),
        say("merge.youths", lang, {"n": told["youths"]}),
    ]))  # fmt: skip
    _fates(events, cohort, lang)
    _by_detector(findings.count("detector", "certainty").to_arrow().to_pylist(), lang)


def _by_detector(counts: "list[dict[str, Any]]", lang: str) -> None:
    """How many findings each detector has, certain and possible."""
    totals: dict[str, dict[str, int]] = {}
    for entry in counts:
        by = totals.setdefault(entry["detector"], {})
        by[entry["certainty"]] = by.get(entry["certainty"], 0) + entry["findings"]
    for name, by in sorted(totals.items()):
        values: dict[str, Any] = {
            "detector": named("detector", name, lang),
            "findings": say("detect.findings", lang, {"n": sum(by.values())}),
            "certain": say("detect.certain", lang, {"n": by.get("certain", 0)}),
            "possible": say("detect.possible", lang, {"n": by.get("possible", 0)}),
        }
        click.echo(say("detect.of", lang, values))


def _fates(events: "Events", cohort: "Cohort", lang: str) -> None:
    """What became of every row."""
    fates = cohort.records.to_arrow().column("fate").cast("string").value_counts().to_pylist()
    by = {entry["values"]: entry["counts"] for entry in fates}
    parts = [
        say(f"fate.{fate}", lang, {"n": by[fate]})
        for fate in ("event", "merged", "rejected", "ignored")
        if fate in by
    ]
    click.echo(", ".join(parts) or say("detect.none", lang))
    if events.faults:
        click.echo(say("read.faults", lang, {"n": sum(one.count for one in events.faults)}))


def _faults(events: "Events", lang: str) -> int:
    for fault in events.faults:
        click.echo(str(fault), err=True)
    if not events.faults:
        click.echo(say("read.sound", lang))
    return len(events.faults)


def _conflicts(cohort: "Cohort", lang: str) -> int:
    """Youths whose records exclude each other, without their keys."""
    columns: list[str] = cohort.conflicts.to_arrow().column("column").to_pylist()
    for column in sorted(set(columns)):
        click.echo(say(f"conflict.{column}", lang, {"n": columns.count(column)}), err=True)
    return len(columns)


def _unread(events: "Events") -> int:
    """1 when a source could not be read."""
    return int(any(fault.code in UNREAD for fault in events.faults))


#: Faults that leave a whole source unread.
UNREAD = frozenset(
    {
        "empty_file",
        "not_what_it_says",
        "missing_file",
        "missing_column",
        "bad_layout",
        "missing_sheet",
        "line_too_long",
    }
)


if __name__ == "__main__":
    try:
        main()
    except LevensloopError as error:
        click.echo(str(error), err=True)
        sys.exit(1)
