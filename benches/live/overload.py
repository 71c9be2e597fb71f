"""Twice what the machine can look at: does latency stay bounded, are drops fair, do sums close?"""

from __future__ import annotations

import math

import clips
import show
from result import Result
from window import Window, run

SIZE = (640, 360)
CAMERAS = 8
FPS_MAX = 30
RATIO_WANTED = 2.0
FAIR_WANTED = 2.0
OPTIONS = ["--no-motion-gate"]


def measure(seconds: float, rounds: int) -> Result:
    """Finds what the machine looks at when there is more than enough, then offers half and twice of it."""
    del rounds
    found = _capacity(max(8.0, seconds / 4))
    capacity = found.looked / found.seconds
    low = max(1, math.floor(capacity / 2 / CAMERAS))
    high = min(FPS_MAX, math.ceil(2 * capacity / CAMERAS))
    normal = _at(low, seconds)
    overloaded = _at(high, seconds)
    fair = fairness(overloaded)
    ratio = show.ratio(overloaded.latency_s["p99"], normal.latency_s["p99"])
    problems = normal.problems + overloaded.problems
    if normal.overload_share > 0.01:
        problems.append(f"{low} frames/s a camera were to be easy, and {100 * normal.overload_share:.1f} % were dropped")
    if fair is not None and fair >= FAIR_WANTED:
        problems.append(f"one camera lost {fair:.2f} times the share of another")
    rows = [_row("half", low, normal), _row("twice", high, overloaded)]
    text = show.table(
        ("load", "fps a camera", "offered/s", "looked at/s", "dropped", "mean ms", "p50 ms", "p99 ms"), rows
    )
    text += (
        f"\ncapacity {capacity:.1f} frames/s; p99 overloaded is {show.number(ratio, 2)} of normal (wanted: under "
        f"{RATIO_WANTED:.0f}); the most unlucky camera lost {show.number(fair, 2)} of the luckiest one's share "
        f"(wanted: under {FAIR_WANTED:.0f}); sums close: {'no' if problems else 'yes'}"
        f"\n{CAMERAS} cameras of {SIZE[0]}x{SIZE[1]} without the gate, {seconds:.0f} s each; the cameras run on "
        "the same machine, and take more of it the more they send"
    )
    figures = {
        "capacity": capacity,
        "fps": {"normal": low, "overloaded": high},
        "p99_ratio": ratio,
        "unfairness": fair,
        "normal": normal.as_json(),
        "overloaded": overloaded.as_json(),
    }
    return Result("Overload", text, figures, problems)


def fairness(window: Window) -> float | None:
    """Drops of the camera that lost most over those of the one that lost least; all send alike."""
    drops = window.dropped_by_camera.values()
    return max(drops) / min(drops) if drops and min(drops) > 0 else None


def _at(fps: int, seconds: float) -> Window:
    return run([clips.moving(*SIZE, fps)], CAMERAS, SIZE, seconds, 5.0, OPTIONS)


def _capacity(seconds: float) -> Window:
    """Raises the rate until a third is dropped."""
    fps = 5
    while True:
        window = _at(fps, seconds)
        if window.overload_share > 0.33 or fps >= FPS_MAX:
            return window
        fps = min(FPS_MAX, 2 * fps)


def _row(name: str, fps: int, window: Window) -> list[str]:
    return [
        name,
        str(fps),
        f"{CAMERAS * fps}",
        f"{window.looked / window.seconds:.1f}",
        f"{100 * window.overload_share:.1f} %",
        *(show.ms(window.latency_s[what]) for what in ("mean", "p50", "p99")),
    ]
