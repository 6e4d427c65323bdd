"""The project itself: what is imported when, what is told, and what may not stand in it."""

import ast
import importlib
import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

import levensloop
from levensloop.readers.layouts import parse

ROOT = Path(__file__).parents[1]
#: Joined here, so that this file itself does not name them.
HOSTS = [
    ".".join(parts)
    for parts in (("pypi", "org"), ("pythonhosted", "org"), ("npmjs", "org"), ("debian", "org"))
]
MACHINE_PATH = re.compile(r"(?<![\w.~}])/(?:work|root|home|opt|Users|mnt)/")
BINARY = {".parquet", ".xlsx", ".png", ".pdf", ".ods", ".xls"}


def tracked():
    """The files that git keeps or would keep; every file where there is no git."""
    git = shutil.which("git")
    if git and (ROOT / ".git").exists():
        command = [git, "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
        names = subprocess.run(command, cwd=ROOT, capture_output=True, check=True, text=True).stdout.split(
            "\0"
        )
        return sorted(ROOT / name for name in names if name and (ROOT / name).is_file())
    made = {".venv", "build", "_build", "__pycache__", "levensloop-demo", "generated"}
    return sorted(path for path in ROOT.rglob("*") if path.is_file() and not made & set(path.parts))


def run(code, *arguments, cwd=ROOT):
    # The user's own settings of Python must not decide what is seen here.
    return subprocess.run(
        [sys.executable, *code, *arguments], cwd=cwd, capture_output=True, text=True, check=False,
        env={**os.environ, "PYTHONWARNINGS": "error", "MPLBACKEND": "agg"},
    )  # fmt: skip


def blocks(path, language):
    return re.findall(
        rf"^```{language}\n(.*?)^```", (ROOT / path).read_text("utf-8"), re.DOTALL | re.MULTILINE
    )


def test_import_is_light():
    heavy = ["matplotlib", "networkx", "numpy", "pandas", "pyarrow"]
    told = run(["-c", f"import sys, levensloop; print([name for name in {heavy} if name in sys.modules])"])
    assert told.stdout.strip() == "[]", told.stderr


def test_reading_linking_and_merging_load_no_pandas_and_pyarrow_knows_it_once_it_is_loaded(tmp_path):
    (tmp_path / "two.csv").write_text(
        "person,agency,sector,kind,start,end,birth\n"
        "a,GP,health,contact,2005-03,,2000\na,GP,health,care,2005-03-02,2006-01-01,2001-05-06\n"
    )
    code = (
        "import sys, levensloop as ll\n"
        "events = ll.read('two.csv')\n"
        "assert len(events) == 2 and not events.faults, events.faults\n"
        "ll.merge(events, ll.link(events))\n"
        "print([name for name in ('pandas', 'pyarrow.dataset') if name in sys.modules])\n"
        "import pandas as pd, pyarrow as pa\n"
        "given = pa.array(pd.Series([1.0, float('nan')]))\n"
        "print(given.null_count, pa.array([pd.NaT, None], from_pandas=True).null_count, len(events.to_pandas()))\n"
        "print([type(one).__name__ for one in sys.meta_path if type(one).__module__.startswith('levensloop')])"
    )
    told = run(["-c", code], cwd=tmp_path)
    assert told.stdout.split("\n")[:3] == ["[]", "1 2 2", "[]"], told.stderr


def test_reading_and_detecting_draw_nothing():
    code = (
        "import sys, levensloop as ll\n"
        "events = ll.read('data/sample/jorien')\n"
        "ll.detect(ll.merge(events, ll.link(events)))\n"
        "print([name for name in ('matplotlib', 'networkx') if name in sys.modules])"
    )
    told = run(["-c", code])
    assert told.stdout.strip() == "[]", told.stderr


@pytest.mark.parametrize("name", levensloop.__all__)
def test_public_names_resolve_and_are_documented(name):
    assert getattr(levensloop, name).__doc__


def test_public_names_are_told():
    assert levensloop.__all__ == sorted(levensloop.__all__)
    assert set(levensloop.__all__) <= set(dir(levensloop))
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        _ = levensloop.nothing


def test_the_checker_sees_what_is_imported_when_asked_for():
    tree = ast.parse((ROOT / "src/levensloop/__init__.py").read_text("utf-8"))
    guarded = next(node for node in tree.body if isinstance(node, ast.If))
    seen = {alias.name: node.module for node in guarded.body for alias in node.names}
    assert sorted(seen) == levensloop.__all__
    for name, module in seen.items():
        assert getattr(importlib.import_module(module), name) is getattr(levensloop, name)


def test_version_is_the_same_everywhere():
    told = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    assert told["project"]["version"] == levensloop.__version__


def test_ten_lines_of_the_readme_are_the_example():
    script = (ROOT / "examples" / "ten_lines.py").read_text("utf-8")
    assert blocks("README.md", "python")[0] in script


def test_ten_lines_run(tmp_path):
    (tmp_path / "data").symlink_to(ROOT / "data")
    told = run([str(ROOT / "examples" / "ten_lines.py")], cwd=tmp_path)
    assert told.returncode == 0, told.stderr
    assert {"jorien-1.png", "jorien-3.png", "jorien.html"} <= {path.name for path in tmp_path.iterdir()}


def test_own_csv_runs(tmp_path):
    told = run([str(ROOT / "examples" / "own_csv.py")], str(tmp_path), cwd=tmp_path)
    assert told.returncode == 0, told.stderr
    assert "certain gap of 338 days: 2003-11-29 to 2004-10-31" in told.stdout
    assert (tmp_path / "youth-1-page-1.png").is_file()


def test_own_data_of_the_readme_run(tmp_path):
    (tmp_path / "own.csv").write_text(
        next(block for block in blocks("README.md", "text") if block.startswith("person,"))
    )
    told = run(["-c", blocks("README.md", "python")[1]], cwd=tmp_path)
    assert told.returncode == 0, told.stderr
    assert "338" in told.stdout
    assert (tmp_path / "youth-1.png").is_file()


def test_words_of_the_readme_are_the_vocabulary():
    from levensloop.schema import DEFAULT_COLUMNS, words

    text = (ROOT / "README.md").read_text("utf-8")
    told = set(re.findall(r"`(\w+)`", text))
    assert {
        *DEFAULT_COLUMNS,
        *words("kinds"),
        *words("sectors"),
        *words("initiatives"),
        *words("abouts"),
    } <= told


def test_layouts_of_the_documentation_are_sound():
    found = blocks("docs/layouts.md", "toml")
    layouts = [text for text in found if not text.startswith("# delivery.toml")]
    assert len(layouts) == len(found) - 1
    assert [parse(text, "page") for text in layouts if parse(text, "page").faults] == []


def test_links_of_the_readme_are_there():
    links = re.findall(r"\]\((?!https?:)([^)#]+)\)", (ROOT / "README.md").read_text("utf-8"))
    assert [link for link in links if not (ROOT / link).exists()] == []


def test_every_check_can_be_started():
    assert os.access(ROOT / ".ci" / "run", os.X_OK)


def test_no_host_of_a_registry_and_no_path_of_a_machine():
    wrong = []
    for path in tracked():
        if path.suffix not in BINARY:
            text = path.read_text("utf-8", errors="replace")
            if MACHINE_PATH.search(text) or any(host in text for host in HOSTS):
                wrong.append(path.relative_to(ROOT).as_posix())
    assert wrong == []


def test_versions_are_pinned():
    lines = (ROOT / "constraints.txt").read_text("utf-8").splitlines()
    pins = [line for line in lines if not line.startswith("#")]
    assert [line for line in pins if not re.fullmatch(r"[A-Za-z0-9._-]+==[\w.+!]+", line)] == []
    assert not any(line.startswith("levensloop") for line in pins)
