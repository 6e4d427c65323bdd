"""Mutation testing: whether the tests notice when one thing in the code is wrong.

Mutants are made of the syntax tree of a module: one comparison, operator, constant, call or statement is changed.
First every test is run once, to see which functions it calls. Each mutant then runs, in a forked process
of its own, the tests that call its function, the quickest first, until one fails. The functions live on under
their own names with other code, so nothing is imported anew and no file is touched; that is why hundreds of mutants of array code
fit in the time that rewriting files takes for a few.

What this cannot see counts as survived: constants of a module, what is kept from a first call, and tests beyond
`--seconds` of running time. No mutant is taken out for being equivalent.

    python benchmarks/mutation.py [--sample 40] [--seconds 30] [--report FILE] [FILE ...]
"""

import argparse
import ast
import gc
import importlib
import json
import math
import os
import random
import signal
import sys
import tempfile
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from copy import deepcopy
from pathlib import Path
from types import CodeType, FrameType, FunctionType
from typing import Any, NamedTuple

import pytest

ROOT = Path(__file__).parents[1]
SOURCE = ROOT / "src"
QUIET = ["-q", "-n", "0", "-p", "no:cacheprovider", "-p", "no:randomly", "-W", "ignore", "-o", "addopts="]
SWAPPED = {
    ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt, ast.Eq: ast.NotEq, ast.NotEq: ast.Eq,
    ast.In: ast.NotIn, ast.NotIn: ast.In, ast.Is: ast.IsNot, ast.IsNot: ast.Is,
    ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.FloorDiv, ast.FloorDiv: ast.Mult,
    ast.BitAnd: ast.BitOr, ast.BitOr: ast.BitAnd, ast.And: ast.Or, ast.Or: ast.And,
}  # fmt: skip
RENAMED = {"minimum": "maximum", "min": "max", "any": "all"}
RENAMED |= {new: old for old, new in RENAMED.items()}
Function = ast.FunctionDef | ast.AsyncFunctionDef
Tests = Sequence[tuple[float, str]]
Calls = Mapping[str, Tests]


class Site(NamedTuple):
    """One place in a function that can be changed in one way: its number in the walk over that function."""

    function: str
    line: int
    number: int
    change: str


def functions(tree: ast.Module) -> Iterator[tuple[str, Function]]:
    """The functions of a module and the methods of its classes, by their qualified names."""
    for node in tree.body:
        if isinstance(node, Function):
            yield node.name, node
        elif isinstance(node, ast.ClassDef):
            yield from ((f"{node.name}.{own.name}", own) for own in node.body if isinstance(own, Function))


def change_of(node: ast.AST) -> str | None:  # noqa: PLR0911 - a kind of change a line
    """How a node can be changed, in words."""
    match node:
        case ast.Compare(ops=[op]) | ast.BinOp(op=op) | ast.AugAssign(op=op) | ast.BoolOp(op=op) if (
            type(op) in SWAPPED
        ):
            return f"{type(op).__name__} -> {SWAPPED[type(op)].__name__}"
        case ast.UnaryOp(op=ast.Not() | ast.Invert() | ast.USub()):
            return f"{type(node.op).__name__} removed"
        case ast.Attribute(attr=name) | ast.Name(id=name) if name in RENAMED:
            return f"{name} -> {RENAMED[name]}"
        case ast.Constant(value=bool() | int() | str()):
            return f"constant {node.value!r:.30}"
        case ast.If() | ast.IfExp():
            return "condition reversed"
        case ast.Assign(targets=[ast.Subscript()]) | ast.Expr(value=ast.Call()):
            return "statement removed"
        case _:
            return None


def changed(node: Any) -> ast.AST:  # noqa: ANN401 - any node of a syntax tree
    """The node with its change."""
    match node:
        case ast.Compare():
            node.ops = [SWAPPED[type(node.ops[0])]()]
        case ast.BinOp() | ast.AugAssign() | ast.BoolOp():
            node.op = SWAPPED[type(node.op)]()
        case ast.UnaryOp():
            return node.operand
        case ast.Attribute():
            node.attr = RENAMED[node.attr]
        case ast.Name():
            node.id = RENAMED[node.id]
        case ast.Constant(value=bool()):
            node.value = not node.value
        case ast.Constant(value=int()):
            node.value += 1
        case ast.Constant():
            node.value += "_"
        case ast.If() | ast.IfExp():
            node.test = ast.UnaryOp(ast.Not(), node.test)
        case _:
            return ast.Pass()
    return node


