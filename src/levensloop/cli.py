"""The command line: demo, run, check, draw, present and layout."""

import sys
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from levensloop.cli_present import present
from levensloop.cli_shared import (
    DELIVERY,
    KEY,
    LANG,
    LAYOUT,
    cohort_of,
    detected,
    disclosing,
    disclosure_of,
    progress_bar,
    telling,
    unread,
    wrong_use,
)
from levensloop.errors import LevensloopError, UserError
from levensloop.faultwords import fault_line
from levensloop.text import named, say

if TYPE_CHECKING:
    from levensloop.cohort import Cohort, Timeline
    from levensloop.events import Events
    from levensloop.findings import Findings
    from levensloop.reports import Disclosure
    from levensloop.scale import Dataset


@click.group()
@click.version_option(package_name="levensloop")
def main() -> None:
    """Life-course timelines of youths from the case files of many agencies."""


main.add_command(present)


@main.command()
@click.option("--out", type=click.Path(path_type=Path), default=Path("levensloop-demo"), show_default=True)
@LANG
def demo(out: Path, lang: str) -> None:
    """Run everything on the sample data and say where figures, findings and report are."""
    from levensloop import detect, reports

    with telling(lang):
        sample = _sample()
        events, cohort = cohort_of(sample / "jorien", None, None)
        findings = detect(cohort)
        _write(out / "jorien", events, cohort, findings)
        (youth,) = cohort
        pages = _draw(cohort[youth], findings, out / "jorien", lang)
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
            events, cohort = cohort_of(sample / "emmen", None, None)
            findings = detected(cohort)
            _write(out / "emmen", events, cohort, findings)
            click.echo("")
            _counts(events, cohort, findings, lang)
            click.echo(f"{say('demo.findings', lang)}: {out / 'emmen' / 'findings.csv'}")
    sys.exit(unread(events))


@main.command()
@DELIVERY
@click.option("--out", type=click.Path(path_type=Path), required=True, help="The folder to write to.")
@click.option(
    "--memory", metavar="2GB", help="Work on disk, in no more memory than this; --out is then a dataset."
)
@click.option(
    "--engine",
    type=click.Choice(["local", "dask", "spark"]),
    help="Work on disk with this machine, or the cluster that Dask or Spark is set to.",
)
@LAYOUT
@KEY
@LANG
def run(  # noqa: PLR0913 - one parameter an option
    delivery: Path,
    *,
    out: Path,
    memory: str | None,
    engine: str | None,
    layout: str | None,
    pseudonymise: str | None,
    lang: str,
) -> None:
    """Read a delivery, link, merge and detect; write tables and a summary."""
    with telling(lang):
        if memory is not None or engine is not None:
            size, by = memory or "2GB", engine or "local"
            _on_disk(delivery, out, {"memory": size, "engine": by, "layout": layout}, pseudonymise, lang)
            return
        events, cohort = cohort_of(delivery, layout, pseudonymise)
        findings = detected(cohort)
        written = _write(out, events, cohort, findings)
        _counts(events, cohort, findings, lang)
        _faults(events, lang)
        _conflicts(cohort, lang)
        for path in written:
            click.echo(say("write.file", lang, {"file": path}))
    sys.exit(unread(events))


@main.command()
@DELIVERY
@click.option("--truth", is_flag=False, flag_value="", default=None, metavar="[FILE]",
              help="Compare what is found with a truth file; without FILE the _truth.csv of the delivery.")  # fmt: skip
@LAYOUT
@KEY
@LANG
def check(delivery: Path, truth: str | None, layout: str | None, pseudonymise: str | None, lang: str) -> None:
    """Tell every fault of a delivery; leave with 1 if there is any."""
    with telling(lang):
        events, cohort = cohort_of(delivery, layout, pseudonymise)
        _fates(events, cohort, lang)
        found = _faults(events, lang) + _conflicts(cohort, lang)
        if truth is not None:
            from levensloop.testing import compare, read_truth

            path = Path(truth) if truth else delivery / "_truth.csv"
            click.echo(str(compare(detected(cohort), read_truth(path))))
    sys.exit(1 if found or unread(events) else 0)


@main.command()
@DELIVERY
@click.argument("youth")
@click.option("--out", type=click.Path(path_type=Path), default=Path(), help="The folder to write to.")
@disclosing
@LAYOUT
@KEY
@LANG
def draw(  # noqa: PLR0913 - one parameter an option
    delivery: Path,
    youth: str,
    *,
    out: Path,
    level: str,
    glossary: Path | None,
    secret: str | None,
    names: bool,
    layout: str | None,
    pseudonymise: str | None,
    lang: str,
) -> None:
    """Draw the life course of one youth, a page a period."""
    with telling(lang):
        may = disclosure_of(level, glossary, secret, names=names)
        events, cohort = cohort_of(delivery, layout, pseudonymise)
        if youth not in cohort:
            raise UserError(say("command.no_youth", lang))
        from levensloop import detect

        timeline = cohort[youth]
        for path in _draw(timeline, detect(timeline), out, lang, may):
            click.echo(say("write.file", lang, {"file": path}))
    sys.exit(unread(events))


