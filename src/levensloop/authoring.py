"""Detectors of one's own in plain Python: a function of a timeline that yields findings."""

import inspect
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from importlib import import_module
from typing import Any, Concatenate, Generic, ParamSpec, overload

from levensloop.cohort import Cohort, Timeline
from levensloop.errors import UserError
from levensloop.finding import Finding
from levensloop.findings import Example, Findings
from levensloop.needs import Need

P = ParamSpec("P")


@dataclass(frozen=True)
class FunctionDetector(Generic[P]):
    """A detector made of a function; called with other parameters it gives a detector with those.

    Parameters
    ----------
    function : callable
        Of a timeline and of parameters with defaults; yields `Finding`.
    name : str
        As it stands in the findings.
    params : mapping
        The values of the parameters.
    EXAMPLES, NEEDS : tuple
        What it must find, and what it must have to look.
    """

    function: Callable[Concatenate[Timeline, P], Iterator[Finding]]
    name: str
    params: Mapping[str, Any] = field(default_factory=dict[str, Any])
    EXAMPLES: tuple[Example, ...] = ()
    NEEDS: tuple[Need, ...] = ()

    @property
    def __doc__(self) -> str | None:  # pyright: ignore[reportIncompatibleVariableOverride]
        return self.function.__doc__

    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> "FunctionDetector[P]":
        """The detector with other parameters.

        Raises
        ------
        UserError
            If the function has no such parameter.
        """
        signature = _parameters(self.function)
        try:
            given = signature.bind_partial(*args, **kwargs).arguments
        except TypeError as wrong:
            known = ", ".join(signature.parameters) or "none"
            raise UserError(f"{self.name}: {wrong}. Hint: its parameters are {known}.") from wrong
        return replace(self, params={**self.params, **given})

    def detect(self, cohort: Cohort) -> Findings:
        """What the function finds in a cohort, youth by youth."""
        return Findings.of_findings(
            replace(found, youth=youth)
            for youth in cohort
            for found in self.detect_one(cohort.timeline(youth))
        )

    def detect_one(self, timeline: Timeline) -> Iterator[Finding]:
        """What the function finds in one timeline."""
        call: Callable[..., Iterator[Finding]] = self.function
        return call(timeline, **self.params)

    def __reduce__(self) -> tuple[Any, ...]:
        return _by_name, (self.function.__module__, self.function.__qualname__, dict(self.params))


@overload
def detector(function: Callable[Concatenate[Timeline, P], Iterator[Finding]], /) -> FunctionDetector[P]: ...


@overload
def detector(
    *, name: str = "", examples: tuple[Example, ...] = (), needs: tuple[Need, ...] = ()
) -> Callable[[Callable[Concatenate[Timeline, P], Iterator[Finding]]], FunctionDetector[P]]: ...


def detector(
    function: Callable[Concatenate[Timeline, P], Iterator[Finding]] | None = None,
    /,
    *,
    name: str = "",
    examples: tuple[Example, ...] = (),
    needs: tuple[Need, ...] = (),
) -> FunctionDetector[P] | Callable[..., FunctionDetector[P]]:
    """Make a detector of a function of a timeline.

    Parameters
    ----------
    function : callable
        Takes a `Timeline`, and parameters with defaults if it likes; yields `Finding`.
    name : str
        As it stands in the findings; the name of the function if none is given.
    examples : tuple of Example
        What it must and must not find: its documentation and its first tests.
    needs : tuple of Need
        What must be there to look at a youth.

    Returns
    -------
    FunctionDetector
        To be given to `detect`; called with parameters, it gives the detector with those.

    Examples
    --------
    >>> import levensloop as ll
    >>> @ll.detector
    ... def long_care(timeline, days=365):
    ...     for care in timeline.care():
    ...         if care.days_max >= days:
    ...             yield ll.Finding(start=care.start_min, end=care.end_max, agency=care.agency,
    ...                              certain=care.days_min >= days, evidence=[care])
    >>> youth = ll.testing.sketch("ggz care 2004-01-01..2005-06-30 goal_reached")
    >>> [(finding.detector, finding.days_max) for finding in ll.detect(youth, long_care)]
    [('long_care', 547)]
    >>> len(ll.detect(youth, long_care(days=600)))
    0
    """

    def made(
        function: Callable[Concatenate[Timeline, P], Iterator[Finding]],
    ) -> FunctionDetector[P]:
        parameters = _parameters(function).parameters.values()
        if missing := [one.name for one in parameters if one.default is inspect.Parameter.empty]:
            raise UserError(f"{function.__name__}: give {', '.join(missing)} a default value")
        defaults = {one.name: one.default for one in parameters}
        return FunctionDetector(function, name or function.__name__, defaults, tuple(examples), tuple(needs))

    return made if function is None else made(function)


def _parameters(function: Callable[..., object]) -> inspect.Signature:
    """The parameters besides the timeline."""
    signature = inspect.signature(function)
    return signature.replace(parameters=list(signature.parameters.values())[1:])


def _by_name(module: str, name: str, params: dict[str, Any]) -> FunctionDetector[Any]:
    """A detector as its module holds it, with other parameters: how it comes out of a pickle."""
    found: Any = import_module(module)
    for part in name.split("."):
        found = getattr(found, part)
    return replace(found, params=params)
