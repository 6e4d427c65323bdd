"""The job of `country.py` in duckdb: SQL, one query a detector.

Days are exact and all windows end on one day, so that sure and possible cover are the same, and an end of care that
is not told is the end of the windows. `ASOF` joins and running maxima stand for what levensloop does with arrays.
"""

import time
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.compute as pc
from country_data import LIMITS, NAMES, SCHEMA, TEXTS, closed, opened

SETTLED = "('goal_reached', 'as_planned', 'agreed', 'moved', 'died')"

#: With a number for each key: what detecting gains by it is about what it costs here.
PREPARED = """
CREATE TEMP TABLE distinct_rows AS
SELECT DISTINCT person, birth, agency, sector, kind, start, "end" + 1 AS stop, to_agency, reason {texts}
FROM read_parquet('{folder}/*.parquet');
CREATE TABLE keys AS
SELECT person, row_number() OVER ()::INT AS youth FROM (SELECT DISTINCT person FROM distinct_rows);
CREATE TABLE events AS SELECT youth, * EXCLUDE (youth, person) FROM distinct_rows JOIN keys USING (person);
DROP TABLE distinct_rows;
"""

SHARED = """
CREATE TEMP TABLE births AS SELECT youth, any_value(birth) AS birth FROM events GROUP BY youth;
CREATE TEMP TABLE care AS
SELECT youth, agency, sector, start, coalesce(stop, getvariable('until')) AS stop, stop IS NULL AS open, reason
FROM events WHERE kind = 'care';

-- Each day on which care starts: how far care reaches that started until then, and whose care starts next, and when.
CREATE TEMP TABLE starts AS
SELECT youth, start,
       max(reach) OVER (PARTITION BY youth ORDER BY start ROWS UNBOUNDED PRECEDING) AS reach,
       lead(start) OVER (PARTITION BY youth ORDER BY start) AS next,
       lead(agency) OVER (PARTITION BY youth ORDER BY start) AS next_agency
FROM (SELECT youth, start, max(stop) AS reach,
             first(agency ORDER BY open, stop, agency) AS agency
      FROM care GROUP BY youth, start);
CREATE TEMP TABLE ended AS
SELECT e.*, s.reach, s.next, s.next_agency
FROM (FROM care WHERE NOT open) AS e ASOF JOIN starts AS s ON e.youth = s.youth AND e.stop > s.start;

-- The first closer of each opener by its target; openers with one closer are one wait.
CREATE TEMP TABLE asked_for AS
WITH openers AS (
  SELECT DISTINCT youth, coalesce(to_agency, agency) AS agency, start
  FROM events WHERE kind IN ('referral', 'application')
), running AS (
  SELECT youth, agency, start,
         max(stop) OVER (PARTITION BY youth, agency ORDER BY start, stop ROWS UNBOUNDED PRECEDING) AS reach
  FROM care
), free AS (
  SELECT o.* FROM openers AS o ASOF LEFT JOIN running AS r
  ON o.youth = r.youth AND o.agency = r.agency AND o.start >= r.start
  WHERE r.reach IS NULL OR r.reach <= o.start
), closers AS (
  SELECT youth, agency, start, bool_or(kind = 'care') AS started
  FROM events WHERE kind IN ('care', 'refusal') GROUP BY ALL
)
SELECT o.youth, o.agency, o.start, c.start AS closed, c.started
FROM free AS o ASOF LEFT JOIN closers AS c
ON o.youth = c.youth AND o.agency = c.agency AND o.start <= c.start;

CREATE TEMP TABLE waits AS
SELECT youth, agency, min(start) AS start, coalesce(closed, getvariable('until')) AS stop,
       CASE WHEN closed IS NULL THEN 'ongoing' WHEN any_value(started) THEN 'started' ELSE 'refused' END AS outcome
FROM asked_for GROUP BY youth, agency, closed;

CREATE TEMP TABLE waiting_spans AS
SELECT youth, min(start) AS start, max(stop) AS stop
FROM (SELECT *, sum(new::INT) OVER (PARTITION BY youth ORDER BY start, stop ROWS UNBOUNDED PRECEDING) AS island
      FROM (SELECT *, coalesce(start > max(stop) OVER (PARTITION BY youth ORDER BY start, stop
                                               ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), true) AS new
            FROM waits WHERE stop > start))
GROUP BY youth, island;

CREATE TEMP TABLE need AS
SELECT youth, max(CASE WHEN kind = 'signal' THEN start END) AS signal,
       max(CASE WHEN kind = 'care' THEN start END) AS last_care
FROM events GROUP BY youth;
CREATE TEMP TABLE open_waits AS SELECT DISTINCT youth FROM waits WHERE outcome = 'ongoing';
"""

