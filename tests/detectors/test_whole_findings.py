"""Findings of small lives, told whole: every column, and what they rest on."""

import pytest

import levensloop as ll
from levensloop.rulebooks import Rulebook
from levensloop.testing import sketch

SEEN = "window 2000-01-01..2006-12-31\n"


def told(row):
    """A finding in one line: outcome, certainty, days, how many, whose, by which rule, measures | evidence."""
    who = f"{row['agency'] or '-'} > {row['to_agency'] or '-'}"
    days = f"{row['start']}..{row['end']} {row['days_min']}..{row['days_max']}{' ongoing' * row['ongoing']}"
    rule = (row["rule"], row["over_norm"], row["norm_days"])
    more = [
        *(str(one) for one in rule if one is not None),
        *(f"{name}={one}" for name, one in row["measures"]),
    ]
    words = (row["outcome"], row["certainty"], days, f"({who})", row["sector"] or "-", *more)
    return f"{' '.join(words)} | {' '.join(row['evidence'])}"


def found(text, detector):
    return [
        told(row) for row in ll.detect(sketch(SEEN + text), detector, errors="raise").to_arrow().to_pylist()
    ]


LIVES = [
    (
        "the lead of a family is none, and a fourth agency for a month counts as the most",
        ll.NoCoordinator(),
        (
            "ggz care 2004-01-01..2004-12-31; bjz care 2004-03-01..2004-10-31; gp care 2004-04..2004-08-31\n"
            "municipality care 2004-07-01..2004-07-31 housing; family coordination 2004-01-01.."
        ),
        ["no_coordinator certain 2004-04-30..2004-09-01 124..153 (- > -) - agencies=4 | ggz:1 bjz:1 gp:1"],
    ),
    (
        "a lead in doubt at both ends",
        ll.NoCoordinator(),
        "ggz care 2004-01-01..; bjz care 2004-03-01..; gp care 2004-04-01..2006; bjz coordination 2004-05..2005-06",
        ["no_coordinator certain 2005-07-01..2006-01-02 185..578 (- > -) - agencies=3 | ggz:1 bjz:1 gp:1"],
    ),
    (
        "evaluated in one month of two years, and on one day",
        ll.NoEvaluation(),
        "ggz care 2004-01..2006-06; ggz evaluation 2004-09; bjz care 2004-01-01..; bjz evaluation 2005-06-30",
        [
            "no_evaluation certain 2004-01-01..2005-06-30 546..546 (bjz > -) - | bjz:1",
            "no_evaluation certain 2004-10-01..2006-06-02 609..912 (ggz > -) - | ggz:1",
            "no_evaluation certain 2005-07-01..2007-01-01 549..549 ongoing (bjz > -) - | bjz:1",
        ],
    ),
    (
        "a consultation with a third agency parts no two",
        ll.ParallelCare(min_days=30),
        "ggz care 2004-01..2004-06; bjz care 2004-03-01..2004-12-31; gp care 2004-05-30..; ggz consultation 2004-04-01 > school",
        [
            "parallel certain 2004-03-01..2004-06-02 93..122 (bjz > ggz) - overlap_days=93 | ggz:1 bjz:1",
            "parallel possible 2004-05-30..2004-07-01 3..32 (ggz > gp) - overlap_days=32 | ggz:1 gp:1",
            "parallel certain 2004-05-30..2005-01-01 216..216 (bjz > gp) - overlap_days=216 | bjz:1 gp:1",
        ],
    ),
    (
        "a consultation in some days parts what lies around them",
        ll.ParallelCare(min_days=40),
        "ggz care 2004-01-01..2004-06-30; bjz care 2004-03-01..2004-12-31; ggz consultation 2004-04-10/2004-04-20 > bjz",
        [
            "parallel certain 2004-03-01..2004-04-10 40..122 (bjz > ggz) - overlap_days=40 | ggz:1 bjz:1",
            "parallel certain 2004-04-21..2004-07-01 71..122 (bjz > ggz) - overlap_days=71 | ggz:1 bjz:1",
        ],
    ),
    (
        "two refusals perhaps on one day and an end in doubt",
        ll.Repetition(),
        (
            "ggz refusal 2004-03 no_place; bjz refusal 2004-03-20 no_place mental_health\n"
            "ggz care 2004-04-01..2004-12 no_place; ggz refusal 2005-02-01 no_show"
        ),
        [
            "repeated certain 2004-03-01..2005-01-01 256..305 (- > -) mental_health times=2 | ggz:1 bjz:1 ggz:2",
        ],
    ),
    (
        "two who may have been first again",
        ll.ReEntry(),
        "bjz care 2004-01-01..2004-06 goal_reached; cjg care 2004-10..2005-03-31 youth_care; bjz care 2004-11-01..2005-01-01",
        ["returned certain 2004-06-02..2004-11-01 92..151 (bjz > cjg) youth_care | bjz:1 cjg:1"],
    ),
    (
        "what comes between a referral in doubt and the care",
        ll.Escalation(),
        (
            "gp referral 2004-01 > ggz; ggz care 2004-09-01..2005-06-30; bjz measure 2004-05..2005-04-30\n"
            "court court 2004-03-10 capacity=suspect"
        ),
        [
            "during_wait certain 2004-01-01..2004-03-11 39..69 (ggz > court) justice | gp:1 court:1",
            "during_wait certain 2004-01-01..2004-06-01 91..151 (ggz > bjz) youth_care | gp:1 bjz:1",
        ],
    ),
    (
        "signals of two agencies before two steps; a report waits too",
        ll.Escalation(),
        (
            "school signal 2004-01; gp signal 2004-02-01; school report 2004-03-01; court court 2004-06\n"
            "bjz care 2004-07-10..2005-12-31 type=crisis"
        ),
        [
            "after_signals certain 2004-01-01..2004-07-01 122..181 (school > court) justice signals=2 | school:1 school:2 court:1",
            "after_signals certain 2004-01-01..2004-07-11 161..191 (school > bjz) youth_care signals=2 | school:1 school:2 bjz:1",
            "after_signals certain 2004-02-01..2004-07-01 121..150 (gp > court) justice signals=1 | gp:1 court:1",
            "after_signals certain 2004-02-01..2004-07-11 160..160 (gp > bjz) youth_care signals=1 | gp:1 bjz:1",
            "during_wait certain 2004-03-01..2004-07-01 92..121 (school > court) justice | school:2 court:1",
            "during_wait certain 2004-03-01..2004-07-11 131..131 (school > bjz) youth_care | school:2 bjz:1",
        ],
    ),
    (
        "a way out in some month",
        ll.Deadlock(),
        "ciz application 2005-12-10 health; pgb refusal 2006-02 incompatible_provision work_income; pgb work 2006-11..",
        ["incompatible certain 2006-02-01..2006-11-30 246..302 (pgb > ciz) work_income | ciz:1 pgb:1"],
    ),
    (
        "two other provisions are not one",
        ll.Deadlock(),
        "ciz application 2005-12-10 health; bjz care 2005-01-01..2006-01-31; pgb refusal 2006-02-03 incompatible_provision work_income",
        [
            "incompatible certain 2006-02-03..2007-01-01 332..332 ongoing (pgb > -) work_income | bjz:1 ciz:1 pgb:1",
        ],
    ),
    (
        "a circle until one of the two began",
        ll.Deadlock(),
        "school refusal 2005-01-10 missing_prerequisite; uwv refusal 2005-03 missing_prerequisite; uwv benefit 2005-11..",
        ["circular certain 2005-01-10..2005-11-30 215..274 (school > uwv) - | school:1 uwv:1"],
    ),
    (
        "asked in the last year of an agency that delivers nothing",
        ll.UpcomingLimit(),
        "birth 1989-03-10; bjz care 2004-01-01..; bjz care 2005-01-01..; ggz care 2005-01-01..2006-12-31; bjz referral 2006-02 > wmo",
        ["asked certain 2007-01-01..2007-03-10 68..68 (bjz > -) youth_care youthcare_wjz | bjz:1"],
    ),
    (
        "asked and refused is nothing arranged; eighteen on some day of next year",
        ll.UpcomingLimit(),
        "birth 1989-01-01/1989-12-31; bjz care 2004-01..; bjz transfer 2006-02-10 > wmo; wmo refusal 2006-03-01 housing",
        ["nothing_arranged certain 2007-01-01..2007-12-31 0..364 (bjz > -) youth_care youthcare_wjz | bjz:1"],
    ),
    (
        "a third signal in some month is enough",
        ll.JointKnowledge(),
        "school signal 2004-01-10; gp signal 2004-09-01; police signal 2005-02; bjz care 2006-01-01..2006-03-31",
        [
            "acted certain 2005-02-01..2006-01-01 307..334 (- > bjz) - signals=3 signallers=3 | school:1 gp:1 police:1 bjz:1",
        ],
    ),
    (
        "a signal of two years before counts no more",
        ll.JointKnowledge(),
        "school signal 2004-01-10; gp signal 2004-01-20; school signal 2006-01-10; gp signal 2006-01-11",
        [
            "not_acted certain 2006-01-11..2007-01-01 355..355 ongoing (- > -) - signals=3 signallers=2 | gp:1 school:2 gp:2",
        ],
    ),
    (
        "two who may have answered first",
        ll.LateResponse(),
        "school signal 2004-03; ggz contact 2004-05-01; ggz diagnosis 2004-12; bjz care 2004-12-10..",
        ["answered certain 2004-03-01..2004-12-10 245..284 (school > -) - | school:1 ggz:2"],
    ),
    (
        "the sector that was asked answers late, whoever acted before",
        ll.LateResponse(by="sector"),
        "school signal 2005-01-10 > ggz; ggz contact 2004-01-01; bjz measure 2005-03-01..2005-12-31; ggz assessment 2006-02",
        ["answered certain 2005-01-10..2006-02-28 387..414 (school > ggz) mental_health | school:1 ggz:2"],
    ),
    (
        "of two who asked two of one sector the first is named",
        ll.MissingPartner(),
        "ggz contact 2001; praktijk contact 2002 mental_health; school referral 2005-01 > ggz; gp referral 2005-02-10 > praktijk",
        [
            "nobody_came certain 2005-01-01..2007-01-01 700..730 ongoing (school > ggz) mental_health | school:1",
        ],
    ),
    (
        "a contact perhaps before the question, and a sector that never came",
        ll.MissingPartner(),
        "ggz contact 2005-02; school referral 2005-01-20/2005-02-10 > ggz; school signal 2004-01-01 > police; police contact 2000",
        [
            "nobody_came certain 2004-01-01..2007-01-01 1096..1096 ongoing (school > police) justice | school:2",
            "nobody_came possible 2005-01-20..2007-01-01 690..711 ongoing (school > ggz) mental_health | school:1",
        ],
    ),
    (
        "two of five from youth and parents; those are named",
        ll.Initiative(),
        (
            "gp referral 2004-01 > ggz initiative=parents; family consultation 2005-03 initiative=youth\n"
            "ggz contact 2005-06-01 shared_with=school initiative=agency; bjz coordination 2005.. initiative=municipality\n"
            "school transfer 2005-09-01 initiative=school"
        ),
        [
            (
                "others certain 2004-01-01..2006-01-01 580..731 (- > -) - "
                "youth=1 parents=1 school=1 agency=1 municipality=1 known=5 share=40 | gp:1 family:1"
            ),
        ],
    ),
    (
        "what happens at home brings nobody in view",
        ll.OutOfView(),
        "gp contact 2004; ggz care 2004-06-01..2004-09; school signal 2004-10-01; police offence 2006-01-10; family contact 2005-05-05",
        [
            "unexplained certain 2005-01-01..2006-01-10 374..465 (- > -) - waiting_days=0 unobserved_days=0 | school:1 police:1",
            "unexplained certain 2006-01-11..2007-01-01 355..355 ongoing (- > -) - waiting_days=0 unobserved_days=0 | police:1",
        ],
    ),
    (
        "the earliest of two pieces, shared in some month",
        ll.UnsharedInformation(),
        "ggz diagnosis 2004-05; ggz assessment 2004-03-01; bjz care 2005-01..; bjz measure 2005-06-01..; ggz transfer 2005-09 > bjz",
        [
            "shared_late certain 2005-01-01..2005-10-01 213..272 (ggz > bjz) youth_care items=2 | ggz:2 bjz:1",
        ],
    ),
    (
        "a consultation tells two at once, and a referral in time tells one",
        ll.UnsharedInformation(),
        (
            "ggz diagnosis 2004-05-01; gp diagnosis 2004-06-01; bjz care 2005-01-01..; school school 2004-08-01..\n"
            "gp referral 2004-12-31 > bjz; ggz consultation 2006-02-02 shared_with=school|bjz"
        ),
        [
            "shared_late certain 2004-08-01..2006-02-03 550..550 (ggz > school) education items=1 | ggz:1 school:1",
            "never_shared certain 2004-08-01..2007-01-01 883..883 ongoing (gp > school) education items=1 | gp:1 school:1",
            "shared_late certain 2005-01-01..2006-02-03 397..397 (ggz > bjz) youth_care items=1 | ggz:1 bjz:1",
        ],
    ),
    (
        "two changes, and then no school",
        ll.SchoolBreaks(),
        (
            "birth 1995-05-01; eik school 2000-08-15..2002-02 education; linde school 2002-03-10..2003-01-31 education\n"
            "ulm school 2003-02-01..2004-02-28 education"
        ),
        [
            "changed certain 2002-03-10..2002-03-11 0..0 (eik > linde) education changes=1 | eik:1 linde:1",
            "changed certain 2003-02-01..2003-02-02 0..0 (linde > ulm) education changes=2 | linde:1 ulm:1",
            "out_of_school certain 2004-02-29..2007-01-01 1037..1037 ongoing (ulm > -) education | ulm:1",
        ],
    ),
    (
        "dropped out until there was work",
        ll.SchoolBreaks(),
        (
            "birth 1988-05-01; roc school 2003-08-15..2004-02 education client_left; roc dropout 2004-02-10 education\n"
            "shop work 2004-09.. work_income"
        ),
        [
            "no_qualification certain 2004-02-10..2004-09-30 204..233 (roc > -) education | roc:2",
            "out_of_school certain 2004-03-01..2004-09-01 184..241 (roc > -) education | roc:1",
        ],
    ),
    (
        "absence perhaps long enough, one that nobody ended, and one a day too short",
        ll.SchoolBreaks(),
        (
            "birth 1988-05-01; roc school 2003-08-15.. education; roc absence 2005-01-10..2005-02 education\n"
            "roc absence 2006-12-01.. education; roc absence 2005-05-01..2005-05-27 education"
        ),
        ["absent possible 2005-01-10..2005-03-01 23..50 (roc > -) education no_rule | roc:2"],
    ),
    (
        "back in care after eighteen, with school beside it and the rights of the law",
        ll.AgeLimit(),
        "birth 1987-03/1987-04; bjz care 2003-01-01..2005-03-20; school school 2004-08-01..2005-07-31; bjz care 2006-02..2006-06-30",
        [
            (
                "returned certain 2005-03-21..2006-02-28 317..344 (bjz > -) youth_care youthcare_wjz "
                "school_days=133 continued_right_days=344 resumption_right_days=184 | bjz:1 bjz:2"
            ),
        ],
    ),
    (
        "too young in some month, where no limit is known",
        ll.AgeLimit(),
        "birth 1989-03-10; ggz refusal 2005-06 too_young; ggz refusal 2006-07-01 too_old",
        [
            "too_young certain 2005-06-01..2005-07-01 0..30 (ggz > -) mental_health no_rule school_days=0 | ggz:1"
        ],
    ),
    (
        "fourteen weeks to the day are within the norm",
        ll.WentWell(),
        "gp referral 2006-01-01 > ggz; ggz care 2006-04-09; bjz referral 2006-01-02 > uwv; uwv refusal 2006-02 no_place",
        [
            "wait_within_norm certain 2006-01-01..2006-04-09 98..98 (ggz > -) mental_health tree_total no 98 | gp:1 ggz:1",
        ],
    ),
    (
        "sixty days to the day are in time, for a signal and a report",
        ll.WentWell(),
        "school signal 2006-01-10; ggz assessment 2006-03-11; gp report 2006-06-01; bjz care 2006-07-31..",
        [
            "signal_answered certain 2006-01-10..2006-03-12 60..60 (school > ggz) - | school:1 ggz:1",
            "signal_answered certain 2006-06-01..2006-08-01 60..60 (gp > bjz) - | gp:1 bjz:1",
        ],
    ),
    (
        "an evaluation on the last day is one, the day after it is none",
        ll.WentWell(),
        (
            "ggz care 2004-01..2004-12; ggz evaluation 2004-03-10; ggz evaluation 2004-12\n"
            "bjz care 2004-01-01..2004-06-30; bjz evaluation 2004-07-01; bjz evaluation 2004-06-30"
        ),
        [
            "evaluated certain 2004-03-10..2004-03-11 0..0 (ggz > -) - evaluations=2 | ggz:2",
            "evaluated certain 2004-06-30..2004-07-01 0..0 (bjz > -) - evaluations=1 | bjz:3",
        ],
    ),
    (
        "an application opens a right that a referral does not; a report asks for no care",
        ll.AgeLimit(),
        (
            "birth 1987-03/1987-04; gp referral 2004-04-10 > bjz; bjz contact 2001; gp report 2005-01-01 > bjz\n"
            "gp application 2004-03-15 > bjz"
        ),
        [
            (
                "refused_near_limit possible 2004-03-15..2005-04-30 325..411 (bjz > -) youth_care youthcare_wjz "
                "school_days=0 asked_in_time=1 | gp:3"
            ),
        ],
    ),
    (
        "a report asks for no care",
        ll.UpcomingLimit(),
        "birth 1989-03-10; bjz care 2004-01-01..; bjz report 2006-10-01 > wmo",
        ["nothing_arranged certain 2007-01-01..2007-03-10 68..68 (bjz > -) youth_care youthcare_wjz | bjz:1"],
    ),
    (
        "back with the same agency, and then with another",
        ll.ReEntry(),
        "bjz care 2004-01-01..2004-06-30 as_planned; bjz care 2004-10..2004-12-31 as_planned; cjg care 2005-02-01.. youth_care",
        [
            "returned certain 2004-07-01..2004-11-01 92..122 (bjz > bjz) youth_care | bjz:1 bjz:2",
            "returned certain 2005-01-01..2005-02-02 31..31 (bjz > cjg) youth_care | bjz:2 cjg:1",
        ],
    ),
    (
        "two ends in doubt, of which one may be later",
        ll.ReEntry(),
        (
            "bjz care 2004-01-01..2004-06-01/2004-06-10 goal_reached; bjz care 2004-02-01..2004-06-01/2004-06-20 goal_reached\n"
            "cjg care 2005-01-01.. youth_care"
        ),
        [
            "returned possible 2004-06-02..2005-01-02 194..213 (bjz > cjg) youth_care | bjz:2 cjg:1",
            "returned possible 2004-06-02..2005-01-02 204..213 (bjz > cjg) youth_care | bjz:1 cjg:1",
        ],
    ),
    (
        "each sector has gaps and needs of its own",
        ll.Gap(by="sector"),
        (
            "ggz care 2004-01-01..2004-06-30 no_show; ggz care 2005-01-01..2006-01-31 goal_reached; ggz signal 2006-02-01\n"
            "bjz care 2004-03-01..2005-12-31 no_show; gp signal 2006-03-01"
        ),
        [
            "unexplained certain 2004-07-01..2005-01-01 184..184 (- > -) mental_health waiting_days=0 unobserved_days=0 | ggz:1 ggz:2",
            "unexplained certain 2006-01-01..2007-01-01 365..365 ongoing (- > -) youth_care waiting_days=0 unobserved_days=0 | bjz:1",
            "after_goal certain 2006-02-01..2007-01-01 334..334 ongoing (- > -) mental_health waiting_days=0 unobserved_days=0 | ggz:2",
        ],
    ),
    (
        "an intake answers a report, two days after its norm",
        ll.Waiting(),
        "school report 2006-01-01 > ggz; ggz intake 2006-01-31",
        [
            "started certain 2006-01-01..2006-01-31 30..30 (ggz > -) mental_health tree_intake certain 28 | school:1 ggz:1",
        ],
    ),
    (
        "on the first day of a referral in doubt nothing was asked before",
        ll.Escalation(),
        "gp referral 2005-01-01/2005-01-10 > ggz; ggz care 2005-09-01..2006-06-30; bjz measure 2005-01-01..",
        [],
    ),
    (
        "of two refusals by age one has a rule",
        ll.AgeLimit(),
        "birth 1987-03-10; bjz refusal 2004-02-01 too_young; ggz refusal 2004-03-01 too_young",
        [
            "too_young certain 2004-02-01..2005-03-10 403..403 (bjz > -) youth_care youthcare_wjz school_days=0 | bjz:1",
            "too_young certain 2004-03-01..2004-03-02 0..1 (ggz > -) mental_health no_rule school_days=0 | ggz:1",
        ],
    ),
    (
        "back perhaps on the day of the end",
        ll.ReEntry(),
        "bjz care 2004-01-01..2004-06 goal_reached; cjg care 2004-06-10.. youth_care",
        ["returned possible 2004-06-02..2004-06-11 0..8 (bjz > cjg) youth_care | bjz:1 cjg:1"],
    ),
    (
        "no day between is no return",
        ll.ReEntry(),
        "bjz care 2004-01-01..2004-06-30 goal_reached; cjg care 2004-07-01.. youth_care",
        [],
    ),
    (
        "nobody has the lead since it ended",
        ll.NoCoordinator(),
        "ggz care 2004-01-01..; bjz care 2004-03-01..; gp care 2004-04-01..; bjz coordination 2004-06-01..2005-12-31",
        [
            "no_coordinator certain 2006-01-01..2007-01-01 365..365 ongoing (- > -) - agencies=3 | ggz:1 bjz:1 gp:1",
        ],
    ),
    (
        "too young until eighteen",
        ll.AgeLimit(),
        "birth 1987-03-10; bjz refusal 2004-02 too_young; school school 2003-01-01..",
        [
            "too_young certain 2004-02-01..2005-03-10 375..403 (bjz > -) youth_care youthcare_wjz school_days=403 | bjz:1",
        ],
    ),
    (
        "nobody saw whether care went on",
        ll.AgeLimit(),
        "birth 1987-03-10; window bjz 2000-01-01..2005-06-30; bjz care 2003-01-01..2005-03-01",
        [
            (
                "dropped possible 2005-03-02..2005-07-01 121..121 ongoing (bjz > -) youth_care youthcare_wjz "
                "school_days=0 continued_right_days=121 resumption_right_days=121 | bjz:1"
            ),
        ],
    ),
    (
        "out of school at an age that nobody knows",
        ll.SchoolBreaks(),
        "eik school 1999-08-15..2004-02-29 education; linde school 2004-12.. education",
        [
            "out_of_school possible 2004-03-01..2004-12-01 275..305 (eik > -) education | eik:1",
            "changed certain 2004-12-01..2005-01-01 0..30 (eik > linde) education changes=1 | eik:1 linde:1",
        ],
    ),
    (
        "of two schools that ended on one day none was the last",
        ll.SchoolBreaks(),
        (
            "birth 1990-05-01; window eik 2000-01-01..2004-05-31; window linde 2000-01-01..2004-03-31\n"
            "eik school 1999-08-15..2004-02-29 education; linde school 2003-08-15..2004-02-29 education"
        ),
        ["out_of_school certain 2004-03-01..2004-06-01 92..92 ongoing (- > -) education | linde:1"],
    ),
    (
        "who is qualified is not out of school",
        ll.SchoolBreaks(),
        "birth 1987-05; eik school 1999-08-15..2004-08-31 education; eik qualification 2004-12",
        ["out_of_school certain 2004-09-01..2004-12-01 91..121 (eik > -) education | eik:1"],
    ),
    (
        "eight days between the two sides of a limit",
        ll.WentWell(),
        "birth 1987-03-10; bjz care 2003-01-01..2005-02-20; ggz care 2005-03-01..2006-04-30",
        [
            "limit_bridged certain 2005-02-21..2005-03-01 8..8 (bjz > -) youth_care youthcare_wjz | bjz:1 ggz:1",
        ],
    ),
    (
        "a transfer while care perhaps ran",
        ll.WentWell(),
        "ggz care 2004-01-01..2004-06 goal_reached; bjz care 2004-06-15..2004-12-31; ggz transfer 2004-06-10 > bjz",
        ["warm_handover possible 2004-06-10..2004-06-15 5..5 (ggz > bjz) youth_care | ggz:2 bjz:1"],
    ),
    (
        "a wait perhaps within the norm",
        ll.WentWell(),
        "gp referral 2006-01 > ggz; ggz care 2006-04-20",
        [
            "wait_within_norm possible 2006-01-01..2006-04-20 79..109 (ggz > -) mental_health tree_total possible 98 | gp:1 ggz:1",
        ],
    ),
    (
        "an answer to a report has the norm of an intake",
        ll.WentWell(),
        "school report 2006-01-01 > ggz; ggz intake 2006-01-29",
        [
            "wait_within_norm certain 2006-01-01..2006-01-29 28..28 (ggz > -) mental_health tree_intake no 28 | school:1 ggz:1",
        ],
    ),
    (
        "without rules no wait is within a norm",
        ll.WentWell(rules=Rulebook(())),
        "gp referral 2006-01-01 > ggz; ggz care 2006-04-09; school signal 2006-01-10; ggz assessment 2006-03-11",
        ["signal_answered certain 2006-01-10..2006-03-12 60..60 (school > ggz) - | school:1 ggz:2"],
    ),
    (
        "in time, by one of two",
        ll.WentWell(),
        "school signal 2006-01; ggz assessment 2006-02; bjz care 2006-02-10..",
        ["signal_answered certain 2006-01-01..2006-02-11 1..40 (school > -) - | school:1 ggz:1"],
    ),
]


