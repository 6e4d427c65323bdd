"""The command that writes the cases of some youths, or proposes whose are worth a review."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from levensloop.cli_shared import (
    KEY,
    LANG,
    LAYOUT,
    cohort_of,
    detected,
    disclosing,
    disclosure_of,
    left_out,
    telling,
    unread,
    wrong_use,
)
from levensloop.errors import UserError
from levensloop.faultwords import fault_line
from levensloop.text import say

if TYPE_CHECKING:
    from levensloop.cohort import Cohort
    from levensloop.events import Events
    from levensloop.reports import Selection

_PAPERS = (".pdf", "-a3.pdf", ".pptx", ".xlsx", "-chronology.xlsx", "-chronology.docx", "-replies")


@click.command()
@click.argument("delivery", required=False, type=click.Path(exists=True, path_type=Path))
@click.option("--youths", default="", metavar="A,B,...", help="The ids of the youths whose cases to write.")
@click.option(
    "--propose", type=click.IntRange(1), metavar="N", help="Propose N youths instead, with reasons."
)
@click.option("--purpose", default="", help="For what purpose youths are proposed; it is written down.")
@click.option("--papers", is_flag=True, help="Write .pdf, .pptx, .xlsx, chronology and reply sheets too.")
@click.option(
    "--notes",
    multiple=True,
    type=click.Path(exists=True, path_type=Path),
    help="Notes, replies, a commented chronology, or what was learned.",
)
@click.option(
    "--compare",
    type=click.Path(exists=True, path_type=Path),
    help="The delivery of the time before: the cases tell what changed since.",
)
@click.option(
    "--compare-notes",
    multiple=True,
    type=click.Path(exists=True, path_type=Path),
    help="The notes of the time before.",
)
@click.option("--out", type=click.Path(path_type=Path), help="The folder to write to.")
@disclosing
@click.option(
    "--check",
    type=click.Path(exists=True, path_type=Path),
    metavar="FILE_OR_FOLDER",
    help="Write nothing; tell what in it could say who somebody is, and leave with 1 if there is anything.",
)
@LAYOUT
@KEY
@LANG
def present(  # noqa: PLR0913 - one parameter an option
    delivery: Path | None,
    *,
    youths: str,
    propose: int | None,
    purpose: str,
    papers: bool,
    notes: tuple[Path, ...],
    compare: Path | None,
    compare_notes: tuple[Path, ...],
    out: Path | None,
    level: str,
    glossary: Path | None,
    secret: str | None,
    names: bool,
    check: Path | None,
    layout: str | None,
    pseudonymise: str | None,
    lang: str,
) -> None:
    """Write the cases of some youths with an index, or propose whose cases are worth a review."""
    with telling(lang):
        from levensloop import reports
        from levensloop.reports.selecting import check_purpose

        if check is not None:
            given = None if delivery is None else cohort_of(delivery, layout, pseudonymise)
            sys.exit(_checked(check, glossary, given, lang))
        chosen_youths = list(dict.fromkeys(name.strip() for name in youths.split(",") if name.strip()))
        with wrong_use():
            if delivery is None or out is None:
                raise UserError(say("check.either", lang))
            _together(chosen_youths, propose, notes, (compare, compare_notes, level), lang)
            if propose is not None:
                check_purpose(purpose)
        may = disclosure_of(level, glossary, secret, names=names)
        events, cohort = cohort_of(delivery, layout, pseudonymise)
        findings = detected(cohort)
        if propose is not None:
            chosen = reports.select_cases(cohort, findings, purpose=purpose, most=propose)
            path = _proposed(chosen, out)
            click.echo("\n".join([*chosen.tell(lang), say("present.proposed", lang, {"file": path})]))
        else:
            endings = _PAPERS if papers else ()
            said = reports.read_notes(notes) if notes else None
            before = None
            if compare is not None:
                _, earlier = cohort_of(compare, layout, pseudonymise)
                before = (earlier, detected(earlier), reports.read_notes(compare_notes))
            for path in reports.present(
                cohort,
                findings,
                chosen_youths,
                out,
                lang=lang,
                papers=endings,
                notes=said,
                level=may,
                before=before,
            ):
                click.echo(say("write.file", lang, {"file": path}))
            for fault in said.faults(cohort[chosen_youths[0]], findings) if said else ():
                click.echo(fault_line(fault, lang), err=True)
        left_out(events, lang)
    sys.exit(unread(events))


def _together(
    youths: list[str],
    propose: int | None,
    notes: tuple[Path, ...],
    before: tuple[Path | None, tuple[Path, ...], str],
    lang: str,
) -> None:
    """Stop where options do not go together, before anything is read."""
    compare, compare_notes, level = before
    wrong = {
        "either": (propose is None) == (not youths),
        "single": bool(notes) and len(youths) > 1,
        "before": bool(compare_notes) and compare is None,
        "room": compare is not None and level != "room",
    }
    if told := [say(f"present.{name}", lang) for name, so in wrong.items() if so]:
        raise UserError(told)


def _checked(path: Path, glossary: Path | None, given: "tuple[Events, Cohort] | None", lang: str) -> int:
    """Tell what in a file or folder could say who somebody is; 1 if there is anything."""
    from levensloop.privacy import Glossary
    from levensloop.reports import exposed

    people = Glossary.load(glossary) if glossary else None
    found = exposed(path, glossary=people, cohort=given[1] if given else None)
    for line in (trace.tell(lang) for trace in found):
        click.echo(line)
    if not found:
        click.echo(say("check.none", lang))
    return int(bool(found))


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
