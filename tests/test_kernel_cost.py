"""What the kernels cost beside one sort of as many packed keys in the same process: ratios, for machines differ."""

import time

import numpy as np
import pytest

from levensloop.spans import Spans, days_within, first_reaching, how_many, pack, subtract, union

SIZE = 300_000
#: At most so many times one sort: three times what was measured, for a busy machine must not fail.
MOST = {"union": 8, "subtract": 5, "days_within": 40, "first_reaching": 9, "how_many": 40}


@pytest.fixture(scope="module")
def spans():
    rng = np.random.default_rng(2009)
    group = rng.integers(0, SIZE // 10, SIZE)
    start = rng.integers(0, 6000, SIZE)
    return Spans(group, start, start + rng.integers(1, 300, SIZE))


def sorting(spans):
    """Seconds of one sort, the best of five."""
    keys = pack(spans.group, spans.start)
    return min(_seconds(np.sort, keys) for _ in range(5))


def _seconds(work, *given):
    start = time.perf_counter()
    work(*given)
    return time.perf_counter() - start


@pytest.fixture(scope="module")
def works(spans):
    cover = union(*spans)
    order = np.lexsort((spans.start, spans.group))
    sorted_ = Spans(*(column[order] for column in spans))
    groups = np.arange(SIZE // 10)
    return {
        "union": (union, spans),
        "subtract": (subtract, (groups, np.zeros_like(groups), np.full_like(groups, 7000), cover)),
        "days_within": (days_within, (cover, *spans)),
        "first_reaching": (first_reaching, (sorted_.group, sorted_.end, spans.group, spans.start)),
        "how_many": (how_many, (*spans, spans)),
    }


@pytest.mark.parametrize("name", MOST)
@pytest.mark.benchmark(min_rounds=3, max_time=0.3, disable_gc=True)
def test_a_kernel_costs_a_few_sorts(benchmark, spans, works, name):
    if benchmark.disabled:
        pytest.skip("beside other tests nothing can be timed: `make test` runs this one apart")
    work, given = works[name]
    before = sorting(spans)
    benchmark(work, *given)
    # The best round: what else the machine does makes a round slower and never faster.
    assert benchmark.stats.stats.min <= MOST[name] * max(before, sorting(spans))
