"""The plan of a junction: arms, lanes, crossings, all in metres around its middle (x east, y north)."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

REACH_M = 110.0
"""How far the arms are drawn from the middle."""


@dataclass(frozen=True)
class Arm:
    """One street that leaves the junction. `u` runs outwards along it, `v` to its left."""

    heading_rad: float
    lanes_in: int
    lanes_out: int
    lane_m: float
    parking: bool
    """Whether vehicles park along both kerbs."""
    crossing: bool
    cycle_lane: bool
    mouth_m: float
    """Distance of the junction's edge from the middle."""
    side: int
    """1 where traffic keeps right (inbound lanes lie at v > 0), -1 where it keeps left."""

    @property
    def extra_m(self) -> float:
        """Width of parking or cycle lane between the outer lane and the kerb."""
        return 2.2 if self.parking else 1.6 if self.cycle_lane else 0.3

    @property
    def half_in_m(self) -> float:
        """From the centre line to the kerb on the inbound side."""
        return self.lanes_in * self.lane_m + self.extra_m

    @property
    def half_out_m(self) -> float:
        """From the centre line to the kerb on the outbound side."""
        return self.lanes_out * self.lane_m + self.extra_m

    def at(self, u: float, v: float) -> np.ndarray:
        """The point that lies `u` outwards and `v` towards the inbound side; shape (2,)."""
        c, s = math.cos(self.heading_rad), math.sin(self.heading_rad)
        w = v * self.side
        return np.array([c * u - s * w, s * u + c * w])

    def quad(self, u0: float, u1: float, v0: float, v1: float) -> np.ndarray:
        """The corners of a rectangle along the arm; shape (4, 2)."""
        return np.stack([self.at(u0, v0), self.at(u1, v0), self.at(u1, v1), self.at(u0, v1)])

    @property
    def stop_m(self) -> float:
        """Where inbound traffic stops, measured outwards."""
        return self.mouth_m + (5.2 if self.crossing else 1.2)

    def lane_in_v(self, lane: int) -> float:
        """Middle of an inbound lane, counted from the centre line."""
        return (lane + 0.5) * self.lane_m

    def lane_out_v(self, lane: int) -> float:
        """Middle of an outbound lane, counted from the centre line."""
        return -(lane + 0.5) * self.lane_m


@dataclass(frozen=True)
class Layout:
    """A junction of two (a plain street), three or four arms."""

    arms: tuple[Arm, ...]
    pavement_m: float
    """Width of the pavements."""

    def radius_m(self) -> float:
        """Distance of the farthest arm's mouth."""
        return max(arm.mouth_m for arm in self.arms)

    def on_road(self, points: np.ndarray, margin_m: float = 0.0) -> np.ndarray:
        """Which of the points (n, 2) lie on the carriageway or within `margin_m` of it; (n,) bool."""
        points = np.asarray(points, float).reshape(-1, 2)
        inside = np.hypot(points[:, 0], points[:, 1]) < self.radius_m() + margin_m
        for arm in self.arms:
            c, s = math.cos(arm.heading_rad), math.sin(arm.heading_rad)
            u = points @ np.array([c, s])
            v = points @ np.array([-s, c]) * arm.side
            inside |= (u > 0) & (v < arm.half_in_m + margin_m) & (v > -arm.half_out_m - margin_m)
        return inside


def sample_layout(rng: np.random.Generator) -> Layout:
    """A plausible junction."""
    shape = rng.choice(["cross", "tee", "street"], p=[0.62, 0.23, 0.15])
    turn = rng.uniform(0, 2 * math.pi)
    headings = {"cross": [0, 90, 180, 270], "tee": [0, 90, 180], "street": [0, 180]}[shape]
    side = 1 if rng.random() < 0.75 else -1
    lane_m = rng.uniform(2.9, 3.6)
    main = int(rng.integers(1, 4)) if shape != "street" else int(rng.integers(1, 3))
    minor = int(rng.integers(1, max(main, 1) + 1))
    parking = rng.random(2) < 0.4
    cycle = rng.random(2) < 0.35
    drafts = []
    for index, degrees in enumerate(headings):
        axis = index % 2
        lanes = main if axis == 0 or shape == "street" else minor
        lanes_in = lanes if rng.random() < 0.7 else min(lanes + 1, 3)
        jitter = rng.normal(0, 4) if shape != "street" else rng.normal(0, 1)
        drafts.append((math.radians(degrees + jitter) + turn, lanes_in, lanes, axis))
    widest = max(max(a, b) for _, a, b, _ in drafts) * lane_m + 2.5
    # The mouth lies where the kerbs of two crossing streets meet, plus the corner's radius.
    mouth = 0.5 if shape == "street" else widest + rng.uniform(2.0, 6.0)
    arms = tuple(
        Arm(
            heading,
            lanes_in,
            lanes_out,
            lane_m,
            bool(parking[axis]),
            bool(rng.random() < (0.8 if shape != "street" else 0.3)),
            bool(cycle[axis]),
            mouth,
            side,
        )
        for heading, lanes_in, lanes_out, axis in drafts
    )
    return Layout(arms, rng.uniform(2.0, 4.5))
