"""How many cameras a core takes at 5 frames a second, with the motion gate and without."""

from __future__ import annotations

from dataclasses import dataclass, field

import clips
import show
from places import CORES
from result import Result
from window import Window, run

SIZE = (640, 360)
FPS = 5
CAMERAS_MAX = 128
LOST_MAX = 0.01
FIRST = 4
FULL = 0.8
"""How much of the machine a first guess takes."""
SEARCHES = (("moving", True), ("moving", False), ("still", True))
"""Scene, and whether with the gate. A still scene without the gate costs what a moving one does."""


@dataclass
class Search:
    """Between what went well and what did not."""

    scene: str
    gate: bool
    well: int = 0
    ill: int = CAMERAS_MAX + 1
    next: int = FIRST
    best: Window | None = None
    steps: list[dict[str, object]] = field(default_factory=list)

    @property
    def over(self) -> bool:
        """Near enough: one camera in eight."""
        return self.ill - self.well <= max(1, self.well // 8)

    def took(self, window: Window) -> None:
        """Chooses the next number: the first by what a camera costs, then by steps of a quarter until it
        lies between two, then in the middle."""
        share = window.overload_share
        self.steps.append({"cameras": self.next, "overload_share": share, "cpu_s": window.cpu_s})
        if share > LOST_MAX:
            self.ill = self.next
        else:
            self.well, self.best = self.next, window
        if len(self.steps) == 1 and self.well:
            used = (window.cpu_s + window.servers_cpu_s) / (window.seconds * window.cameras)
            guess = int(FULL * CORES / max(used, 1e-3))
        elif self.ill > CAMERAS_MAX:
            guess = self.well * 5 // 4 + 1
        elif self.well <= FIRST < self.ill * 4 // 5:
            guess = self.ill * 4 // 5
        else:
            guess = (self.well + self.ill) // 2
        self.next = max(self.well + 1, min(guess, self.ill - 1))


def measure(seconds: float, rounds: int) -> Result:
    """All searches take one step in turn, until each is over."""
    del rounds
    searches = [Search(scene, gate) for scene, gate in SEARCHES]
    problems: list[str] = []
    while pending := [search for search in searches if not search.over]:
        for search in pending:
            clip = clips.moving(*SIZE, FPS) if search.scene == "moving" else clips.still(*SIZE, FPS)
            options = [] if search.gate else ["--no-motion-gate"]
            window = run([clip], search.next, SIZE, seconds, 8.0, options)
            problems += [f"{search.next} cameras: {problem}" for problem in window.problems]
            search.took(window)
    rows = [_row(search) for search in searches]
    head = ("scene", "gate", "cameras", "a core", "looked at", "processor ms a camera-second", "machine used")
    text = show.table((*head, "p99 ms", "MiB"), rows)
    text += (
        f"\nmost cameras of {SIZE[0]}x{SIZE[1]} at {FPS} frames/s of which at most {100 * LOST_MAX:.0f} % of the "
        f"frames were dropped, found to one in eight; steps of {seconds:.0f} s in turn; a core is one of the "
        f"{CORES} processors that the system shows; the cameras run on the same machine"
    )
    figures = {
        f"{search.scene}, {'gate' if search.gate else 'no gate'}": {
            "cameras": search.well,
            "cameras_a_core": search.well / CORES,
            "steps": search.steps,
            "window": search.best.as_json() if search.best else None,
        }
        for search in searches
    }
    return Result("Cameras a core", text, figures, problems)


def _row(search: Search) -> list[str]:
    cells = [search.scene, "yes" if search.gate else "no", str(search.well), f"{search.well / CORES:.1f}"]
    best = search.best
    if best is None:
        return cells + ["-"] * 5
    looked = best.looked / best.frames if best.frames else 0.0
    used = (best.cpu_s + best.servers_cpu_s) / (best.seconds * CORES)
    cells += [f"{100 * looked:.0f} %", show.ms(best.cpu_a_camera_second), f"{100 * used:.0f} %"]
    return cells + [show.ms(best.latency_s["p99"]), f"{best.memory_mib:.0f}"]
