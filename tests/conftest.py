"""What all tests share."""

import sys
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.internal.conjecture import providers

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "tests"))
# Hypothesis also draws numbers and words that stand in the sources of whatever modules are loaded: then a change of any
# line, or another order of the tests, gives other examples, and the same ones every run are promised here.
no_constants = providers.Constants()
providers._get_local_constants = lambda: no_constants
# Machines are noisy: no deadline. The same examples every run: a red run can be repeated.
settings.register_profile(
    "levensloop",
    deadline=None,
    derandomize=True,
    max_examples=60,
    suppress_health_check=[HealthCheck.too_slow],
)
# A mutant is killed by the first example that fails; which is the smallest, nobody asks.
settings.register_profile(
    "mutation", settings.get_profile("levensloop"), phases=[Phase.explicit, Phase.generate]
)
settings.load_profile("levensloop")


@pytest.fixture(scope="session")
def shared():
    """The material beside the project; a test that needs it is left out where it is absent."""
    folder = ROOT.parent / "shared"
    if not folder.is_dir():
        pytest.skip("the folder ../shared is not here")
    return folder


@pytest.fixture
def two():
    """A cohort of two youths."""
    from helpers import TWO, cohort, events

    return cohort(events(TWO))
