"""Side by side: labels of one timeline by levensloop and by four ways of placing labels.

    python benchmarks/figures.py --peer python3 [--events 12 40]

`--peer` is an interpreter with matplotlib, adjustText, textalloc and labella; those that it lacks are
named and left out. Every way draws the same events, dates and texts on a canvas of 1920 by 1080 with
letters of 24 pixels; overlaps, crossings and what is off the canvas are counted from the rectangles of
the texts as they were drawn.
"""

import argparse
import json
import subprocess
import sys
import time
from pathlib import Path

WIDTH, HEIGHT, LETTER = 1920, 1080, 24
PEERS = ("matplotlib's timeline example", "adjustText", "textalloc", "labella")


def overlaps(boxes: list[list[float]]) -> int:
    """How many pairs of rectangles share more than a pixel and a half."""
    return sum(
        min(a[2], b[2]) - max(a[0], b[0]) > 1.5 and min(a[3], b[3]) - max(a[1], b[1]) > 1.5
        for at, a in enumerate(boxes)
        for b in boxes[at + 1 :]
    )


def crossings(leaders: list[list[float]]) -> int:
    """How many pairs of straight leaders cross."""

    def side(p: tuple[float, float], q: tuple[float, float], r: tuple[float, float]) -> float:
        return (q[0] - p[0]) * (r[1] - p[1]) - (q[1] - p[1]) * (r[0] - p[0])

    ends = [((x0, y0), (x1, y1)) for x0, y0, x1, y1 in leaders]
    return sum(
        side(*a, b[0]) * side(*a, b[1]) < -1e-9 and side(*b, a[0]) * side(*b, a[1]) < -1e-9
        for at, a in enumerate(ends)
        for b in ends[at + 1 :]
    )


def outside(boxes: list[list[float]]) -> int:
    """How many rectangles leave the canvas."""
    return sum(b[0] < -0.5 or b[1] < -0.5 or b[2] > WIDTH + 0.5 or b[3] > HEIGHT + 0.5 for b in boxes)


def counted(way: str, count: int, drawn: dict[str, list[list[float]]], seconds: float, sheets: int) -> None:
    """One line of the table."""
    boxes, leaders = drawn["boxes"], drawn["leaders"]
    sums = f"{overlaps(boxes):>9}{crossings(leaders):>11}{outside(boxes):>9}{seconds:>9.2f}{sheets:>7}"
    print(f"{way:<32}{count:>7}{len(boxes):>7}{sums}")


def life(count: int) -> list[tuple[str, str]]:
    """Day and text of each event."""
    texts = (
        "School: absence reported",
        "Clinic: referral by the GP",
        "Youth team: plan agreed with parents",
        "Crisis shelter: place for four weeks",
        "Police: incident at school",
    )
    days = sorted((at * 7919) % 1600 for at in range(count))
    months = [f"{2001 + day // 365}-{1 + day % 365 // 31:02}-{1 + day % 28:02}" for day in days]
    return [(month, texts[at % len(texts)]) for at, month in enumerate(sorted(months))]


def ours(count: int) -> None:
    """Pages of levensloop; rectangles and leaders of every page."""
    import levensloop as ll
    from levensloop.figures.scene import Line, Rect

    rows = [
        {"person": "y", "agency": text.split(":")[0], "sector": "health", "kind": "contact", "start": day,
         "what": text.split(": ")[1]}
        for day, text in life(count)
    ]  # fmt: skip
    import pandas as pd

    events = ll.Events(pd.DataFrame(rows))
    cohort = ll.merge(events, ll.link(events))
    line = cohort[next(iter(cohort))]
    ll.figures.life_course(line, pages="auto", lang="en")
    begun = time.perf_counter()
    pages = ll.figures.life_course(line, pages="auto", lang="en")
    for page in pages:
        page.canvas.draw()
    seconds = time.perf_counter() - begun
    boxes: list[list[float]] = []
    leaders: list[list[float]] = []
    for at, page in enumerate(pages):
        down = at * 10 * HEIGHT  # pages never meet
        for mark in page.scene.marks:
            if isinstance(mark, Rect) and mark.role == "box":
                boxes.append([mark.x, mark.y + down, mark.x + mark.width, mark.y + mark.height + down])
            elif isinstance(mark, Line) and mark.role == "leader":
                (x0, y0), (x1, y1) = mark.points[0], mark.points[-1]
                leaders.append([x0, y0 + down, x1, y1 + down])
    off = outside([[b[0], b[1] % (10 * HEIGHT), b[2], b[3] % (10 * HEIGHT)] for b in boxes])
    sums = f"{overlaps(boxes):>9}{crossings(leaders):>11}{off:>9}{seconds:>9.2f}{len(pages):>7}"
    print(f"{'levensloop':<32}{count:>7}{len(boxes):>7}{sums}")


def main() -> None:
    """The table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--peer", default=sys.executable)
    parser.add_argument("--events", nargs="+", type=int, default=[12, 40])
    chosen = parser.parse_args()
    print(
        f"{'':<32}{'events':>7}{'boxes':>7}{'overlaps':>9}{'crossings':>11}{'outside':>9}{'seconds':>9}{'pages':>7}"
    )
    script = Path(__file__).with_name("figure_peers.py")
    for count in chosen.events:
        ours(count)
        for way in PEERS:
            command = [chosen.peer, str(script), way, json.dumps(life(count))]
            done = subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)  # noqa: S603
            if done.returncode:
                print(f"{way:<32}{count:>7}  left out: {done.stderr.strip().splitlines()[-1]}")
                continue
            said = json.loads(done.stdout.splitlines()[-1])
            counted(way, count, said, said["seconds"], 1)


if __name__ == "__main__":
    main()