@pytest.mark.parametrize(
    ("detector", "text", "rows"), [life[1:] for life in LIVES], ids=[life[0] for life in LIVES]
)
def test_a_life_is_told_whole(detector, text, rows):
    assert found(text, detector) == rows


EDGES = [
    (ll.NoCoordinator(min_days=90, agencies=2), "ggz care 2004-01-01..; bjz care 2004-03-01..2004-05-{}", "29", "28"),
    (ll.NoEvaluation(), "ggz evaluation 2003-05-05; ggz care 2004-01-01..{}", "2005-01-01", "2004-12-31"),
    (ll.ParallelCare(min_days=30), "ggz care 2004-01-01..2004-01-{}; bjz care 2004-01-01..2004-01-30", "30", "29"),
    (ll.ReEntry(), "bjz care 2004-01-01..2004-06-30 as_planned; bjz care 2005-07-{}..", "01", "02"),
    (ll.ReEntry(), "bjz care 2004-01-01..2004-06-30 as_planned; bjz care 2004-07-{}..", "02", "01"),
    (ll.MissingPartner(min_days=31), "ggz contact 2001; school referral 2006-12-{} > ggz", "01", "02"),
    (ll.UpcomingLimit(), "birth 1989-{}; bjz care 2004-01-01..", "12-31", "01-01/1990-01-01"),
    (ll.UnsharedInformation(), "ggz diagnosis 2004-05-01; bjz care 2005-01-01..; ggz transfer 2005-01-{} > bjz", "02", "01"),
    (ll.UnsharedInformation(), "ggz diagnosis 2004-{}; bjz care 2004-05-02..; gp contact 2001 shared_with=ggz", "05-01", "05-02"),
    (ll.SchoolBreaks(), "birth 1988; roc school 2003-08-15.. education; roc absence 2005-05-01..2005-05-{} education", "28", "27"),
    (ll.SchoolBreaks(), "birth 1990-05-01; eik school 1999-08-15..2004-02-29 education; zorg work 2004-05-{}..", "30", "29"),
    (ll.WentWell(), "school signal 2006-01-10; ggz assessment 2006-03-{}", "11", "12"),
    (ll.LateResponse(min_days=10), "school signal 2006-01-10; ggz assessment 2006-01-{}", "20", "19"),
    (ll.JointKnowledge(min_days=10), "school signal 2006-01-01; gp signal 2006-01-02; gp signal 2006-01-10; ggz care 2006-01-{}..", "20", "19"),
    (ll.UpcomingLimit(), "birth 1989-03-10; bjz care 2004-01-01..; gp care 2006-01-01..2007-03-{}", "09", "10"),
    (ll.UnsharedInformation(), "ggz diagnosis 2004-05-01; window ggz 2000-01-01..2004-12-{}; bjz care 2005-01-01..; bjz consultation 2005-06-01 > ggz", "31", "30"),
    (ll.Deadlock(), "ciz application 2005-12-10 health; pgb refusal 2006-01-01 incompatible_provision work_income; pgb work 2006-{}/2006-07-10..", "07-01", "06-30"),
    (ll.MissingPartner(), "ggz care 2001-01-01..2005-01-01/2005-01-{}; school referral 2005-01-10 > ggz", "09", "10"),
    (ll.Escalation(), "gp referral 2005-01-01 > ggz; ggz care 2005-09-01..2006-06-30; bjz measure 2005-08-20/2005-{}..", "08-31", "09-01"),
    # Care that ended near eighteen, 10 March 2005: ninety days before and after it, and half a year without care.
    (ll.AgeLimit(), "birth 1987-03-10; bjz care 2003-01-01..2004-12-{}", "10", "09"),
    (ll.AgeLimit(), "birth 1987-03-10; bjz care 2003-01-01..2005-06-{}", "06", "07"),
    (ll.AgeLimit(), "birth 1987-03-10; bjz care 2003-01-01..2005-03-09; gp care 2005-09-{}..2006-06-30", "06", "05"),
    (ll.AgeLimit(), "birth 1987-03-10; bjz care 2005-03-{}..2005-03-20", "09", "10"),
    # Asked for in the year before it, and not begun before it.
    (ll.AgeLimit(), "birth 1987-03-10; gp referral 2004-03-{} > bjz; bjz contact 2001", "10", "09"),
    (ll.AgeLimit(), "birth 1987-03-10; gp referral 2005-03-{} > bjz; bjz contact 2001", "09", "10"),
    (ll.AgeLimit(), "birth 1987-03-10; gp referral 2005-01-01 > bjz; bjz care 2005-03-{}..", "10", "09"),
]  # fmt: skip


@pytest.mark.parametrize(("detector", "text", "inside", "outside"), EDGES)
def test_one_day_decides(detector, text, inside, outside):
    assert [one.split()[1] for one in found(text.format(inside), detector)] == ["certain"]
    assert "certain" not in {one.split()[1] for one in found(text.format(outside), detector)}
