"""Rules from TOML files: one file a domain, one table a rule, and the calendar of the country beside them."""

import tomllib
from dataclasses import MISSING, fields, is_dataclass
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any, Final, get_args, get_origin

from levensloop.calendars import Calendar, calendar_fault
from levensloop.errors import Fault, UserError
from levensloop.rule import Rule, Transition, rule_fault
from levensloop.rulechecks import clashes, strangers, wanting

#: The file that tells how a country counts its days; every other file holds rules.
COUNTRY: Final = "country.toml"


def read_rules(folder: Traversable) -> tuple[tuple[Rule, ...], Calendar]:
    """Every rule of a folder of TOML files, in the order of the files' names, and its calendar.

    Parameters
    ----------
    folder : Traversable
        A path, or a folder inside a package.

    Returns
    -------
    rules : tuple of Rule
    calendar : Calendar
        One that says nothing where the folder has no ``country.toml``.

    Raises
    ------
    UserError
        With every fault in every file at once.
    """
    if not folder.is_dir():
        raise UserError("the folder of rules is not there")
    entries = {entry.name: entry for entry in folder.iterdir() if entry.name.endswith(".toml")}
    calendar, faults = _read_calendar(entries.pop(COUNTRY, None))
    if not entries:
        raise UserError("no rules (*.toml) in the folder")
    rules: list[Rule] = []
    for name, entry in sorted(entries.items()):
        found, wrong = _read_file(name.removesuffix(".toml"), entry)
        rules.extend(found)
        faults.extend(wrong)
    if faults := [*faults, *clashes(rules), *(() if faults else strangers(rules) + wanting(rules, calendar))]:
        raise UserError(faults)
    return tuple(rules), calendar


@cache
def countries() -> tuple[str, ...]:
    """The countries whose rules come with levensloop."""
    folder = files("levensloop") / "data" / "rules"
    return tuple(sorted(entry.name for entry in folder.iterdir() if entry.is_dir()))


@cache
def packaged(country: str) -> tuple[tuple[Rule, ...], Calendar]:
    """The rules and the calendar of one of `countries`."""
    return read_rules(files("levensloop") / "data" / "rules" / country)


def _read_calendar(entry: Traversable | None) -> tuple[Calendar, list[Fault]]:
    """How the country counts days, and what is wrong in its file."""
    if entry is None:
        return Calendar(), []
    try:
        given = tomllib.loads(entry.read_text("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        return Calendar(), [calendar_fault(None, f"no TOML ({error})")]
    if wrong := _misfits(Calendar, given):
        return Calendar(), [calendar_fault(field, why) for field, why in wrong]
    try:
        return Calendar(**_values(given)), []
    except UserError as error:
        return Calendar(), list(error.faults)


def _read_file(domain: str, entry: Traversable) -> tuple[list[Rule], list[Fault]]:
    """The rules of one file, and what is wrong with the others."""
    rules: list[Rule] = []
    faults: list[Fault] = []
    try:
        tables = tomllib.loads(entry.read_text("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        return rules, [rule_fault(domain, None, None, f"no TOML ({error})")]
    for key, given in tables.items():
        wrong = _misfits(Rule, given, named=("id", "domain"))
        if wrong:
            faults.extend(rule_fault(domain, key, field, why) for field, why in wrong)
            continue
        try:
            rules.append(Rule(id=key, domain=domain, **_values(given)))
        except UserError as error:
            faults.extend(error.faults)
    return rules, faults


def _values(given: dict[str, Any]) -> dict[str, Any]:
    """The values of a table as a class wants them: lists as tuples, the tables in them as transitional law."""
    return {
        name: tuple(map(_value, value)) if isinstance(value, list) else value for name, value in given.items()
    }


def _value(item: Any) -> Any:  # noqa: ANN401 - whatever stands in a list of a TOML file
    return Transition(**item) if isinstance(item, dict) else item


def _misfits(made: type, given: object, named: tuple[str, ...] = ()) -> list[tuple[str | None, str]]:
    """Fields that are missing, unknown, or not the right sort of value; `named` come from elsewhere."""
    if not isinstance(given, dict):
        return [(None, "not a table")]
    known = {field.name: field for field in fields(made) if field.name not in named}
    wrong: list[tuple[str | None, str]] = [(name, "no such field") for name in given if name not in known]
    for name, field in known.items():
        if name not in given:
            if field.default is MISSING:
                wrong.append((name, "the field is missing"))
        elif not _fits(given[name], field.type):
            wrong.append((name, "not the right sort of value"))
    return wrong


def _fits(value: object, sort: object) -> bool:
    """Whether a value from TOML is exactly of the sort of a field: a truth value is no number."""
    if get_origin(sort) is tuple:
        return isinstance(value, list) and all(_fits(item, get_args(sort)[0]) for item in value)
    if isinstance(sort, type) and is_dataclass(sort):
        return not _misfits(sort, value)
    return type(value) in (get_args(sort) or (sort,))
