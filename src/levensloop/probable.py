"""The odds that two records are one youth: a Fellegi-Sunter model, fitted by Splink without labels."""

import logging
from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from levensloop import names
from levensloop.clusters import Links
from levensloop.errors import UserError
from levensloop.nodes import HOW, Nodes, part
from levensloop.spans import NO_DAY, Bools, Ints

if TYPE_CHECKING:
    from splink import Linker
    from splink.internals.blocking_rule_creator import BlockingRuleCreator

_NAMES: Final = ("sex", "surname", "surname_sound", "given_names", "initial", "postcode", "postcode4")
#: Before anything is learned: of ten thousand pairs one is a match.
_FIRST_GUESS: Final = 1e-4
#: With fewer things to compare one cannot tell chance from sameness.
_FEWEST: Final = 3


def probable(nodes: Nodes, model: dict[str, Any]) -> tuple[Links, Ints]:
    """Pairs of nodes with the odds that they are one youth, and pairs that seem to be brothers and sisters.

    Parameters
    ----------
    nodes : Nodes
    model : dict
        As ``data/linking/model.toml``.

    Returns
    -------
    Links
        With every pair of a score of at least ``model["look"]``.
    array
        Pairs, the lesser first, of whom the given names tell that they are two persons.

    Raises
    ------
    UserError
        If Splink is not installed, or the records tell too little to compare them.
    """
    try:
        import duckdb
        from splink import DuckDBAPI, Linker
        from splink.internals.exceptions import SplinkException
    except ImportError as error:
        raise UserError("linking by odds needs Splink; install levensloop[link]") from error
    if nodes.size < model["fewest"]:
        raise UserError(
            f"{nodes.size:,} persons tell too little to fit a model (at least {model['fewest']:,}); "
            "link with how='rules'"
        )
    table = compared(nodes)
    model = _told(model, {name for name in table.column_names if table[name].null_count < nodes.size})
    log = logging.getLogger("splink")
    level = log.level
    log.setLevel(logging.ERROR)
    try:
        with duckdb.connect() as connection:
            connection.execute("SET enable_progress_bar = false")
            linker = Linker(DuckDBAPI(connection).register(table), _settings(model), log_level=None)
            _train(linker, model)
            found = linker.inference.predict(warning_mode="never").as_pyarrow_table()
    except (SplinkException, ValueError) as error:
        raise UserError("the records tell too little to fit a model; link with how='rules'") from error
    finally:
        log.setLevel(level)
    return _links(found, nodes, model)


def _told(model: dict[str, Any], columns: AbstractSet[str]) -> dict[str, Any]:
    """The model without what uses a column that is empty throughout."""
    rest = {name: [on for on in model[name] if set(on) <= columns] for name in ("compare", "learn")}
    certain = [[name for name in on if name in columns] for on in model["certain"]]
    rest["certain"] = [on for on in certain if len(on) >= _FEWEST]
    comparisons = [told for told in model["comparison"] if told["told"] in columns]
    if not all(rest.values()) or len(comparisons) < _FEWEST:
        raise UserError(
            "the records tell too little of persons to compare them: birth, sex, surname, given_names, postcode"
        )
    return model | rest | {"comparison": comparisons}


def compared(nodes: Nodes) -> pa.Table:
    """What the model looks at: one row a node, its number in `unique_id`.

    Examples
    --------
    >>> from levensloop.nodes import nodes_of
    >>> from levensloop.schema import PERSONS, conform
    >>> table = pa.table({"source": ["a"], "record": [1], "person": ["x"], "surname": ["Vries, de"]})
    >>> compared(nodes_of(conform(table, PERSONS))).column("surname").to_pylist()
    ['vries']
    """
    known = {name: texts(nodes, name) for name in _NAMES}
    low, high = nodes.birth_min, nodes.birth_max
    columns: dict[str, Any] = {"unique_id": pa.array(np.arange(nodes.size)), **known}
    for name, unit, first in (("birth_year", "Y", 4), ("birth_month", "M", 6), ("birth", "D", 8)):
        same = low.astype("M8[D]").astype(f"M8[{unit}]") == high.astype("M8[D]").astype(f"M8[{unit}]")
        days = np.where(same & (low != NO_DAY), low, 0).astype("M8[D]").astype(str)
        digits = pc.utf8_slice_codeunits(pc.replace_substring(pa.array(days.astype(str)), "-", ""), 0, first)
        columns[name] = pc.if_else(pa.array(same & (low != NO_DAY)), digits, None)
    turned = part(nodes, "birth_swapped")
    columns["birth_swapped"] = pa.array(turned, mask=turned < 0)
    return pa.table(columns)


