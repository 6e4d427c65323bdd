"""Every engine gives what this machine gives alone: the same findings, events and records of every row."""

import os
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner

import levensloop as ll
from levensloop.cli import main
from levensloop.errors import UserError
from levensloop.scale import engines, outofcore, partition
from levensloop.scale.hashing import parts_of
from levensloop.scale.partition import BY_YOUTH, merge_part, name_of
from levensloop.tables import plain

TABLES = (*BY_YOUTH, "records", "findings", "assessed")
DETECTORS = (ll.Gap(), ll.OutOfView(), ll.Waiting(), ll.Handover(), ll.AgeLimit(), ll.NoEvaluation())
PARTS = 7


def rows(table):
    return sorted(map(repr, plain(table).to_pylist()))


@pytest.fixture(scope="module")
def delivery(tmp_path_factory):
    """Forty youths with rows in three files each, and one who is alone in a part; some parts have nobody."""
    folder = tmp_path_factory.mktemp("engines") / "delivery"
    folder.mkdir()
    names = pa.array([f"P{number:04d}" for number in range(400)])
    part = parts_of(names, PARTS)
    youths = [name for name, at in zip(names.to_pylist(), part, strict=True) if at < PARTS - 3][:40]
    lonely = names[int((part == PARTS - 2).argmax())].as_py()
    for place, agency in enumerate(("ggz", "bjz", "school")):
        lines = ["person;birth;agency;sector;kind;start;end;to_agency;reason"]
        for number, youth in enumerate(youths):
            start = date(2003, 1, 1) + timedelta(days=37 * number + 200 * place)
            end = start + timedelta(days=60 + number)
            lines.append(f"{youth};1990-0{number % 9 + 1};{agency};youth_care;care;{start};{end};;no_show")
            lines.append(f"{youth};;{agency};youth_care;referral;{end};;{('bjz', 'ggz', 'bjz')[place]};")
        lines.append(f"{youths[0]};;{agency};youth_care;contact;2005-02-30;;;")
        (folder / f"{agency}.csv").write_text("\n".join(lines) + "\n")
    with (folder / "ggz.csv").open("a") as file:
        file.write(f"{lonely};1991;ggz;youth_care;evaluation;2006-05-01;;;\n;;ggz;;contact;2005-01-01;;;\n")
    return folder


@pytest.fixture(scope="module", autouse=True)
def in_parts():
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(outofcore, "_parts", lambda *_: PARTS)
        yield


@pytest.fixture(scope="module")
def local(delivery, tmp_path_factory):
    return ll.run(delivery, tmp_path_factory.mktemp("local") / "out", *DETECTORS, processes=1)


@pytest.fixture(scope="module")
def spark():
    sql = pytest.importorskip("pyspark.sql", reason="the extra `spark` is not installed")
    if shutil.which("java") is None and "JAVA_HOME" not in os.environ:
        pytest.skip("Spark needs Java")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYSPARK_PYTHON", sys.executable)
        patch.setenv("SPARK_LOCAL_IP", "127.0.0.1")
        build = sql.SparkSession.builder.master("local[2]").config("spark.ui.enabled", "false")
        # It lives for seconds: code is compiled once and lightly.
        build = build.config("spark.driver.extraJavaOptions", "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC")
        made = build.config("spark.sql.codegen.wholeStage", "false").getOrCreate()
        made.sparkContext.setLogLevel("ERROR")
        yield made
        made.stop()


@pytest.fixture(scope="module")
def client():
    distributed = pytest.importorskip("distributed", reason="the extra `dask` is not installed")
    with (
        distributed.LocalCluster(
            n_workers=2, threads_per_worker=1, dashboard_address="127.0.0.1:0", host="127.0.0.1"
        ) as cluster,
        distributed.Client(cluster) as made,
    ):
        yield made


def all_rows(dataset):
    found = {name: [] for name in TABLES}
    for number in range(dataset.parts):
        folder = dataset.path / f"part-{number:05d}"
        for name in TABLES:
            found[name].append(rows(pq.ParquetFile(folder / f"{name}.parquet").read()))
    return found


def same(made, local):
    assert made.parts == local.parts == PARTS
    assert made.summary == local.summary
    assert all_rows(made) == all_rows(local)
    for name in ("records", "sources", "agencies", "groups"):
        assert rows(pq.ParquetFile(made.path / f"{name}.parquet").read()) == rows(
            pq.ParquetFile(local.path / f"{name}.parquet").read()
        )
    assert not list(made.path.rglob("*.unfinished"))