def walked(function: Function) -> list[ast.AST]:
    """What runs when the function is called, in a fixed order: no annotation, default or docstring."""
    found: list[ast.AST] = []

    def visit(node: ast.AST) -> None:
        if isinstance(node, ast.JoinedStr):
            return  # words of a message
        found.append(node)
        for name, value in ast.iter_fields(node):
            if name not in (
                "annotation",
                "returns",
                "decorator_list",
                "args" if isinstance(node, Function) else "",
            ):
                for child in value if isinstance(value, list) else [value]:
                    if isinstance(child, ast.AST):
                        visit(child)

    body = function.body[1:] if ast.get_docstring(function) else function.body
    for statement in body:
        visit(statement)
    return found


def sites(source: str) -> list[Site]:
    """Every place in a module that can be changed."""
    return [
        Site(name, node.lineno, number, change)
        for name, function in functions(ast.parse(source))
        for number, node in enumerate(walked(function))
        if (change := change_of(node))
    ]


def mutated(source: str, site: Site, file: str) -> CodeType:
    """The code of the function of a site, with that one change."""
    tree = deepcopy(ast.parse(source))
    function = dict(functions(tree))[site.function]
    target = walked(function)[site.number]

    class Change(ast.NodeTransformer):
        def visit(self, node: ast.AST) -> ast.AST:
            return changed(node) if node is target else self.generic_visit(node)

    code = compile(ast.fix_missing_locations(Change().visit(tree)), file, "exec")
    return next(one for one in nested(code) if one.co_qualname == site.function)


def nested(code: CodeType) -> Iterator[CodeType]:
    """A code object and all within."""
    yield code
    for const in code.co_consts:
        if isinstance(const, CodeType):
            yield from nested(const)


def put(module: str, code: CodeType) -> None:
    """Let every function of a module with that name run other code."""
    for one in gc.get_objects():
        if (
            isinstance(one, FunctionType)
            and one.__module__ == module
            and one.__qualname__ == code.co_qualname
        ):
            one.__code__ = code


class Watch:
    """A plugin of pytest that notes which functions of some files each test calls, and how long it takes."""

    def __init__(self, files: set[str]) -> None:
        self.files, self.tests, self.now = files, {}, set()

    def note(self, frame: FrameType, event: str, _: object) -> None:
        """Note one call."""
        if event == "call" and frame.f_code.co_filename in self.files:
            self.now.add(f"{frame.f_code.co_filename}::{frame.f_code.co_qualname.split('.<locals>')[0]}")

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Iterator[None]:
        """Watch one test."""
        self.now, start = set(), time.perf_counter()
        sys.setprofile(self.note)
        threading.setprofile(self.note)
        try:
            return (yield)
        finally:
            sys.setprofile(None)
            threading.setprofile(None)
            self.tests[item.nodeid] = (time.perf_counter() - start, sorted(self.now))


def forked(task: Callable[[], int], limit: float) -> int:
    """Start a task in a process of its own that is stopped after a number of seconds."""
    child = os.fork()
    if child:
        return child
    os.nice(10)
    signal.signal(signal.SIGALRM, lambda *_: os._exit(99))
    signal.setitimer(signal.ITIMER_REAL, limit)
    silent = os.open(os.devnull, os.O_WRONLY)
    os.dup2(silent, 1)
    os.dup2(silent, 2)
    code = 98
    try:
        code = int(task())
    finally:
        os._exit(code)


def watched(files: Sequence[Path], tests: Sequence[str]) -> dict[str, list[tuple[float, str]]]:
    """For each function the tests that call it, the quickest first."""
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "tests.json"

        def task() -> int:
            watch = Watch({str(file) for file in files})
            code = pytest.main([*QUIET, *tests], plugins=[watch])
            out.write_text(json.dumps(watch.tests))
            return code

        _, status = os.waitpid(forked(task, 3600), 0)
        if os.waitstatus_to_exitcode(status):
            sys.exit("the tests fail without any mutant")
        told = json.loads(out.read_text())
    calls: dict[str, list[tuple[float, str]]] = defaultdict(list)
    for test, (seconds, called) in told.items():
        for name in called:
            calls[name].append((seconds, test))
    return {name: sorted(held) for name, held in calls.items()}


