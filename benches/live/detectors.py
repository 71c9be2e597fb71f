"""Detector threads and batches on the processor: frames a second where there are always more."""

from __future__ import annotations

import statistics

import clips
import show
from result import Result
from window import Window, run

SIZE = (640, 360)
FPS = 10
CAMERAS = 12
CHOICES = tuple((threads, batch) for threads in (1, 2) for batch in (1, 4))


def measure(seconds: float, rounds: int) -> Result:
    """Every choice once in each round."""
    clip = clips.moving(*SIZE, FPS)
    windows: dict[tuple[int, int], list[Window]] = {choice: [] for choice in CHOICES}
    for _ in range(rounds):
        for (threads, batch), of in windows.items():
            options = ["--no-motion-gate", "--threads", threads, "--batch-max", batch]
            of.append(run([clip], CAMERAS, SIZE, seconds, 5.0, options))
    rows, figures, problems = [], {}, []
    for (threads, batch), of in windows.items():
        rate = [window.looked / window.seconds for window in of]
        cost = statistics.median(window.cpu_s / window.looked for window in of if window.looked)
        last = of[-1]
        rows.append(
            [
                threads,
                batch,
                f"{statistics.median(rate):.1f} ({min(rate):.1f} to {max(rate):.1f})",
                show.ms(cost),
                show.ms(last.stages_s["inference"]["mean"]),
                show.ms(last.stages_s["wait"]["mean"]),
                show.ms(last.latency_s["p50"]),
                show.ms(last.latency_s["p99"]),
                f"{100 * last.overload_share:.0f} %",
            ]
        )
        figures[f"{threads} threads, batch {batch}"] = [window.as_json() for window in of]
        problems += [problem for window in of for problem in window.problems]
        if any(window.overload_share < 0.05 for window in of):
            problems.append(f"{threads} threads, batch {batch}: this machine was not overloaded")
    head = ("threads", "batch", "frames/s (range)", "processor ms a frame", "call ms", "wait ms")
    text = show.table((*head, "p50 ms", "p99 ms", "dropped"), rows)
    text += (
        f"\n{CAMERAS} cameras of {SIZE[0]}x{SIZE[1]} at {FPS} frames/s without the gate, medians of {rounds} "
        f"rounds of {seconds:.0f} s in turn; the cameras run on the same machine"
    )
    return Result("Detector threads and batches", text, figures, problems)