def test_alone_it_is_what_memory_gives(local, delivery):
    events = ll.read(delivery)
    cohort = ll.merge(events, ll.link(events))
    found = ll.detect(cohort, *DETECTORS)
    assert rows(local.findings().to_arrow()) == rows(found.to_arrow())
    assert rows(local.findings().assessed.to_arrow()) == rows(found.assessed.to_arrow())
    sizes = [len(local.part(number)) for number in range(PARTS)]
    assert sizes.count(0) >= 1
    assert 1 in sizes
    assert local.summary["fates"]["rejected"] == 4
    assert len(found) > 100


def test_threads_of_dask(delivery, local, tmp_path):
    pytest.importorskip("distributed", reason="the extra `dask` is not installed")
    same(ll.run(delivery, tmp_path / "out", *DETECTORS, engine="dask", processes=2), local)


def test_workers_of_dask(client, delivery, local, tmp_path):
    from levensloop.scale.dask import Dask

    assert Dask().workers == 2
    same(ll.run(delivery, tmp_path / "out", *DETECTORS, engine=Dask(client)), local)


def test_spark(spark, delivery, local, tmp_path):
    steps = []
    made = ll.run(
        delivery, tmp_path / "out", *DETECTORS, engine="spark", progress=lambda *step: steps.append(step)
    )
    same(made, local)
    assert steps[-1] == ("detect", PARTS, PARTS)
    assert spark.sparkContext.defaultParallelism == 2


@pytest.mark.usefixtures("client")
def test_a_frame_of_dask(local):
    from levensloop.scale import dask

    for assessed in (False, True):
        frame = dask.findings(local, *DETECTORS, assessed=assessed)
        assert frame.npartitions == PARTS
        table = pa.Table.from_pandas(frame.compute(), preserve_index=False)
        whole = local.findings()
        assert rows(table) == rows((whole.assessed if assessed else whole).to_arrow())


@pytest.mark.usefixtures("spark")
def test_a_frame_of_spark(local):
    from levensloop.scale import spark as on_spark

    for assessed in (False, True):
        frame = on_spark.findings(local, *DETECTORS, assessed=assessed)
        assert frame.rdd.getNumPartitions() == PARTS
        whole = local.findings()
        assert rows(frame.toArrow()) == rows((whole.assessed if assessed else whole).to_arrow())


def test_what_the_frames_of_another_engine_hold_is_delivered_as_files(spark, delivery, tmp_path):
    """Who has a frame writes it where the workers can read it, a file a partition."""
    frame = spark.read.csv(str(delivery), sep=";", header=True)
    frame.repartition(4).write.parquet(str(tmp_path / "delivery" / "chain"))
    (tmp_path / "delivery" / "delivery.toml").write_text(
        '[[source]]\nfile = "chain/*.parquet"\nwindow = [2000-01-01, 2008-12-31]\n'
    )
    events = ll.read(tmp_path / "delivery")
    cohort = ll.merge(events, ll.link(events))
    made = ll.run(tmp_path / "delivery", tmp_path / "out", *DETECTORS, engine="spark")
    assert len(made.summary["sources"]) == 4
    assert rows(made.findings().to_arrow()) == rows(ll.detect(cohort, *DETECTORS).to_arrow())


@pytest.mark.usefixtures("spark", "client")
def test_faults_of_files_are_told_by_every_engine_in_the_same_words(tmp_path):
    file = tmp_path / "gp.csv"
    file.write_text("name;agency\na;GP\n")
    numbers = tmp_path / "numbers.csv"
    numbers.write_text("person;agency;kind;start\n" + "".join(f"{n};GP;contact;2005\n" for n in NUMBERS))
    for engine in ("spark", "dask"):
        with pytest.raises(UserError, match="the column is missing"):
            ll.run(file, tmp_path / "out", engine=engine)
        with pytest.raises(UserError, match="citizen"):
            ll.run(numbers, tmp_path / "out", engine=engine)
        assert not (tmp_path / "out").exists()


NUMBERS = [
    n
    for n in range(111_111_110, 111_113_500)
    if sum(int(d) * w for d, w in zip(str(n), (9, 8, 7, 6, 5, 4, 3, 2, -1), strict=True)) % 11 == 0
]


