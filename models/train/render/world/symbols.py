"""Paint on the road that has edges like a car's and is none: arrows, letters, teeth, hatching."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from .layout import Arm

Fill = Callable[[np.ndarray, tuple[int, ...]], None]
"""Fills a polygon, metres (n, 2), with a colour."""


def _place(arm: Arm, u: float, v: float, points: list[tuple[float, float]]) -> np.ndarray:
    """Points (ahead, left) of a driver towards the junction, at `u`, `v` of the arm."""
    return np.stack([arm.at(u - ahead, v - left) for ahead, left in points])


def arrow(fill: Fill, arm: Arm, u: float, v: float, rng: np.random.Generator, paint) -> None:
    """Straight on, to a side, or both, 2 to 4 m long."""
    long, thick = rng.uniform(2.0, 4.2), rng.uniform(0.07, 0.14)
    kind = rng.choice(["straight", "left", "right", "straight left", "straight right", "fork"])
    head, wide = long * 0.35, rng.uniform(0.3, 0.5)
    fill(_place(arm, u, v, [(0, -thick), (long * 0.7, -thick), (long * 0.7, thick), (0, thick)]), paint)
    if "straight" in kind:
        tip = [(long * 0.65, -wide), (long * 0.65, wide), (long * 0.65 + head, 0)]
        fill(_place(arm, u, v, tip), paint)
    for name, side in (("left", 1), ("right", -1)):
        if name not in kind and kind != "fork":
            continue
        at = long * rng.uniform(0.3, 0.6)
        out, slant = rng.uniform(0.6, 1.0) * side, rng.uniform(0.0, 0.8)
        bar = [(at, 0), (at + 2 * thick, 0), (at + slant + 2 * thick, out), (at + slant, out)]
        fill(_place(arm, u, v, bar), paint)
        base = at + slant + thick
        tip = [(base - wide, out), (base + wide, out), (base + slant * 0.3, out + 0.6 * side)]
        fill(_place(arm, u, v, tip), paint)


def lettering(fill: Fill, arm: Arm, u: float, v: float, rng: np.random.Generator, paint) -> None:
    """Strokes of letters, stretched along the lane as they are on roads; no text is meant."""
    tall, count = rng.uniform(1.4, 3.0), int(rng.integers(2, 5))
    width = 2.0 / count
    for letter in range(count):
        left = 1.0 - letter * width
        for _ in range(int(rng.integers(2, 5))):
            a, b = rng.choice([0.0, 0.5, 1.0], 2) * tall, rng.choice([0.0, 0.4, 0.7], 2) * width
            t = 0.12
            stroke = [(a[0], left - b[0]), (a[0] + t, left - b[0] - t), (a[1] + t, left - b[1] - t)]
            fill(_place(arm, u, v, [*stroke, (a[1], left - b[1])]), paint)


def teeth(fill: Fill, arm: Arm, u: float, rng: np.random.Generator, paint) -> None:
    """A row of triangles across the inbound lanes."""
    wide = rng.uniform(0.4, 0.7)
    for v in np.arange(0.2, arm.lanes_in * arm.lane_m - wide, wide * 1.5):
        corners = [arm.at(u, v), arm.at(u, v + wide), arm.at(u + wide * 1.2, v + wide / 2)]
        fill(np.stack(corners), paint)


def hatching(fill: Fill, arm: Arm, u: float, rng: np.random.Generator, paint) -> None:
    """Slanting bars beside the centre line."""
    wide, v = rng.uniform(0.6, 1.6), rng.choice([-1.0, 1.0])
    for step in np.arange(0, rng.uniform(6, 20), rng.uniform(0.9, 1.8)):
        bar = [
            arm.at(u + step, 0.1 * v),
            arm.at(u + step + 0.4, 0.1 * v),
            arm.at(u + step + 0.4 + wide, wide * v),
            arm.at(u + step + wide, wide * v),
        ]
        fill(np.stack(bar), paint)
