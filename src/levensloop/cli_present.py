"""The command that writes the cases of some youths, or proposes whose are worth a review."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from levensloop.cli_shared import DELIVERY, KEY, LANG, LAYOUT, cohort_of, detected, telling, unread
from levensloop.errors import UserError
from levensloop.text import say

if TYPE_CHECKING:
    from levensloop.reports import Selection

_PAPERS = (".pdf", ".pptx", ".xlsx", "-chronology.xlsx", "-replies")


@click.command()
@DELIVERY
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
@LAYOUT
@KEY
@LANG
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
    with telling(lang):
        from levensloop import reports

        if (propose is None) == (not youths.strip()):
            raise UserError(say("present.either", lang))
        events, cohort = cohort_of(delivery, layout, pseudonymise)
        findings = detected(cohort)
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
    sys.exit(unread(events))


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