class Twice:
    """An engine that gives every task to two workers at the same time, the last task first."""

    workers = 1

    def map(self, work, tasks):
        with ThreadPoolExecutor(2) as pool:
            for place in reversed(range(len(tasks))):
                both = [pool.submit(work, *tasks[place]) for _ in range(2)]
                first, _ = [one.result() for one in both]
                yield place, first


def test_an_engine_may_do_a_task_twice(delivery, local, tmp_path):
    same(ll.run(delivery, tmp_path / "out", *DETECTORS, engine=Twice()), local)


def test_of_two_workers_on_one_part_the_second_finds_it_done(delivery, local, tmp_path, monkeypatch):
    made = ll.run(delivery, tmp_path / "out", *DETECTORS, engine=Late(monkeypatch))
    same(made, local)


class Late:
    """Of each part another worker is done while the first one is merging it."""

    workers = 1

    def __init__(self, patch):
        self.patch = patch

    def map(self, work, tasks):
        for place, task in enumerate(tasks):
            if work is merge_part:
                true = partition.unfinished

                def done_by_another(target, true=true, task=task):
                    self.patch.setattr(partition, "unfinished", true)
                    merge_part(*task)
                    return true(target)

                self.patch.setattr(partition, "unfinished", done_by_another)
            yield place, work(*task)


@pytest.mark.usefixtures("client")
def test_a_run_goes_on_with_another_engine(delivery, local, tmp_path):
    class Stops(engines.Local):
        def map(self, work, tasks):
            yield from super().map(work, tasks[:3] if work is merge_part else tasks)
            if work is merge_part:
                raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        ll.run(delivery, tmp_path / "out", *DETECTORS, engine=Stops(1))
    began = [(tmp_path / "out" / name_of(part)).stat().st_mtime_ns for part in range(3)]
    same(ll.run(delivery, tmp_path / "out", *DETECTORS, engine="dask"), local)
    for part, at in enumerate(began):
        assert (tmp_path / "out" / name_of(part) / "events.parquet").stat().st_mtime_ns <= at


@pytest.mark.usefixtures("client")
def test_the_command_with_an_engine(delivery, tmp_path):
    done = CliRunner().invoke(
        main, ["run", str(delivery), "--out", str(tmp_path / "out"), "--engine", "dask", "--lang", "en"]
    )
    assert done.exit_code == 0, done.output
    assert "41 youths" in done.output
    assert ll.load(tmp_path / "out").parts == PARTS


def test_the_scheduler_that_the_settings_name(client, monkeypatch):
    import dask
    import distributed

    from levensloop.scale.dask import Dask

    def none():
        raise ValueError

    monkeypatch.setattr(distributed, "default_client", none)
    with dask.config.set({"scheduler-address": client.scheduler.address}):
        found = Dask()
    assert found.workers == 2
    found._client.close()


@pytest.mark.parametrize(
    ("engine", "module", "words"), [("dask", "distributed", "Dask"), ("spark", "pyspark.sql", "Spark")]
)
def test_what_is_not_installed_is_told(engine, module, words, monkeypatch, tmp_path):
    monkeypatch.setitem(sys.modules, module, None)
    hint = rf"{words} is not installed. Hint: pip install 'levensloop\[{engine}\]'"
    with pytest.raises(UserError, match=hint):
        ll.run("delivery", tmp_path / "out", engine=engine)


def test_spark_without_java_is_told(tmp_path):
    pytest.importorskip("pyspark", reason="the extra `spark` is not installed")
    words = "from levensloop.scale.spark import Spark; Spark()"
    told = subprocess.run(
        [sys.executable, "-c", words], env={**os.environ, "JAVA_HOME": str(tmp_path)}, capture_output=True,
        text=True, check=False,
    )  # fmt: skip
    assert "UserError: Spark does not start; it needs Java 17" in told.stderr


def test_an_engine_that_cannot_be_is_told(delivery, tmp_path):
    with pytest.raises(UserError, match="choose from local, dask, spark"):
        ll.run(delivery, tmp_path / "out", engine="flink")
    many = Twice()
    many.workers = 40
    with pytest.raises(UserError, match="of all 40 workers together: at least 20000MB"):
        ll.run(delivery, tmp_path / "out", engine=many)
