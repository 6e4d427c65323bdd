"""The habits of the agencies of the made-up municipality: who sends which file, and how it looks."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from importlib.resources import files as package_files
from pathlib import Path
from typing import Any, Final

from levensloop.testing.files import Row, write_jsonl, write_parquet, write_text, write_xlsx
from levensloop.testing.life import (
    BRUG,
    GEMEENTE,
    GGZ,
    HUISARTS,
    JEUGDZORG,
    JGZ,
    RMC,
    TEAM,
    UWV,
    VEILIG,
    WERKGEVER,
    WONEN,
)

_GGZ_KINDS: Final = {
    "care": "BEH", "care_start": "IN", "care_end": "UIT", "waitlist": "WL", "refusal": "AFW", "transfer": "OVD",
    "referral": "VRW",
}  # fmt: skip
_IJW: Final = {"as_planned": "31", "goal_reached": "31g", "agreed": "34"}
_WHAT: Final = {
    "contact": "gesprek", "signal": "zorgsignaal", "report": "melding", "dropout": "uitval", "death": "overleden",
}  # fmt: skip
_LEAVES: Final = {"as_planned": "Diploma of overstap", "client_left": "Voortijdig weg", "died": "Overleden"}
_REASONS: Final = {
    "goal_reached": "Doel bereikt", "as_planned": "Volgens plan", "agreed": "In overleg", "died": "Overleden",
    "client_left": "Cliënt gestopt", "provider_ended": "Gestopt door instelling", "no_show": "Niet verschenen",
    "transferred": "Overgedragen", "too_old": "Te oud", "too_young": "Te jong", "no_place": "Geen plaats",
    "missing_prerequisite": "Voorwaarde ontbreekt",
}  # fmt: skip


@dataclass(frozen=True)
class Habit:
    """One file of the delivery.

    Parameters
    ----------
    file : str
        Its name; a layout of the same stem stands beside it, if one is packaged.
    agencies : tuple of str
        Whose rows it holds.
    shape : callable
        From a told row to the cells of the file.
    write : callable
        From a path and the rows to the file.
    window : tuple of str
        First and last day that it tells about.
    more : str
        Further lines of its entry in delivery.toml.
    """

    file: str
    agencies: tuple[str, ...]
    shape: Callable[[dict[str, Any]], Row]
    write: Callable[[Path, Sequence[Row]], None]
    window: tuple[str, str] = ("1995-01-01", "2024-12-31")
    more: str = ""

    @property
    def stem(self) -> str:
        """The file's name without its ending."""
        return self.file.rpartition(".")[0]

    @property
    def layout(self) -> str:
        """The text of its layout; empty if it keeps to the default columns."""
        path = package_files("levensloop.testing") / "layouts" / f"{self.stem}.toml"
        return path.read_text("utf-8") if path.is_file() else ""


def last_day(row: dict[str, Any], style: str = "%Y-%m-%d") -> str:
    """The last day of a row as its file writes it; empty if it has none."""
    end = row["end"]
    return (end - timedelta(1)).strftime(style) if isinstance(end, date) else end or ""


def _day(value: Any, style: str = "%Y-%m-%d") -> str:  # noqa: ANN401 - a day, a text or nothing
    return value.strftime(style) if isinstance(value, date) else value or ""


def _brp(row: dict[str, Any]) -> Row:
    return {"nummer": row["person"], "geboren": row["born"], "geslacht": row["sex"], "wijk": row["district"]}


def _school(row: dict[str, Any]) -> Row:
    reason = _LEAVES.get(row["reason"])
    level = row["care_type"]
    return {"leerling": row["person"], "school": row["agency"], "soort": level, "van": row["start"],
            "tot": last_day(row) or None, "vertrek": reason}  # fmt: skip


def _work(row: dict[str, Any]) -> Row:
    return {"person": row["person"], "agency": row["agency"], "sector": "work_income", "kind": row["kind"],
            "start": _day(row["start"]), "end": last_day(row)}  # fmt: skip


