"""What of a case may be seen: the levels, and what a page says at each."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, Literal, get_args

from levensloop.cohort import Timeline
from levensloop.errors import UserError
from levensloop.glossaries import Glossary, glossary_given
from levensloop.text import say

Level = Literal["room", "training", "publication"]
#: From the most that may be seen to the least.
LEVELS: Final[tuple[Level, ...]] = get_args(Level)
NAMES: Final = "names"
#: How a youth is called of whom not even the initial may be seen.
UNKNOWN_YOUTH: Final = "X"


@dataclass(frozen=True, slots=True)
class Disclosure:
    """What may be seen of a case.

    Parameters
    ----------
    level : {"room", "training", "publication"}
        ``room``: agencies by name, since they sit at the table; the youth as an initial, people as roles.
        ``training``: sectors in the place of agencies too. ``publication``: besides, every day moved by one secret
        number of whole weeks and shown as a year, and no free text.
    glossary : Glossary, optional
        Names, and what stands in their place in texts.
    secret : bytes, str or Path, optional
        From which follows by how much days are moved; as in `privacy.secret`. ``publication`` cannot do without.
    names : bool
        Show who it is about and who did what, as delivered. Every page says that it does.

    Raises
    ------
    UserError
        If these do not go together.

    Examples
    --------
    >>> Disclosure().level, Disclosure("training").shown, Disclosure(names=True).shown
    ('room', 'training', 'names')
    """

    level: str = "room"
    glossary: Glossary | None = None
    secret: bytes | str | Path | None = field(default=None, repr=False)
    names: bool = False

    def __post_init__(self) -> None:
        if self.level not in LEVELS:
            raise UserError(f"a case is shown as {', '.join(LEVELS)}. Hint: choose one of these levels.")
        glossary_given(self.glossary)
        if self.names and self.level != LEVELS[0]:
            raise UserError("names cannot be shown at a level that hides agencies. Hint: the level room.")
        if self.level == LEVELS[-1] and self.secret is None:
            raise UserError(
                "a publication needs a secret, from which it follows by how much days are moved. "
                "Hint: make one with: openssl rand -hex 32; give its file or env:NAME, and keep it."
            )

    @property
    def shown(self) -> str:
        """The word that the disclosed timeline bears: the level, or ``names``."""
        return NAMES if self.names else self.level


def level_told(shown: str, lang: str) -> str:
    """What the level means, in one sentence; nothing where nobody decided.

    Examples
    --------
    >>> level_told("", "en"), level_told("training", "en").partition(":")[0]
    ('', 'Training')
    """
    return say(f"level.{shown}", lang) if shown else ""


def footnote(shown: str) -> str:
    """The key of the sentence at the foot of a page: one youth is no group, and that keys are left out where they are.

    Examples
    --------
    >>> footnote("room"), footnote("names")
    ('case.note', 'reply.alone')
    """
    return "reply.alone" if shown == NAMES else "case.note"


def years_only(timeline: Timeline) -> bool:
    """Whether days are shown as years."""
    return timeline.shown == LEVELS[-1]


def initial(timeline: Timeline) -> str:
    """How the youth is called on a page.

    Examples
    --------
    >>> import levensloop as ll
    >>> initial(ll.testing.sketch("youth jorien; gp contact 2005")["jorien"])
    'J'
    """
    if timeline.shown == NAMES:
        return timeline.id
    return next((letter for letter in timeline.id if letter.isalnum()), UNKNOWN_YOUTH).upper()
