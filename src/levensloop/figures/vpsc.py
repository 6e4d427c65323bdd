"""Variable placement with separation constraints, solved exactly.

Minimise the weighted sum of squared displacements subject to ``right - left >= gap``. The
method is the incremental one of Dwyer, Marriott and Stuckey (2006): blocks of variables that
touch move as one, merge where they collide and split where a multiplier says that they pull
apart. No iteration of forces, no chance: the same input gives the same places.
"""

from collections.abc import Sequence

_SLACK = 1e-7
_PULL = 1e-5


class InfeasibleError(ValueError):
    """The constraints exclude one another."""


class _Variable:
    __slots__ = ("block", "desired", "inward", "offset", "outward", "weight")

    def __init__(self, desired: float, weight: float) -> None:
        self.desired = desired
        self.weight = weight
        self.offset = 0.0
        self.inward: list[_Constraint] = []
        self.outward: list[_Constraint] = []
        self.block = _Block([self])

    @property
    def place(self) -> float:
        return self.block.place + self.offset


class _Constraint:
    __slots__ = ("active", "gap", "left", "pull", "right")

    def __init__(self, left: _Variable, right: _Variable, gap: float) -> None:
        self.left = left
        self.right = right
        self.gap = gap
        self.active = False
        self.pull = 0.0
        left.outward.append(self)
        right.inward.append(self)

    @property
    def slack(self) -> float:
        left, right = self.left, self.right
        return right.block.place + right.offset - self.gap - left.block.place - left.offset


class _Block:
    __slots__ = ("members", "place")

    def __init__(self, members: list[_Variable]) -> None:
        self.members = members
        self.place = 0.0
        for member in members:
            member.block = self
        self.settle()

    def settle(self) -> None:
        weight = sum(member.weight for member in self.members)
        self.place = sum(m.weight * (m.desired - m.offset) for m in self.members) / weight


def _neighbours(variable: _Variable) -> list[tuple[_Constraint, _Variable]]:
    forward = [(c, c.right) for c in variable.outward if c.active]
    return forward + [(c, c.left) for c in variable.inward if c.active]


def _tree(root: _Variable) -> list[tuple[_Variable, _Constraint | None, _Variable | None]]:
    """The members of a block from `root`, each after the one that leads to it."""
    order: list[tuple[_Variable, _Constraint | None, _Variable | None]] = [(root, None, None)]
    for variable, by, _ in order:
        order.extend((other, c, variable) for c, other in _neighbours(variable) if c is not by)
    return order


def _multipliers(root: _Variable) -> list[_Constraint]:
    """Set `pull` of every active constraint of the block; returns those constraints."""
    tree = _tree(root)
    total = {id(v): 2 * v.weight * (v.place - v.desired) for v, _, _ in tree}
    active: list[_Constraint] = []
    for variable, by, parent in reversed(tree):
        if by is None or parent is None:
            continue
        below = total[id(variable)]
        by.pull = below if variable is by.right else -below
        total[id(parent)] += below
        active.append(by)
    return active


def _path(start: _Variable, end: _Variable) -> list[tuple[_Constraint, bool]]:
    """The active constraints from `start` to `end`; True where one leads rightwards."""
    came = {id(v): (by, parent, v) for v, by, parent in _tree(start)}
    steps: list[tuple[_Constraint, bool]] = []
    at: _Variable | None = end
    while at is not None and id(at) in came:
        by, parent, here = came[id(at)]
        if by is not None:
            steps.append((by, by.right is here))
        at = parent
    return steps[::-1]


class _Problem:
    def __init__(self, variables: list[_Variable], constraints: list[_Constraint]) -> None:
        self.variables = variables
        self.constraints = constraints

    def cut(self, constraint: _Constraint) -> None:
        constraint.active = False
        for root in (constraint.left, constraint.right):
            members: list[_Variable] = []
            for variable, by, parent in _tree(root):
                if by is None or parent is None:
                    variable.offset = 0.0
                else:
                    step = by.gap if variable is by.right else -by.gap
                    variable.offset = parent.offset + step
                members.append(variable)
            _Block(members)

    def merge(self, constraint: _Constraint) -> None:
        left, right = constraint.left, constraint.right
        shift = left.offset + constraint.gap - right.offset
        keep, add = left.block, right.block
        for member in add.members:
            member.offset += shift
            member.block = keep
        keep.members.extend(add.members)
        keep.settle()
        constraint.active = True

    def blocks(self) -> list[_Block]:
        return list({id(v.block): v.block for v in self.variables}.values())

    def split(self) -> bool:
        """Part every block whose worst active constraint pulls; True if one did."""
        parted = False
        for block in self.blocks():
            active = _multipliers(block.members[0])
            worst = min(active, key=lambda c: c.pull, default=None)
            if worst is not None and worst.pull < -_PULL:
                self.cut(worst)
                parted = True
        return parted

    def satisfy(self) -> None:
        """Pass over the constraints until none is violated, merging the blocks of those that are."""
        for _ in range(50 * len(self.constraints) + 50):
            violated = False
            for constraint in self.constraints:
                if constraint.active or constraint.slack >= -_SLACK:
                    continue
                violated = True
                if constraint.left.block is constraint.right.block:
                    self.make_room(constraint)
                if constraint.slack < 0 and constraint.left.block is not constraint.right.block:
                    self.merge(constraint)
            if not violated:
                return
        raise InfeasibleError("the constraints could not be satisfied")

    def make_room(self, constraint: _Constraint) -> None:
        _multipliers(constraint.left)
        steps = _path(constraint.left, constraint.right)
        forward = [c for c, rightwards in steps if rightwards]
        if not forward:
            raise InfeasibleError("the constraints form a ring")
        self.cut(min(forward, key=lambda c: c.pull))


def solve(
    desired: Sequence[float], weights: Sequence[float], constraints: Sequence[tuple[int, int, float]]
) -> list[float]:
    """Places nearest to `desired` that keep every separation.

    Parameters
    ----------
    desired, weights : sequence of float
        One per variable; a wall is a variable with a great weight.
    constraints : sequence of (left, right, gap)
        ``place[right] - place[left] >= gap``.

    Returns
    -------
    list of float

    Raises
    ------
    InfeasibleError
        If no places keep all of them.

    Examples
    --------
    >>> solve([0.0, 0.0], [1.0, 1.0], [(0, 1, 10.0)])
    [-5.0, 5.0]
    """
    variables = [_Variable(d, w) for d, w in zip(desired, weights, strict=True)]
    made = [_Constraint(variables[a], variables[b], gap) for a, b, gap in constraints]
    problem = _Problem(variables, made)
    problem.satisfy()
    for _ in range(100):
        if not problem.split():
            break
        problem.satisfy()
    return [variable.place for variable in variables]
