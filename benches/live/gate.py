"""What the motion gate saves on a still scene with the noise of a sensor."""

from __future__ import annotations

import statistics

import clips
import show
from result import Result
from window import Window, run

WANTED = 5.0
SIZES = ((640, 360), (1280, 720))
FPS = 5
SETTLE_S = 8.0
"""Until the gate has learnt its noise, and what moved at the start has passed."""


def measure(seconds: float, rounds: int, cameras: int) -> Result:
    """Rounds with and without, in turn, at each size."""
    rows, figures, problems = [], {}, []
    for size in SIZES:
        clip = clips.still(*size, FPS)
        windows: dict[str, list[Window]] = {"gate": [], "no gate": []}
        for _ in range(rounds):
            for name, of in windows.items():
                options = ["--no-motion-gate"] if name == "no gate" else []
                of.append(run([clip], cameras, size, seconds, SETTLE_S, options))
        label = f"{size[0]}x{size[1]}"
        cost = {name: statistics.median(w.cpu_a_camera_second for w in of) for name, of in windows.items()}
        ratio = show.ratio(cost["no gate"], cost["gate"])
        for name, of in windows.items():
            rows.append(_row(label, name, of, cost[name], ratio if name == "gate" else None))
            problems += [f"{label}, {name}: {problem}" for window in of for problem in window.problems]
        figures[label] = {
            "cpu_a_camera_second": cost,
            "ratio": ratio,
            "windows": {name: [window.as_json() for window in of] for name, of in windows.items()},
        }
    head = ("still scene", "gate", "processor ms a camera-second", "of it inference", "decode", "network")
    text = show.table(
        (*head, "gate, watch, tracks", "rest", "frames looked at", "times less"), rows
    )
    text += (
        f"\n{cameras} cameras at {FPS} frames/s, medians of {rounds} rounds of {seconds:.0f} s in turn; "
        f"wanted: at least {WANTED:.0f} times less"
    )
    return Result("Motion gate", text, figures, problems)


def _row(label: str, name: str, of: list[Window], cost: float, ratio: object) -> list[str]:
    def part(*groups: str) -> str:
        each = (sum(w.cpu_by_group_s[g] for g in groups) / (w.cameras * w.seconds) for w in of)
        return show.ms(statistics.median(each))

    frames = sum(window.frames for window in of)
    looked = sum(window.looked for window in of) / frames if frames else 0.0
    cells = [label, "yes" if name == "gate" else "no", show.ms(cost)]
    cells += [part("inference"), part("decode"), part("network"), part("gate, watch, tracks")]
    return cells + [part("rules, bus", "other"), f"{100 * looked:.1f} %", show.number(ratio)]
