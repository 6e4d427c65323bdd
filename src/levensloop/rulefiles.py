"""Rules from TOML files: one file a domain, one table a rule."""

import tomllib
from dataclasses import MISSING, fields
from importlib.resources.abc import Traversable
from typing import Any, get_args

from levensloop.errors import Fault, UserError
from levensloop.rule import Rule, clashes, rule_fault


def read_rules(folder: Traversable) -> tuple[Rule, ...]:
    """Every rule of a folder of TOML files, in the order of the files' names.

    Parameters
    ----------
    folder : Traversable
        A path, or a folder inside a package.

    Returns
    -------
    tuple of Rule

    Raises
    ------
    UserError
        With every fault in every file at once.
    """
    if not folder.is_dir():
        raise UserError("the folder of rules is not there")
    entries = {entry.name: entry for entry in folder.iterdir() if entry.name.endswith(".toml")}
    if not entries:
        raise UserError("no rules (*.toml) in the folder")
    rules: list[Rule] = []
    faults: list[Fault] = []
    for name, entry in sorted(entries.items()):
        found, wrong = _read_file(name.removesuffix(".toml"), entry)
        rules.extend(found)
        faults.extend(wrong)
    faults.extend(clashes(rules))
    if faults:
        raise UserError(faults)
    return tuple(rules)


def _read_file(domain: str, entry: Traversable) -> tuple[list[Rule], list[Fault]]:
    """The rules of one file, and what is wrong with the others."""
    rules: list[Rule] = []
    faults: list[Fault] = []
    try:
        tables = tomllib.loads(entry.read_text("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        return rules, [rule_fault(domain, None, None, f"no TOML ({error})")]
    for key, given in tables.items():
        wrong = _misfits(domain, key, given)
        if wrong:
            faults.extend(wrong)
            continue
        values: dict[str, Any] = {
            name: tuple(value) if isinstance(value, list) else value for name, value in given.items()
        }
        try:
            rules.append(Rule(id=key, domain=domain, **values))
        except UserError as error:
            faults.extend(error.faults)
    return rules, faults


def _misfits(domain: str, key: str, given: object) -> list[Fault]:
    """Fields that are missing, unknown, or not the right sort of value."""
    if not isinstance(given, dict):
        return [rule_fault(domain, key, None, "not a table")]
    known = {field.name: field for field in fields(Rule) if field.name not in {"id", "domain"}}
    wrong = [rule_fault(domain, key, name, "no such field") for name in given if name not in known]
    for name, field in known.items():
        if name not in given:
            if field.default is MISSING:
                wrong.append(rule_fault(domain, key, name, "the field is missing"))
        elif not _fits(given[name], field.type):
            wrong.append(rule_fault(domain, key, name, "not the right sort of value"))
    return wrong


def _fits(value: object, sort: object) -> bool:
    """Whether a value from TOML is exactly of the sort of a field: a truth value is no number."""
    if sort == tuple[str, ...]:
        return isinstance(value, list) and all(isinstance(item, str) for item in value)
    return type(value) in (get_args(sort) or (sort,))