def texts(nodes: Nodes, name: str) -> pa.Array:
    """A column of particulars as text that is ready to compare."""
    column, how = HOW.get(name, (name, names.plain))
    return names.compared(nodes.table.column(column), how).cast(pa.string())


def _settings(model: dict[str, Any]) -> dict[str, Any]:
    """The model as Splink wants it."""
    return {
        "link_type": "dedupe_only",
        "unique_id_column_name": "unique_id",
        "probability_two_random_records_match": _FIRST_GUESS,
        "retain_matching_columns": False,
        "retain_intermediate_calculation_columns": True,  # what each comparison weighs
        "comparisons": [_comparison(told) for told in model["comparison"]],
        "blocking_rules_to_generate_predictions": [{"blocking_rule": _agree(on)} for on in model["compare"]],
    }


def _comparison(told: dict[str, Any]) -> dict[str, Any]:
    levels: list[dict[str, Any]] = [
        {"sql_condition": condition, "label_for_charts": label} for label, condition in told["levels"]
    ]
    if "frequent" in told:  # agreement on a rare name tells more
        levels[0]["tf_adjustment_column"] = told["frequent"]
    column = told["told"]
    none = {
        "sql_condition": f"{column}_l IS NULL OR {column}_r IS NULL",
        "label_for_charts": "not told",
        "is_null_level": True,
    }
    other = {"sql_condition": "ELSE", "label_for_charts": "other"}
    return {"output_column_name": told["name"], "comparison_levels": [none, *levels, other]}


def _agree(on: Sequence[str]) -> str:
    return " AND ".join(f"l.{name} = r.{name}" for name in on)


def _train(linker: "Linker", model: dict[str, Any]) -> None:
    """Learn how often each outcome comes by chance, how many pairs are one youth, and how these look."""
    training = linker.training
    certain: list[str | BlockingRuleCreator] = [_agree(on) for on in model["certain"]]
    training.estimate_probability_two_random_records_match(certain, recall=model["recall"])
    training.estimate_u_using_random_sampling(max_pairs=model["pairs"], seed=model["seed"])
    for on in model["learn"]:
        training.estimate_parameters_using_expectation_maximisation(_agree(on))


def _links(found: pa.Table, nodes: Nodes, model: dict[str, Any]) -> tuple[Links, Ints]:
    """The pairs that Splink found, with twins told apart and scores that one can compare."""
    a, b = (found.column(f"unique_id_{side}").to_numpy().astype(np.int64) for side in "lr")
    left, right = np.minimum(a, b), np.maximum(a, b)
    bits, twins = found.column("match_weight").to_numpy(), _twins(found)
    score = _odds(bits - model["twins"] * twins)
    kept = np.flatnonzero(score >= model["look"])
    by = np.zeros(kept.size, np.int64)
    told = part(nodes, "given_names") >= 0  # an initial alone holds nobody apart
    apart = twins & told[left] & told[right]
    return Links(left[kept], right[kept], score[kept], by, ["odds"]), np.stack([left[apart], right[apart]], 1)


def _odds(bits: np.ndarray) -> np.ndarray:
    """From 0 to 1. Threads add up in any order: what differs behind the sixth decimal is no difference."""
    return np.round(1 / (1 + np.exp2(-np.clip(bits, -50, 50))), 6)


def _twins(found: pa.Table) -> Bools:
    """Pairs that agree on birth, and on surname or postcode, while their given names speak against them."""
    if not {"mw_birth", "mw_given_names"} <= set(found.column_names):
        return np.zeros(len(found), bool)
    family = np.zeros(len(found), bool)
    for name in ("surname", "postcode"):
        if f"mw_{name}" in found.column_names:
            family |= found.column(f"mw_{name}").to_numpy() > 0
    alike, unlike = found.column("mw_birth").to_numpy() > 0, found.column("mw_given_names").to_numpy() < 0
    return alike & unlike & family