#: Stretches without cover: of `items` with youth, agency, start, stop and reason; the domain ends as `{domain}` says.
STRETCHES = f"""
WITH bare AS (
  SELECT youth, max(stop) OVER w AS start, lead(start) OVER w AS next
  FROM items WINDOW w AS (PARTITION BY youth ORDER BY start, stop ROWS UNBOUNDED PRECEDING)
  QUALIFY next IS NULL OR next - start >= {{days}}
), ends AS (
  SELECT youth, max(opened) AS opened,
         max(CASE WHEN reason IS NULL OR reason IN {SETTLED} THEN stop END) AS good,
         max(CASE WHEN reason NOT IN {SETTLED} THEN stop END) AS bad
  FROM items JOIN windows USING (agency) GROUP BY youth
), needs AS (
  SELECT youth, opened, {{domain}} AS domain,
         coalesce(bad >= coalesce(good, bad), false) OR coalesce(signal > last_care, signal IS NOT NULL)
         OR youth IN (FROM open_waits) AS need
  FROM ends JOIN need USING (youth) JOIN births USING (youth)
), gaps AS (
  SELECT youth, b.start, least(coalesce(b.next, domain), domain) AS stop, opened
  FROM bare AS b JOIN needs USING (youth)
  WHERE least(coalesce(b.next, domain), domain) - b.start >= {{days}} AND (coalesce(b.next, domain) < domain OR need)
), goals AS (
  SELECT youth, stop AS start, bool_and(reason IS NOT DISTINCT FROM 'goal_reached') AS goal
  FROM items SEMI JOIN gaps AS g ON items.youth = g.youth AND items.stop = g.start GROUP BY youth, items.stop
), waited AS (
  SELECT g.youth, g.start, sum(least(g.stop, w.stop) - greatest(g.start, w.start)) AS waiting
  FROM gaps AS g JOIN waiting_spans AS w ON g.youth = w.youth AND w.start < g.stop AND w.stop > g.start
  GROUP BY g.youth, g.start
)
SELECT youth, '{{name}}' AS detector,
       CASE WHEN opened >= stop THEN 'unobserved' WHEN 2 * coalesce(waiting, 0) >= stop - start THEN 'waiting'
            WHEN goal THEN 'after_goal' ELSE 'unexplained' END AS outcome,
       CASE WHEN opened > start THEN 'possible' ELSE 'certain' END AS certainty,
       start, stop, stop - start AS days_min, stop - start AS days_max, NULL AS agency, NULL AS to_agency
FROM gaps LEFT JOIN goals USING (youth, start) LEFT JOIN waited USING (youth, start)
"""

BIRTHDAY = (
    "(birth + CASE WHEN month(birth) = 2 AND day(birth) = 29 THEN 1 ELSE 0 END + INTERVAL ({age}) YEAR)::DATE"
)