def _jeugdzorg(row: dict[str, Any]) -> Row:
    day = partial(_day, style="%d-%m-%Y")
    kind, start = row["kind"], day(row["start"])
    return {
        "Cliëntnr": row["person"],
        "Aanmelding": day(row.get("registered")),
        "Intake": day(row.get("intake")),
        "Vorm": "Pleegzorg" if row.get("care_type") else "",
        "Start zorg": start if kind == "care" else "",
        "Einde zorg": last_day(row, "%d-%m-%Y"),
        "Reden einde": _REASONS.get(row.get("reason", ""), row.get("reason", "")),
        "Afgewezen": start if kind == "refusal" else "",
        "Verwezen": start if kind == "referral" else "",
        "Overgedragen": start if kind == "transfer" else "",
        "Naar": row.get("to_agency", ""),
    }


def _brug(row: dict[str, Any]) -> Row:
    return {"kind": row["person"], "van": _day(row["start"], "%d/%m/%Y"), "tot": last_day(row, "%d/%m/%Y"),
            "afsluiting": _REASONS.get(row["reason"], "")}  # fmt: skip


def _ggz(row: dict[str, Any]) -> Row:
    end = row["end"]
    return {
        "Clientnr": row["person"],
        "Soort": _GGZ_KINDS.get(row["kind"], row["kind"]),
        "Begin": row["start"],
        "Eind": end - timedelta(1) if isinstance(end, date) else end,
        "Reden": _REASONS.get(row.get("reason", ""), ""),
        "Naar": row.get("to_agency"),
        "Voor": "moeder" if row.get("about") == "mother" else "",
    }


def _team(row: dict[str, Any]) -> Row:
    # This file alone names the first day after as the end.
    return {"burger": row["person"], "aanbieder": "JZ" if row["agency"] == JEUGDZORG else row["agency"],
            "ingang": _day(row["start"], "%Y%m%d"), "einde": _day(row["end"], "%Y%m%d"),
            "reden": _IJW.get(row["reason"], "")}  # fmt: skip


def _huisarts(row: dict[str, Any]) -> Row:
    return {"patient": row["person"], "datum": _day(row["start"]), "verwezen_naar": row["to_agency"]}


def _gemeente(row: dict[str, Any]) -> Row:
    return {"Inwoner": row["person"], "Dienst": row["agency"], "Wat": _WHAT.get(row["kind"], row["kind"]),
            "Wanneer": _day(row["start"]), "Aan": row.get("to_agency", ""), "Vraagstuk": row.get("problem", "")}  # fmt: skip


def _wonen(row: dict[str, Any]) -> Row:
    return {
        "naam": row["person"],
        "besluit op": _day(row["start"], "%d.%m.%Y"),
        "waarom": _REASONS[row["reason"]],
    }


def _jgz(row: dict[str, Any]) -> Row:
    return {"person": row["person"], "agency": JGZ, "sector": "health", "kind": row["kind"], "start": row["start"],
            "care_type": "child_health"}  # fmt: skip


SCHOOLS: Final = ("De Linde", "De Wilg", "De Eik", "Het Noorden", "Het Zuiden", "Vakschool")
BRP: Final = Habit("brp.csv", (), _brp, write_text)
HABITS: Final = (
    Habit("onderwijs.parquet", SCHOOLS, _school, write_parquet),
    Habit("werk.csv", (WERKGEVER, UWV), _work, write_text),
    Habit("jeugdzorg.csv", (JEUGDZORG,), _jeugdzorg, partial(write_text, delimiter=";", encoding="cp1252")),
    Habit("brug.txt", (BRUG,), _brug, partial(write_text, delimiter="|"), ("1995-01-01", "2014-12-31")),
    Habit("ggz.xlsx", (GGZ,), _ggz, partial(write_xlsx, sheet="Contacten")),
    Habit("jeugdteam.csv", (TEAM,), _team, write_text, ("2015-01-01", "2024-12-31")),
    Habit("huisarts.jsonl", (HUISARTS,), _huisarts, write_jsonl),
    Habit("gemeente.csv", (RMC, VEILIG, GEMEENTE), _gemeente, partial(write_text, delimiter=";")),
    Habit("wonen.tsv", (WONEN,), _wonen, partial(write_text, delimiter="\t")),
    Habit("jgz.csv", (JGZ,), _jgz, write_text, more="ages = [0, 19]\n"),
)
