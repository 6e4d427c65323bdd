"""Which pairs of agencies a consultation is between, whoever the youth is."""

import pytest

import levensloop as ll
from levensloop.testing import sketch

LIFE = "ggz care 2005-01-01..2005-12-31; bjz care 2005-01-01..2005-12-31; cjg care 2005-01-01..2005-12-31"


@pytest.mark.parametrize(
    ("row", "apart"),
    [
        ("ggz consultation 2005-07-01 > bjz", {("bjz", "cjg"), ("cjg", "ggz")}),
        ("bjz consultation 2005-07-01 shared_with=ggz", {("bjz", "cjg"), ("cjg", "ggz")}),
        ("municipality consultation 2005-07-01 shared_with=bjz|cjg", {("bjz", "ggz"), ("cjg", "ggz")}),
        ("ggz consultation 2005-07-01 > bjz shared_with=cjg", set()),
        ("ggz consultation 2005-07-01", {("bjz", "cjg")}),
        ("municipality consultation 2005-07-01 > bjz", {("bjz", "cjg"), ("bjz", "ggz"), ("cjg", "ggz")}),
    ],
)
def test_every_youth_of_many(row, apart):
    """200 days side by side: those who consulted in July are less long without a word."""
    cohort = sketch("window 2000-01-01..2010-12-31\n" + "".join(f"youth {y}\n{LIFE}; {row}\n" for y in "abc"))
    found = ll.ParallelCare(min_days=200).detect(cohort).to_arrow().to_pylist()
    for youth in "abc":
        assert {(one["agency"], one["to_agency"]) for one in found if one["youth"] == youth} == apart


def test_a_share_counts_for_the_second_youth_too():
    life = "ggz diagnosis 2004-05-01; bjz consultation 2004-06-01 > ggz; bjz care 2005-01-01..2005-12-31"
    cohort = sketch(f"window 2000-01-01..2010-12-31\nyouth a\n{life}\nyouth b\n{life}")
    assert len(ll.UnsharedInformation().detect(cohort)) == 0
