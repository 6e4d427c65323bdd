"""What the commands share: arguments, errors as sentences, and reading with progress bars."""

import sys
from collections.abc import Callable, Generator
from contextlib import contextmanager
from errno import EPIPE
from pathlib import Path
from typing import TYPE_CHECKING

import click

from levensloop.errors import UserError
from levensloop.faultwords import error_lines
from levensloop.text import LANGUAGES, say

if TYPE_CHECKING:
    from levensloop.cohort import Cohort
    from levensloop.events import Events
    from levensloop.findings import Findings
    from levensloop.reports import Disclosure
    from levensloop.scale import Dataset

DELIVERY = click.argument("delivery", type=click.Path(exists=True, path_type=Path))
LANG = click.option(
    "--lang", type=click.Choice(LANGUAGES), default="nl", help="Language of what is printed and drawn."
)
LAYOUT = click.option(
    "--layout", help="A layout: a TOML file, or the name of one that comes with levensloop."
)
KEY = click.option(
    "--pseudonymise",
    metavar="KEY",
    help="Replace person keys by keyed hashes: env:NAME or the file that holds the key; 'no' to read keys as they are.",
)
_DISCLOSING = (
    click.option("--level", type=click.Choice(["room", "training", "publication"]), default="room", show_default=True,
                 help="What may be seen: agencies by name; as sectors; or days moved and told as years besides."),
    click.option("--glossary", type=click.Path(exists=True, dir_okay=False, path_type=Path), metavar="FILE",
                 help="A CSV with the columns name and label: names, and what stands in their place."),
    click.option("--secret", metavar="KEY",
                 help="From which follows by how much days are moved: env:NAME or a file. For the level publication."),
    click.option("--names", is_flag=True,
                 help="Show who it is about and who did what. Every page says that it does."),
)  # fmt: skip


def disclosing(command: Callable[..., None]) -> Callable[..., None]:
    """The options that say what of a case may be seen."""
    for option in reversed(_DISCLOSING):
        command = option(command)
    return command


def disclosure_of(level: str, glossary: Path | None, secret: str | None, *, names: bool) -> "Disclosure":
    """What these options say; options that do not go together are wrong use."""
    from levensloop.privacy import Glossary
    from levensloop.reports import Disclosure

    people = Glossary.load(glossary) if glossary else None
    with wrong_use():
        return Disclosure(level, people, secret, names)


#: Faults that leave a whole source unread.
UNREAD = frozenset(
    {
        "empty_file",
        "not_what_it_says",
        "missing_file",
        "missing_column",
        "bad_layout",
        "missing_sheet",
        "missing_element",
        "line_too_long",
    }
)


@contextmanager
def telling(lang: str) -> Generator[None, None, None]:
    """Tell an error of the user's input, or of a file or folder that cannot be used, without a traceback."""
    try:
        yield
    except UserError as error:
        click.echo(f"{say('command.fault', lang)}\n{error_lines(error, lang)}", err=True)
        sys.exit(1)
    except OSError as error:
        if error.errno == EPIPE:  # what is printed has no reader any more
            raise
        told = {"file": error.filename or "", "why": error.strerror or str(error)}
        click.echo(f"{say('command.fault', lang)}\n{say('command.file', lang, told).lstrip(': ')}", err=True)
        sys.exit(1)


@contextmanager
def wrong_use() -> Generator[None, None, None]:
    """What is wrong is the command and no file: tell it as click tells a wrong option, and leave with 2."""
    try:
        yield
    except UserError as error:
        raise click.UsageError(str(error), click.get_current_context()) from error


@contextmanager
def progress_bar(length: int, label: str) -> Generator[Callable[[str], None], None, None]:
    """A progress bar on a terminal, and nothing elsewhere."""
    hidden = not sys.stderr.isatty()
    with click.progressbar(length=length, label=label, file=sys.stderr, hidden=hidden, show_pos=True) as bar:
        yield lambda _done: bar.update(1)


def cohort_of(delivery: Path, layout: str | None, key: str | None) -> "tuple[Events, Cohort]":
    """A delivery, read, linked and merged."""
    from levensloop import link, merge, read

    hidden = not sys.stderr.isatty()
    with click.progressbar(length=1, label="read", file=sys.stderr, hidden=hidden) as bar:

        def progress(done: int, total: int, file: str) -> None:
            bar.label = f"read {file}"
            bar.length = total
            bar.update(done - bar.pos)

        events = read(delivery, layout=layout, pseudonymise=False if key == "no" else key, progress=progress)
    with progress_bar(2, "link, merge") as step:
        people = link(events)
        step("link")
        cohort = merge(events, people)
        step("merge")
    return events, cohort


def detected(cohort: "Cohort") -> "Findings":
    """What every built-in detector finds."""
    from levensloop import detect
    from levensloop.detectors import BUILT_IN

    with progress_bar(len(BUILT_IN), "detect") as step:
        return detect(cohort, progress=step)


def left_out(events: "Events", lang: str) -> None:
    """Say that there are faults, where a case is made: what was rejected is not in it."""
    if events.faults:
        told = say("read.faults", lang, {"n": sum(one.count for one in events.faults)})
        click.echo(f"{told}. {say('read.see_check', lang)}", err=True)


def unread(read: "Events | Dataset") -> int:
    """1 when a source could not be read."""
    return int(any(fault.code in UNREAD for fault in read.faults))
