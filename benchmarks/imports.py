"""What loading levensloop costs over bare Python: `import levensloop`, and what is loaded once `read` was called.

Each in fifteen processes, in turns. Told are wall and processor time, medians, less those of bare Python; a machine that
others use makes the first larger than the second, and threads make the second larger than the first: the lesser one
counts. Reading is that of a CSV of two rows. Leaves with 1 if a target is missed, or if pandas, pyarrow.dataset,
matplotlib or networkx were loaded, or numpy at the import.

    python benchmarks/imports.py [processes]
"""

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

ROWS = "person,agency,sector,kind,start,end\na,GP,health,contact,2005-03-02,\nb,GP,health,care,2005-03-02,2006-01-01\n"
#: What each may cost over bare Python, in milliseconds, and what it may not load.
TARGETS = {
    "import levensloop": (25, ("numpy", "pyarrow", "pandas", "matplotlib", "networkx")),
    "read": (250, ("pandas", "pyarrow.dataset", "matplotlib", "networkx")),
}


def once(code: str, folder: str) -> tuple[float, float]:
    """Milliseconds on the wall and of processors of one process, whose modules are compiled in a folder."""
    compiled = {**os.environ, "PYTHONPYCACHEPREFIX": folder, "PYTHONDONTWRITEBYTECODE": ""}
    start = time.perf_counter()
    process = subprocess.Popen([sys.executable, "-c", code], env=compiled)  # noqa: S603 # our own code
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"{code!r} failed")
    return (time.perf_counter() - start) * 1000, (used.ru_utime + used.ru_stime) * 1000


def loaded(code: str, names: tuple[str, ...]) -> str:
    """Which of some modules a piece of code loads."""
    told = subprocess.run(  # noqa: S603 # our own code
        [
            sys.executable,
            "-c",
            f"import sys\n{code}\nprint(*[name for name in {names} if name in sys.modules])",
        ],
        capture_output=True,
        check=True,
        text=True,
    )
    return told.stdout.strip()


def main() -> int:
    """Print both, what they may cost, and what they load."""
    times = int(sys.argv[1]) if len(sys.argv) > 1 else 15
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "two.csv"
        path.write_text(ROWS)
        codes = {
            "bare": "pass",
            "import levensloop": "import levensloop",
            "numpy, pyarrow, pyarrow.compute": "import numpy, pyarrow, pyarrow.compute",
            "read": f"import levensloop as ll; ll.read({str(path)!r})",
        }
        for code in codes.values():
            once(
                code, folder
            )  # from now on all modules are compiled and in memory, as when they are installed
        rounds = [{name: once(code, folder) for name, code in codes.items()} for _ in range(times)]
        forbidden = {name: loaded(codes[name], names) for name, (_, names) in TARGETS.items()}
    wall, cpu = ({name: median(each[name][at] for each in rounds) for name in codes} for at in (0, 1))
    print(f"{'over bare Python':34} {'wall':>9} {'processor':>10} {'at most':>9}")
    missed = False
    for name in list(codes)[1:]:
        over = wall[name] - wall["bare"], cpu[name] - cpu["bare"]
        most, _ = TARGETS.get(name, (None, ()))
        missed |= most is not None and min(over) > most
        print(f"{name:34} {over[0]:6.0f} ms {over[1]:7.0f} ms {f'{most:6} ms' if most else ''}")
    for name, names in forbidden.items():
        if names:
            print(f"{name} loads {names}")
    return int(missed or any(forbidden.values()))


if __name__ == "__main__":
    sys.exit(main())
