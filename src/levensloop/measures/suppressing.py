"""Small counts are not shown: the one place that decides it."""

from levensloop.spans import Bools, Ints

#: A count below this could be one who is recognised.
LEAST = 5


def small(part: Ints, whole: Ints, least: int = LEAST) -> Bools:
    """Which counts are too small to be shown: of so few people, or of all but so few.

    Parameters
    ----------
    part, whole : numpy.ndarray of int
        How many people, out of how many.
    least : int
        The least count that is shown; 0 shows all.

    Examples
    --------
    >>> import numpy as np
    >>> small(np.array([0, 3, 20, 48, 50]), np.full(5, 50)).tolist()
    [False, True, False, True, False]
    """
    rest = whole - part
    return ((part > 0) & (part < least)) | ((rest > 0) & (rest < least))