GAP = (
    "CREATE OR REPLACE TEMP VIEW items AS SELECT youth, agency, start, stop, reason FROM care",
    STRETCHES.format(domain=f"least(getvariable('until'), {BIRTHDAY.format(age=23)})", days=90, name="Gap"),
)
OUT_OF_VIEW = (
    """
CREATE OR REPLACE TEMP VIEW items AS
SELECT youth, agency, start, stop, reason FROM care
UNION ALL SELECT youth, agency, start, start + 1, reason FROM events WHERE kind <> 'care'
""",
    STRETCHES.format(domain="getvariable('until')", days=180, name="OutOfView"),
)
WAITING = (
    """
SELECT youth, 'Waiting' AS detector, outcome, 'certain' AS certainty, start, stop,
       stop - start AS days_min, stop - start AS days_max, agency, NULL AS to_agency
FROM waits WHERE stop > start
""",
)
HANDOVER = (
    """
CREATE OR REPLACE TEMP TABLE explicit AS
WITH asked AS (
  SELECT youth, agency, to_agency, start FROM events
  WHERE kind IN ('referral', 'transfer') AND to_agency <> agency
), arrivals AS (SELECT DISTINCT youth, agency, start FROM care),
refusals AS (SELECT DISTINCT youth, agency, start FROM events WHERE kind = 'refusal'),
both_ AS (
  SELECT a.*, CASE WHEN c.start <= a.start + 180 THEN c.start END AS came,
         CASE WHEN r.start <= a.start + 180 THEN r.start END AS refused
  FROM asked AS a
  ASOF LEFT JOIN arrivals AS c ON a.youth = c.youth AND a.to_agency = c.agency AND a.start <= c.start
  ASOF LEFT JOIN refusals AS r ON a.youth = r.youth AND a.to_agency = r.agency AND a.start <= r.start
)
SELECT youth, both_.agency, to_agency, start, came,
       CASE WHEN refused < coalesce(came, refused + 1) THEN 'refused' WHEN came IS NOT NULL THEN 'arrived'
            WHEN opened <= start AND start + 181 <= getvariable('until') THEN 'lost' ELSE 'pending' END AS outcome,
       CASE WHEN refused < coalesce(came, refused + 1) THEN refused WHEN came IS NOT NULL THEN came
            ELSE least(start + 180, getvariable('until')) END AS stop
FROM both_ JOIN windows ON windows.agency = to_agency
""",
    """
WITH reached AS (
  SELECT DISTINCT youth, agency, to_agency, came FROM explicit WHERE outcome = 'arrived'
), implicit AS (
  SELECT DISTINCT youth, agency, next_agency, stop, next FROM ended
  WHERE next_agency <> agency AND next - stop <= 180 AND (reach <= stop OR next = stop)
)
SELECT youth, 'Handover' AS detector, outcome, 'certain' AS certainty, start, greatest(stop, start + 1) AS stop,
       stop - start AS days_min, stop - start AS days_max, agency, to_agency
FROM explicit
UNION ALL
SELECT i.youth, 'Handover', 'arrived', CASE WHEN c.youth IS NULL THEN 'certain' ELSE 'possible' END,
       i.stop, greatest(i.next, i.stop + 1), i.next - i.stop, i.next - i.stop, i.agency, i.next_agency
FROM implicit AS i
ANTI JOIN reached AS r
  ON i.youth = r.youth AND i.agency = r.agency AND i.next_agency = r.to_agency AND i.next = r.came
LEFT JOIN (SELECT DISTINCT youth, agency, start FROM care) AS c
  ON c.youth = i.youth AND c.agency = i.agency AND c.start = i.next
""",
)
AGE_LIMIT = (
    f"""
WITH cut AS (
  SELECT youth, sector, {BIRTHDAY.format(age="age")} AS cut FROM births CROSS JOIN limits
), dropped AS (
  SELECT youth, agency, stop AS start, next, coalesce(next, getvariable('until')) AS back
  FROM ended JOIN cut USING (youth, sector)
  WHERE start < cut AND stop > cut - 90 AND stop < cut + 90 AND reach <= stop
    AND coalesce(next >= stop + 180, true)
), near AS (
  SELECT youth, agency, min(start) AS start, any_value(cut) AS cut
  FROM asked_for JOIN sectors USING (agency) JOIN cut USING (youth, sector)
  WHERE start >= (cut - INTERVAL 1 YEAR)::DATE AND start < cut AND getvariable('until') >= cut
  GROUP BY youth, agency, closed
), asked AS (
  SELECT n.* FROM near AS n ASOF LEFT JOIN (SELECT youth, agency, start FROM care) AS c
  ON n.youth = c.youth AND n.agency = c.agency AND n.start <= c.start
  WHERE c.start IS NULL OR c.start >= cut
), young AS (
  SELECT e.youth, e.agency, e.start, CASE WHEN cut > e.start THEN cut END AS cut
  FROM events AS e LEFT JOIN cut USING (youth, sector) WHERE kind = 'refusal' AND reason = 'too_young'
)
SELECT youth, 'AgeLimit' AS detector,
       CASE WHEN next IS NOT NULL THEN 'returned' WHEN back > start THEN 'dropped' ELSE 'unobserved' END AS outcome,
       CASE WHEN next IS NOT NULL OR back - start >= 180 THEN 'certain' ELSE 'possible' END AS certainty,
       start, greatest(back, start + 1) AS stop, back - start AS days_min, back - start AS days_max, agency,
       NULL AS to_agency
FROM dropped
UNION ALL
SELECT youth, 'AgeLimit', 'refused_near_limit', 'certain', start, cut, cut - start, cut - start, agency, NULL FROM asked
UNION ALL
SELECT youth, 'AgeLimit', 'too_young', 'certain', start, coalesce(cut, start + 1), coalesce(cut - start, 0),
       coalesce(cut - start, 1), agency, NULL
FROM young
""",
)


def run(folder: Path, *, texts: bool) -> tuple[dict[str, float], pa.Table]:
    """Seconds of preparing and of detecting, and the findings."""
    told = ", " + ", ".join(TEXTS) if texts else ""
    start = time.perf_counter()
    base = duckdb.connect()
    base.execute(f"SET VARIABLE until = DATE '{closed()}'")
    base.register("windows", pa.table({"agency": list(opened()), "opened": list(opened().values())}))
    base.register("limits", pa.table({"sector": list(LIMITS), "age": list(LIMITS.values())}))
    base.execute(PREPARED.format(texts=told, folder=folder))
    prepared = time.perf_counter()
    base.execute(SHARED)
    base.execute(
        "CREATE TEMP TABLE sectors AS SELECT agency, any_value(sector) AS sector FROM events GROUP BY agency"
    )
    parts = []
    for *before, last in (GAP, OUT_OF_VIEW, WAITING, HANDOVER, AGE_LIMIT):
        for statement in before:
            base.execute(statement)
        parts.append(base.sql(last).to_arrow_table().rename_columns(NAMES))
    end = time.perf_counter()
    keys = base.sql("SELECT person, youth FROM keys ORDER BY youth").to_arrow_table().column("person")
    found = pa.concat_tables([_named(part, keys) for part in parts])
    return {"prepare": prepared - start, "detect": end - prepared}, found


def _named(part: pa.Table, keys: pa.ChunkedArray) -> pa.Table:
    """Findings with the keys of the youths, which are numbered from 1."""
    youth = keys.take(pc.subtract(part.column("youth"), 1))
    return part.set_column(0, "youth", youth).cast(SCHEMA)
