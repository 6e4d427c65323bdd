"""Lives on which each detector is compared in every world, whatever else is drawn.

Of each detector: each outcome on days that are all known, one that holds in every world and one that only some worlds hold.
"""

YEARS = "window 2003-01-01..2005-12-31\n"
BORN = "birth 1986-05-01; window 2003-01-01..2004-01-31\n"
CARE = YEARS + "ggz care 2004-01-01..2004-06-30; bjz care 2004-03-01..2004-09-30"
LIVES = {
    "SchoolBreaks": (
        YEARS + "birth 1995-05-01\neik school 2003-01-10..2003-10-31 education\nlinde school 2003-11-01.. education",
        YEARS + "birth 1990-05-01\neik school 2003-01-10..2003-06-30 education\nlinde school 2003-08-15.. education",
        YEARS + "birth 1990-05-01\neik school 2003-01-10..2003-06-28/2003-06-30 education\nlinde school 2003-08-15.. education",
        YEARS + "birth 1990-05-01\neik school 2003-01-10..2003-06-30 education\n"
        "linde school 2003-07-19/2003-07-22.. education",
        YEARS + "birth 1987-05-01\neik school 2003-01-10..2004-06-30 education client_left\neik dropout 2004-06-30 education",
        YEARS + "birth 1990-05-01\neik school 2003-01-10.. education; eik absence 2003-03-03..2003-03-21 education",
    ),
    "UpcomingLimit": (
        BORN + "bjz care 2003-06-01..",
        BORN + "bjz care 2003-06-01..; bjz referral 2003-12-01 > ggz",
        BORN + "bjz care 2003-06-01/2003-06-04..; bjz referral 2003-12-01/2003-12-03 > ggz",
        BORN + "bjz care 2003-06-01..2004-04-29/2004-05-02",
        BORN + "bjz care 2003-06-01..; bjz referral 2003-01-30/2003-02-02 > ggz",
    ),
    "WentWell": (
        YEARS + "school signal 2004-01-10; ggz assessment 2004-02-01",
        YEARS + "school signal 2004-01-10; ggz assessment 2004-02-01/2004-02-03",
        YEARS + "school signal 2004-01-10; ggz assessment 2004-02-07/2004-02-11",
        YEARS + "ggz care 2004-01-01..2004-12-31; ggz evaluation 2004-06-01",
        YEARS + "birth 1986-05-01\nbjz care 2003-01-01..2004-04-30\nwmo care 2004-03-01..2005-06-30 sector=municipality",
    ),
    "UnsharedInformation": (
        YEARS + "ggz diagnosis 2003-05-01; ggz assessment 2003-03-01; bjz care 2004-01-01..\ngp contact 2004-06-03 shared_with=school",
        YEARS + "ggz diagnosis 2003-05-01; bjz care 2004-01-01..; ggz transfer 2004-06-03 > bjz",
        YEARS + "ggz diagnosis 2003-05-01/2003-05-03; bjz care 2004-01-01..; ggz transfer 2004-06-03 > bjz",
        YEARS + "ggz diagnosis 2003-05-01; bjz care 2004-01-01..; bjz consultation 2003-12-31/2004-01-02 > ggz",
    ),
    "ParallelCare": (
        CARE,
        YEARS + "ggz care 2004-01-01..2004-06-28/2004-06-30; bjz care 2004-03-01..2004-09-30",
        YEARS + "ggz care 2004-01-01..2004-03-05/2004-03-09; bjz care 2004-03-01..2004-09-30",
    ),
    "NoCoordinator": (
        CARE,
        YEARS + "ggz care 2004-01-01..2004-06-28/2004-06-30; bjz care 2004-03-01..2004-09-30",
        YEARS + "ggz care 2004-01-01..2004-03-03/2004-03-07; bjz care 2004-03-01..2004-09-30",
        CARE + "\nmunicipality coordination 2004-03-04/2004-03-08..2004-12-31",
    ),
    "NoEvaluation": (
        YEARS + "ggz care 2004-01-01..2004-03-31 goal_reached; ggz evaluation 2004-01-05",
        YEARS + "ggz care 2004-01-01..2004-03-29/2004-03-31 goal_reached; ggz evaluation 2004-01-05",
        YEARS + "ggz care 2004-01-01..2004-02-03/2004-02-08 goal_reached; ggz evaluation 2004-01-05",
    ),
    "ReEntry": (
        YEARS + "bjz care 2004-01-01..2004-03-31 goal_reached; bjz care 2004-05-01..2004-07-31",
        # twice over on one day: one return
        YEARS + "bjz care 2004-01-01..2004-03-31 goal_reached; bjz care 2004-02-01..2004-03-31 as_planned\n"
        "bjz care 2004-05-01..2004-07-31",
        YEARS + "bjz care 2004-01-01..2004-03-31 goal_reached; bjz care 2004-02-01..2004-03-29/2004-04-01 as_planned\n"
        "bjz care 2004-05-01..2004-07-31",
        YEARS + "bjz care 2004-01-01..2004-03-31 goal_reached; bjz care 2004-05-01/2004-05-03..2004-07-31",
        YEARS + "bjz care 2004-01-01..2004-03-31 goal_reached; bjz care 2004-05-28/2004-06-01..2004-07-31",
    ),
    "LateResponse": (
        YEARS + "school signal 2004-01-10; ggz assessment 2004-03-10",
        YEARS + "school signal 2004-01-10; ggz contact 2004-03-10",
        YEARS + "school signal 2004-01-10/2004-01-12; ggz assessment 2004-03-10",
        YEARS + "school signal 2004-01-10; ggz assessment 2004-01-28/2004-02-01",
    ),
    "by sector": (
        YEARS + "school signal 2004-01-10 > ggz; ggz assessment 2004-03-10",
        YEARS + "school signal 2004-01-10 > ggz; bjz assessment 2004-03-10",
        YEARS + "school signal 2004-01-10/2004-01-12 > ggz; ggz assessment 2004-03-10",
        YEARS + "school signal 2004-01-10 > ggz; ggz assessment 2004-01-28/2004-02-01",
    ),
    "JointKnowledge": (
        YEARS + "school signal 2004-01-10; gp signal 2004-01-20; bjz care 2004-06-01..2004-12-31",
        YEARS + "school signal 2004-01-10; gp signal 2004-01-20",
        YEARS + "school signal 2004-01-10; gp signal 2004-01-20/2004-01-22; bjz care 2004-06-01..2004-12-31",
        YEARS + "school signal 2004-01-10; gp signal 2004-02-08/2004-02-12; bjz care 2004-06-01..2004-12-31",
    ),
    "Initiative": (
        YEARS + "family consultation 2004-01-10 initiative=parents; bjz consultation 2004-06-15 initiative=agency",
        YEARS + "bjz consultation 2004-06-15 initiative=agency",
        YEARS + "family consultation 2004-01-10/2004-01-12 initiative=parents",
    ),
}  # fmt: skip
#: Handovers and waits that went well, for certain and perhaps.
PASSED_ON = (
    YEARS + "bjz care 2003-01-01..2003-06-03 transferred; ggz care 2003-06-04..2003-12-31",
    YEARS + "bjz care 2003-01-01..2003-06-03 transferred; ggz care 2003-06-03/2003-06-06..2003-12-31",
    YEARS + "gp referral 2003-06-02 > bjz; bjz care 2003-06-05..2003-12-31",
    YEARS + "gp referral 2003-06-02 > bjz; bjz care 2003-06-05/2003-06-20..2003-12-31",
)
