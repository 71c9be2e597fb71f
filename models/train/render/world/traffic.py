"""Who is on the street at a moment: vehicles in lanes, parked and turning; people where people walk."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from .layout import Arm, Layout

CLASSES = ("car", "truck", "bus", "motorcycle", "bicycle", "person")
MIX = {"car": 0.42, "truck": 0.16, "bus": 0.10, "motorcycle": 0.16, "bicycle": 0.16}
"""Shares in lanes: far from those of a street, so that each class is learned."""


@dataclass(frozen=True)
class Placed:
    """A road user: where the middle of its footprint is, and which way its front points."""

    class_name: str
    body: int
    """Index into the pool of bodies of that class."""
    x_m: float
    y_m: float
    heading_rad: float
    braking: bool


class Crowd:
    """Places road users without letting them stand in each other."""

    def __init__(self, rng: np.random.Generator, pools: dict[str, list], eye_m: np.ndarray) -> None:
        self.rng, self.pools = rng, pools
        self.eye_m = eye_m
        self.placed: list[Placed] = []
        self._discs: list[tuple[float, float, float]] = []

    def length_m(self, class_name: str, body: int) -> float:
        return self.pools[class_name][body].size_m[1]

    def pick(self, class_name: str) -> int:
        return int(self.rng.integers(len(self.pools[class_name])))

    def put(self, class_name: str, body: int, at, heading_rad: float, braking=False) -> bool:
        """Whether there was room."""
        width, length, _ = self.pools[class_name][body].size_m
        ahead = np.array([math.cos(heading_rad), math.sin(heading_rad)])
        radius = max(width / 2, 0.25) + 0.1
        count = max(int(math.ceil(length / (2 * radius))), 1)
        offsets = np.linspace(-length / 2 + radius, length / 2 - radius, count) if count > 1 else [0]
        if math.hypot(at[0] - self.eye_m[0], at[1] - self.eye_m[1]) < length / 2 + 3:
            return False
        discs = [(*(np.asarray(at) + ahead * o), radius) for o in offsets]
        for x, y, r in discs:
            for ox, oy, other in self._discs:
                if (x - ox) ** 2 + (y - oy) ** 2 < (r + other) ** 2:
                    return False
        self._discs += discs
        x, y = float(at[0]), float(at[1])
        self.placed.append(Placed(class_name, body, x, y, heading_rad, braking))
        return True


def _class(rng: np.random.Generator) -> str:
    return str(rng.choice(list(MIX), p=list(MIX.values())))


def _lane(crowd: Crowd, arm: Arm, lane: int, inbound: bool, density: float, queue: bool) -> None:
    """Fills one lane, from the junction outwards."""
    rng = crowd.rng
    v = arm.lane_in_v(lane) if inbound else arm.lane_out_v(lane)
    heading = arm.heading_rad + (math.pi if inbound else 0.0)
    u = arm.stop_m + 0.5 if inbound else arm.mouth_m
    u += 0.0 if queue else rng.exponential(1 / max(density, 1e-3))
    left = int(rng.integers(1, 9)) if queue else 99
    while u < 95:
        class_name = _class(rng)
        body = crowd.pick(class_name)
        length = crowd.length_m(class_name, body)
        sideways = rng.normal(0, 0.9 if length < 3 else 0.22)
        at = arm.at(u + length / 2, v + float(np.clip(sideways, -1.2, 1.2)))
        crowd.put(class_name, body, at, heading + rng.normal(0, 0.02), queue and left > 0)
        left -= 1
        gap = rng.uniform(0.8, 3.0) if queue and left > 0 else 2 + rng.exponential(1 / max(density, 1e-3))
        u += length + gap


def _turning(crowd: Crowd, layout: Layout) -> None:
    """Vehicles inside the junction, on curves from an inbound to an outbound lane."""
    rng = crowd.rng
    for _ in range(int(rng.integers(0, 7))):
        a, b = rng.choice(len(layout.arms), 2, replace=False)
        start, end = layout.arms[a], layout.arms[b]
        p0 = start.at(start.mouth_m, start.lane_in_v(int(rng.integers(start.lanes_in))))
        p2 = end.at(end.mouth_m, end.lane_out_v(int(rng.integers(end.lanes_out))))
        p1 = (p0 + p2) / 2 * rng.uniform(0.1, 0.6)
        t = rng.uniform(0, 1)
        at = (1 - t) ** 2 * p0 + 2 * t * (1 - t) * p1 + t**2 * p2
        way = 2 * (1 - t) * (p1 - p0) + 2 * t * (p2 - p1)
        class_name = _class(rng)
        crowd.put(class_name, crowd.pick(class_name), at, math.atan2(way[1], way[0]))


def _parked(crowd: Crowd, arm: Arm) -> None:
    rng = crowd.rng
    for edge, direction in ((arm.half_in_m - 1.05, math.pi), (-arm.half_out_m + 1.05, 0.0)):
        u = arm.stop_m + rng.uniform(4, 15)
        while u < 90:
            class_name = str(rng.choice(["car", "truck"], p=[0.9, 0.1]))
            body = crowd.pick(class_name)
            length = crowd.length_m(class_name, body)
            if rng.random() < 0.7:
                wrong = math.pi if rng.random() < 0.12 else 0.0
                at = arm.at(u + length / 2, edge + rng.normal(0, 0.1))
                crowd.put(class_name, body, at, arm.heading_rad + direction + wrong + rng.normal(0, 0.02))
            u += length + rng.uniform(0.5, 3.0)


def _people(crowd: Crowd, layout: Layout, near: np.ndarray, count: int) -> None:
    """Most stand where this camera can see them: `near` (n, 2) are points of the ground in view."""
    rng = crowd.rng
    for _ in range(count):
        arm = layout.arms[int(rng.integers(len(layout.arms)))]
        kind = rng.random()
        if kind < 0.25 and arm.crossing:
            at = arm.at(arm.mouth_m + rng.uniform(0.4, 4), rng.uniform(-arm.half_out_m, arm.half_in_m))
        elif kind < 0.45 and arm.crossing:
            edge = rng.uniform(0.2, 2.0)
            v = arm.half_in_m + edge if rng.random() < 0.5 else -arm.half_out_m - edge
            at = arm.at(arm.mouth_m + rng.normal(2, 1.5), v)
        elif kind < 0.8 or not len(near):
            edge = rng.uniform(0.3, layout.pavement_m)
            v = arm.half_in_m + edge if rng.random() < 0.5 else -arm.half_out_m - edge
            at = arm.at(arm.mouth_m + rng.uniform(0, 45), v)
        else:
            at = near[int(rng.integers(len(near)))]
        group = 1 + int(rng.random() < 0.3) * int(rng.integers(1, 4))
        heading = rng.uniform(0, 2 * math.pi)
        for _ in range(group):
            spot = at + rng.normal(0, 0.6, 2)
            crowd.put("person", crowd.pick("person"), spot, heading + rng.normal(0, 0.4))


def sample_traffic(
    rng: np.random.Generator,
    layout: Layout,
    pools: dict[str, list],
    eye_m: np.ndarray,
    near: np.ndarray,
    rare_mean: float,
) -> list[Placed]:
    """A moment. `pools` holds bodies by class; nobody stands right under the camera at `eye_m`;
    `near` (n, 2) are points of the ground in view;
    `rare_mean` further buses, trucks and two-wheelers are tried there."""
    crowd = Crowd(rng, pools, eye_m)
    mode = rng.choice(["empty", "light", "usual", "dense", "crowd"], p=[0.04, 0.2, 0.46, 0.22, 0.08])
    density = {"empty": 0.0, "light": 0.03, "usual": 0.07, "dense": 0.13, "crowd": 0.05}[mode]
    if mode != "empty":
        _turning(crowd, layout)
        for arm in layout.arms:
            queue = rng.random() < 0.45
            for lane in range(arm.lanes_in):
                _lane(crowd, arm, lane, True, density, queue)
            for lane in range(arm.lanes_out):
                _lane(crowd, arm, lane, False, density, False)
    for arm in layout.arms:
        if arm.parking:
            _parked(crowd, arm)
    count = {"empty": 0, "light": 5, "usual": 12, "dense": 18, "crowd": 55}[mode]
    _people(crowd, layout, near, int(rng.poisson(count)))
    if mode != "empty" and len(near):
        _rare(crowd, layout, near, int(rng.poisson(rare_mean)))
    return crowd.placed


def _rare(crowd: Crowd, layout: Layout, near: np.ndarray, count: int) -> None:
    """More of the classes that lanes give too few of, in view, along some street."""
    rng = crowd.rng
    for _ in range(count):
        at = near[int(rng.integers(len(near)))]
        if not layout.on_road(at, -0.8).any():
            continue
        arm = layout.arms[int(rng.integers(len(layout.arms)))]
        heading = arm.heading_rad + (math.pi if rng.random() < 0.5 else 0) + rng.normal(0, 0.06)
        class_name = str(rng.choice(["bus", "truck", "motorcycle", "bicycle"], p=[0.4, 0.15, 0.22, 0.23]))
        crowd.put(class_name, crowd.pick(class_name), at, heading)
