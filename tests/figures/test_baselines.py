"""A few pages, compared with the pictures in `baseline`: matplotlib, and so its DejaVu Sans, is pinned.

After a change that is meant to change them, look at the new pictures and keep them:
``pytest tests/figures/test_baselines.py --mpl-generate-path=tests/figures/baseline``.
"""

import pytest

from figures import drawing, samples

DEJAVU = ("DejaVu Sans",)
_like = pytest.mark.mpl_image_compare(
    baseline_dir="baseline", tolerance=4, style="default", savefig_kwargs={"metadata": {"Software": None}}
)


def page(sample, at, **choices):
    return drawing.pages(*sample, fonts=DEJAVU, size="a4", **choices)[at]


@_like
def test_a_life_with_findings():
    return page((samples.jorien(), samples.jorien_findings()), 0)


@_like
def test_facts_only():
    return page((samples.jorien(), samples.jorien_findings()), 2, view="facts", lang="en")


@_like
def test_a_full_page():
    return page(samples.made(60, seed=7), 0, pages="whole")


@_like
def test_the_table_of_the_rest():
    return page(samples.made(60, seed=7), 1, pages="whole")
