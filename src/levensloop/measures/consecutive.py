"""How the episodes of each youth follow upon each other."""

from typing import Final

import numpy as np
import pyarrow as pa

from levensloop.cohort import Cohort
from levensloop.schema import ROLES
from levensloop.tables import Table

RELATIONS: Final = ("gap", "touch", "overlap", "unsure")


def consecutive(cohort: Cohort, role: str = "care") -> Table:
    """Count gaps and overlaps between each episode and the next of the same youth.

    Parameters
    ----------
    cohort : Cohort
    role : str
        The role of the episodes that are looked at.

    Returns
    -------
    Table
        Four rows: `relation` (``gap``: days between; ``touch``: none between and none shared;
        ``overlap``: days shared; ``unsure``: the dates allow more than one of these), the number of
        `pairs`, and their `days` between or shared (0 for the other two).

    Notes
    -----
    Episodes stand in order of their start; an open one lasts to the end of its source's window.

    Examples
    --------
    >>> import levensloop as ll
    >>> youth = ll.testing.sketch("ggz care 2005-01-01..2005-01-31; ggz care 2005-02-03..2005-02-28")
    >>> consecutive(youth).to_arrow().to_pylist()[0]
    {'relation': 'gap', 'pairs': 1, 'days': 2}
    """
    episodes = cohort.view.episodes
    rows = np.flatnonzero(episodes.role == ROLES.index(role))
    youth = episodes.youth[rows]
    one, two = rows[:-1][youth[:-1] == youth[1:]], rows[1:][youth[:-1] == youth[1:]]
    end = np.where(episodes.open[one], episodes.end_min[one], episodes.end_max[one])
    least = episodes.start_min[two] - end
    most = episodes.start_max[two] - episodes.end_min[one]
    relation = np.select([least > 0, (least == 0) & (most == 0), most < 0], [0, 1, 2], 3)
    shared = (
        np.minimum(end, np.maximum(episodes.end_min[two], episodes.start_min[two])) - episodes.start_min[two]
    )
    days = np.select([relation == 0, relation == RELATIONS.index("overlap")], [least, shared], 0)
    return Table(
        pa.table(
            {
                "relation": list(RELATIONS),
                "pairs": [int((relation == at).sum()) for at in range(len(RELATIONS))],
                "days": [int(days[relation == at].sum()) for at in range(len(RELATIONS))],
            }
        )
    )
