"""What is around a vehicle: the road, neighbours that hide part of it, posts, walls, the light."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from .identity import Identity
from .lights import Light
from .poses import Pose

Colour = tuple[float, float, float]


@dataclass(frozen=True)
class Block:
    """A box in the scene: a post, a wall. `low`, `high` in metres."""

    low: tuple[float, float, float]
    high: tuple[float, float, float]
    colour: Colour


@dataclass(frozen=True)
class Neighbour:
    """Another vehicle near by."""

    identity: Identity
    x_m: float
    y_m: float
    heading_rad: float


@dataclass(frozen=True)
class Road:
    """The ground around the vehicle; lengths in metres, colours linear."""

    asphalt: Colour
    verge: Colour
    paint: Colour
    edges: tuple[float, float]
    lane: tuple[float, float]
    dash: tuple[float, float]
    shift: tuple[float, float]
    turn_rad: float
    rough: float


@dataclass(frozen=True)
class Scene:
    """Everything around one look."""

    light: Light
    road: Road
    braking: bool
    neighbours: list[Neighbour] = field(default_factory=list)
    blocks: list[Block] = field(default_factory=list)


VERGES = ((0.06, 0.10, 0.03), (0.10, 0.13, 0.05), (0.22, 0.20, 0.18), (0.30, 0.29, 0.27))


def draw_road(rng: np.random.Generator) -> Road:
    """A road; a camera keeps its own."""
    grey = float(np.exp(rng.uniform(np.log(0.05), np.log(0.28))))
    tint = 1 + rng.normal(0, 0.04, 3)
    verge = np.array(VERGES[rng.integers(len(VERGES))]) * rng.uniform(0.6, 1.4)
    width = float(rng.uniform(2.8, 3.7))
    left = float(rng.integers(1, 4))
    offset = float(rng.normal(0, 0.15))
    return Road(
        asphalt=tuple(float(v) for v in grey * tint),
        verge=tuple(float(v) for v in verge),
        paint=(0.7, 0.7, 0.68) if rng.random() < 0.85 else (0.65, 0.5, 0.08),
        edges=(offset - width * (left - 0.5) - 0.4, offset + width * (rng.integers(1, 3) - 0.5) + 0.4),
        lane=(offset + width / 2, width),
        dash=(float(rng.uniform(1.5, 4)), float(rng.uniform(5, 12))),
        shift=(float(rng.random()), float(rng.random())),
        turn_rad=float(rng.normal(0, 0.03)) if rng.random() < 0.85 else float(rng.uniform(-1.5, 1.5)),
        rough=float(rng.uniform(0.1, 0.5)),
    )


def draw_blocks(rng: np.random.Generator, pose: Pose, size_m: tuple[float, ...]) -> list[Block]:
    """Now and then a post in front of the vehicle, or a wall behind it."""
    blocks = []
    toward = np.array(pose.eye_m[:2]) / max(np.hypot(*pose.eye_m[:2]), 1e-6)
    aside = np.array([-toward[1], toward[0]])
    if rng.random() < 0.12:
        half = float(rng.choice([0.05, 0.08, 0.14, 0.25]))
        spread = 0.45 * max(size_m[0], size_m[1] * abs(toward[0]))
        x, y = toward * (max(size_m) / 2 + rng.uniform(0.6, 3)) + aside * rng.uniform(-1, 1) * spread
        grey = float(rng.uniform(0.02, 0.4))
        blocks.append(Block((x - half, y - half, 0.0), (x + half, y + half, 9.0), (grey,) * 3))
    if rng.random() < 0.35:
        x, y = -toward * rng.uniform(9, 30) + aside * rng.uniform(-8, 8)
        dx, dy = rng.uniform(2, 9, 2)
        colour = rng.uniform(0.05, 0.5, 3) * 0.4 + rng.uniform(0.05, 0.5) * 0.6
        high = (x + dx, y + dy, float(rng.uniform(3, 12)))
        blocks.append(Block((x - dx, y - dy, 0.0), high, tuple(float(v) for v in colour)))
    return blocks


def draw_neighbours(
    rng: np.random.Generator, around: list[Identity], size_m: tuple[float, ...]
) -> list[Neighbour]:
    """Up to three other vehicles: in the lane ahead and behind, and in the lanes beside."""
    chosen: list[Neighbour] = []
    if not around:
        return chosen
    for along, beside, chance in ((1, 0, 0.3), (-1, 0, 0.3), (0, -1, 0.2), (0, 1, 0.2)):
        if rng.random() >= chance:
            continue
        other = around[rng.integers(len(around))]
        if along:
            x = float(rng.normal(0, 0.2))
            y = along * (size_m[1] / 2 + other.size_m[1] / 2 + float(rng.exponential(4)) + 1.2)
            heading = float(rng.normal(0, 0.02))
        else:
            x = beside * max(3.2, (size_m[0] + other.size_m[0]) / 2 + 0.5) * rng.uniform(1.0, 1.15)
            y = float(rng.uniform(-6, 6))
            heading = float(rng.normal(0, 0.03)) + (np.pi if beside < 0 and rng.random() < 0.5 else 0)
        chosen.append(Neighbour(other, float(x), float(y), heading))
    return chosen
