"""How road users move in a scene: along lines, at a speed, from a moment on."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

import numpy as np

from render.world.layout import Arm


@dataclass(frozen=True)
class Way:
    """A line on the ground, metres; `points` (n, 2)."""

    points: np.ndarray
    along_m: np.ndarray = field(init=False)

    def __post_init__(self) -> None:
        steps = np.linalg.norm(np.diff(self.points, axis=0), axis=1)
        object.__setattr__(self, "along_m", np.r_[0.0, np.cumsum(steps)])

    @property
    def length_m(self) -> float:
        return float(self.along_m[-1])

    def at(self, s_m: float) -> tuple[float, float, float]:
        """x, y and heading `s_m` metres from the start; beyond the ends straight on."""
        s = float(np.clip(s_m, 0.0, self.length_m))
        x = float(np.interp(s, self.along_m, self.points[:, 0]))
        y = float(np.interp(s, self.along_m, self.points[:, 1]))
        # The chord of a car's length: no jump of the heading at a corner of the line.
        a, b = max(s - 1.5, 0.0), min(s + 1.5, self.length_m)
        dx = np.interp(b, self.along_m, self.points[:, 0]) - np.interp(a, self.along_m, self.points[:, 0])
        dy = np.interp(b, self.along_m, self.points[:, 1]) - np.interp(a, self.along_m, self.points[:, 1])
        heading, over = math.atan2(dy, dx), s_m - s
        return x + over * math.cos(heading), y + over * math.sin(heading), heading


@dataclass(frozen=True)
class Motion:
    """A road user on a way: at `start_m` until `wait_s`, then up to `speed_ms`."""

    class_name: str
    body: int
    way: Way
    start_m: float
    speed_ms: float
    wait_s: float = 0.0
    gain_ms2: float = 2.0
    rolling: bool = True
    """Whether it already has its speed at the beginning."""

    def at(self, time_s: float) -> tuple[float, float, float, bool]:
        """x, y, heading, and whether it brakes."""
        if self.speed_ms == 0.0:
            return (*self.way.at(self.start_m), False)
        if self.rolling:
            return (*self.way.at(self.start_m + self.speed_ms * time_s), False)
        gone = max(time_s - self.wait_s, 0.0)
        ramp = self.speed_ms / self.gain_ms2
        far = 0.5 * self.gain_ms2 * min(gone, ramp) ** 2 + self.speed_ms * max(gone - ramp, 0.0)
        return (*self.way.at(self.start_m + far), gone == 0.0)


def through(start: Arm, lane_in: int, end: Arm, lane_out: int) -> Way:
    """From an inbound lane, over the junction, into an outbound lane."""
    v_in, v_out = start.lane_in_v(lane_in), end.lane_out_v(lane_out)
    a, b = start.at(start.mouth_m, v_in), end.at(end.mouth_m, v_out)
    far_in, far_out = start.at(100.0, v_in), end.at(100.0, v_out)
    reach = np.linalg.norm(b - a) / 2
    towards = (a - far_in) / np.linalg.norm(a - far_in) * reach * 0.9
    away = (b - far_out) / np.linalg.norm(b - far_out) * reach * 0.9
    t = np.linspace(0, 1, 25)[:, None]
    curve = (1 - t) ** 3 * a + 3 * (1 - t) ** 2 * t * (a + towards) + 3 * (1 - t) * t**2 * (b + away) + t**3 * b
    return Way(np.vstack([far_in, curve, far_out]))


def line(*points: np.ndarray) -> Way:
    """Straight from point to point."""
    return Way(np.stack([np.asarray(p, float) for p in points]))


def still(class_name: str, body: int, at: np.ndarray, heading_rad: float) -> Motion:
    """Somebody who stands."""
    ahead = np.array([math.cos(heading_rad), math.sin(heading_rad)])
    return Motion(class_name, body, line(np.asarray(at) - ahead * 2, np.asarray(at) + ahead * 2), 2.0, 0.0)