def _on_disk(delivery: Path, out: Path, how: dict[str, Any], key: str | None, lang: str) -> None:
    """The same in bounded memory, with a bar for each stage."""
    from levensloop import scale
    from levensloop.scale.outofcore import bytes_of

    with wrong_use():
        bytes_of(how["memory"])
    hidden = not sys.stderr.isatty()
    with click.progressbar(length=1, label="read", file=sys.stderr, hidden=hidden, show_pos=True) as bar:

        def progress(stage: str, done: int, total: int) -> None:
            if bar.label != stage:
                bar.label, bar.pos = stage, 0
            bar.length = total
            bar.update(done - bar.pos)

        key_given = False if key == "no" else key
        made = scale.run(delivery, out, pseudonymise=key_given, progress=progress, **how)
    told = made.summary
    counts = (("read.sources", len(told["sources"])), ("read.rows", told["rows_read"]))
    counts += (("merge.events", told["events"]), ("merge.youths", told["youths"]))
    click.echo(", ".join(say(name, lang, {"n": count}) for name, count in counts))
    _by_detector(told["findings"], lang)
    _faulty(made, lang)
    _faults(made, lang)
    _conflicts(made, lang)
    click.echo(say("write.file", lang, {"file": out}))
    sys.exit(unread(made))


@main.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def layout(file: Path) -> None:
    """Propose a layout from the columns and values of a file; comments say where it is unsure."""
    from levensloop.readers import propose

    with telling("en"):
        click.echo(propose(file))


def _sample() -> Path:
    """The sample data: in the folder where one stands, beside the sources, or in the package."""
    here = Path(__file__).parent
    for folder in (Path("data/sample"), here.parents[1] / "data" / "sample", here / "data" / "sample"):
        if (folder / "jorien").is_dir():
            return folder
    raise UserError("the sample data are not here. Hint: run it in a clone of the project.")


def _write(out: Path, events: "Events", cohort: "Cohort", findings: "Findings") -> list[Path]:
    from levensloop.exports import write

    return write(out, events, cohort, findings)


def _draw(
    timeline: "Timeline", findings: "Findings", out: Path, lang: str, may: "Disclosure | str" = "room"
) -> list[Path]:
    from levensloop import reports

    out.mkdir(parents=True, exist_ok=True)
    pages = reports.case(timeline, findings, level=may, lang=lang).pages
    paths: list[Path] = []
    with progress_bar(len(pages), "draw") as step:
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
    """What became of every row; one that makes several events is one row, and told under each of its fates."""
    import pyarrow.compute as pc

    from levensloop.accounts import fates_of

    told = fates_of(cohort.records).select(["source", "record", "part", "fate"])
    whole, apart = (told.filter(kept) for kept in (pc.equal(told["part"], 0), pc.greater(told["part"], 0)))
    rows = apart.group_by(["source", "record", "fate"]).aggregate([])
    by = Counter[str]()
    for table in (whole, rows):
        by.update(
            {one["values"]: one["counts"] for one in table["fate"].cast("string").value_counts().to_pylist()}
        )
    parts = [
        say(f"fate.{fate}", lang, {"n": by[fate]})
        for fate in ("event", "merged", "rejected", "ignored")
        if fate in by
    ]
    click.echo(", ".join(parts) or say("detect.none", lang))
    _faulty(events, lang)


def _faulty(read: "Events | Dataset", lang: str) -> None:
    """In how many rows there are faults."""
    if read.faults:
        click.echo(say("read.faults", lang, {"n": sum(one.count for one in read.faults)}))


def _faults(read: "Events | Dataset", lang: str) -> int:
    """Each fault, file by file, and how many there are."""
    for fault in sorted(read.faults, key=lambda one: one.file):
        click.echo(fault_line(fault, lang), err=True)
    if not read.faults:
        click.echo(say("read.sound", lang))
    return len(read.faults)


def _conflicts(cohort: "Cohort | Dataset", lang: str) -> int:
    """Youths whose records exclude each other: which records, and no keys."""
    told: list[dict[str, Any]] = cohort.conflicts.to_arrow().select(["column", "records"]).to_pylist()
    for column in sorted({row["column"] for row in told}):
        those = [row["records"] for row in told if row["column"] == column]
        click.echo(say(f"conflict.{column}", lang, {"n": len(those)}), err=True)
        for records in those:
            click.echo(f"  {', '.join(records)}", err=True)
    return len(told)


if __name__ == "__main__":
    try:
        main()
    except LevensloopError as error:
        click.echo(str(error), err=True)
        sys.exit(1)