def within(tests: Sequence[tuple[float, str]], seconds: float) -> list[tuple[float, str]]:
    """The first tests that fit in a number of seconds."""
    total, fit = 0.0, []
    for one in tests:
        total += one[0]
        if fit and total > seconds:
            break
        fit.append(one)
    return fit


def interval(killed: int, of: int) -> tuple[float, float]:
    """The 95 % interval of Wilson of a share."""
    if not of:
        return 0.0, 1.0
    z, p = 1.96, killed / of
    middle, half = p + z * z / (2 * of), z * math.sqrt(p * (1 - p) / of + z * z / (4 * of * of))
    return max(middle - half, 0.0) / (1 + z * z / of), (middle + half) / (1 + z * z / of)


def outcomes(
    mutants: Sequence[tuple[Path, Site]], calls: Calls, seconds: float
) -> Iterator[tuple[Path, Site, bool]]:
    """Each mutant, and whether a test noticed it; two at a time."""
    running: dict[int, tuple[Path, Site]] = {}

    def ended() -> tuple[Path, Site, bool]:
        child, status = os.wait()
        return (*running.pop(child), os.waitstatus_to_exitcode(status) != 0)

    for file, site in mutants:
        tests = within(calls.get(f"{file}::{site.function}", []), seconds)
        if not tests:
            yield file, site, False
            continue
        code = mutated(file.read_text("utf-8"), site, str(file))

        def task(code: CodeType = code, file: Path = file, tests: Tests = tests) -> int:
            put(".".join(file.relative_to(SOURCE).with_suffix("").parts), code)
            return pytest.main([*QUIET, "-x", *(name for _, name in tests)])

        running[forked(task, 20 + 5 * sum(took for took, _ in tests))] = file, site
        if len(running) == (os.cpu_count() or 1):
            yield ended()
    while running:
        yield ended()


def table(found: Sequence[tuple[Path, Site, bool]], made: dict[Path, int]) -> Iterator[str]:
    """The share that was killed, per file and in all."""
    yield "| file | can be made | tried | killed | share | 95 % interval |"
    yield "|---|---|---|---|---|---|"
    for name, files in [*((file.name, [file]) for file in made), ("all", list(made))]:
        tried = [killed for file, _, killed in found if file in files]
        low, high = interval(sum(tried), len(tried))
        share = sum(tried) / max(len(tried), 1)
        yield (
            f"| {name} | {sum(made[file] for file in files):,} | {len(tried)} | {sum(tried)} | {share:.0%} "
            f"| {low:.0%} to {high:.0%} |"
        )


def main() -> int:
    """Print a table of what was killed, and write down what survived."""
    ask = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    ask.add_argument("files", nargs="*", type=Path)
    ask.add_argument("--tests", nargs="+", default=["tests"])
    ask.add_argument("--sample", type=int, default=40, help="mutants a file; 0 for all")
    ask.add_argument("--seconds", type=float, default=30, help="of tests for a mutant")
    ask.add_argument("--seed", type=int, default=1)
    ask.add_argument("--report", type=Path, default=Path("build/mutants.txt"))
    given = ask.parse_args()
    package = SOURCE / "levensloop"
    files = [file.resolve() for file in given.files] or [
        package / "spans.py", package / "dates.py",
        *sorted(file for file in (package / "detectors").glob("*.py") if file.stem != "__init__"),
    ]  # fmt: skip
    for file in files:
        importlib.import_module(".".join(file.relative_to(SOURCE).with_suffix("").parts))
    calls = watched(files, given.tests)
    pytest.main(
        [*QUIET, "--collect-only", "-qq", *given.tests]
    )  # what is imported here, no fork imports again
    dice, mutants, made = random.Random(given.seed), [], {}  # noqa: S311 - a sample, no secret
    for file in files:
        possible = sites(file.read_text("utf-8"))
        made[file] = len(possible)
        chosen = dice.sample(possible, min(given.sample or len(possible), len(possible)))
        mutants += [(file, site) for site in sorted(chosen)]
    given.report.parent.mkdir(parents=True, exist_ok=True)
    found = []
    with given.report.open("w", encoding="utf-8") as report:
        for file, site, killed in outcomes(mutants, calls, given.seconds):
            found.append((file, site, killed))
            if not killed:
                seen = "" if calls.get(f"{file}::{site.function}") else " (no test calls it)"
                print(
                    f"{file.name}:{site.line} {site.function}: {site.change}{seen}", file=report, flush=True
                )
    print("\n".join(table(found, made)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
