"""What stands still: buildings, trees, poles, signal heads, street lamps, shelters, signs."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from ..mesh import EMISSIVE, FOLIAGE, GLASS, HEAD, METAL, Mesh, box, cylinder, ellipsoid, join
from .layout import Layout


@dataclass(frozen=True)
class Scenery:
    """One mesh for all of it, and where the street lamps hang, metres (n, 3)."""

    mesh: Mesh
    lamps: np.ndarray


def _turned(mesh: Mesh, x: float, y: float, angle_rad: float) -> Mesh:
    """The mesh turned about z and moved."""
    return mesh.turned("z", angle_rad).moved(float(x), float(y))


def _building(rng: np.random.Generator, width: float, depth: float, height: float) -> Mesh:
    """Its front is the plane y = -depth / 2."""
    wall = rng.uniform(0.15, 0.75) * (1 + rng.uniform(-0.15, 0.15, 3))
    parts = [box((width, depth, height), (0, 0, height / 2), tuple(wall))]
    parts.append(box((width + 0.5, depth + 0.5, 0.5), (0, 0, height), tuple(wall * 0.7)))
    parts.append(box((width + 0.1, depth + 0.1, 0.9), (0, 0, 0.45), tuple(wall * 0.55)))
    storey, bay = rng.uniform(2.8, 3.8), rng.uniform(2.0, 4.0)
    pane = (rng.uniform(0.4, 0.75) * bay, rng.uniform(0.4, 0.7) * storey)
    for z in np.arange(1.5 + pane[1] / 2, height - 1, storey):
        lit = rng.random() < 0.15
        colour = (0.75, 0.6, 0.35) if lit else (0.05, 0.06, 0.08)
        kind = EMISSIVE if lit and rng.random() < 0.3 else GLASS
        if rng.random() < 0.3:
            parts.append(box((width * 0.94, depth + 0.08, pane[1]), (0, 0, z), colour, kind))
            continue
        for x in np.arange(-width / 2 + bay / 2, width / 2 - bay / 2 + 0.1, bay):
            parts.append(box((pane[0], 0.1, pane[1]), (x, -depth / 2, z), colour, kind))
        for y in np.arange(-depth / 2 + bay / 2, depth / 2 - bay / 2 + 0.1, bay):
            parts.append(box((width + 0.1, pane[0], pane[1]), (0, y, z), colour, kind))
    if rng.random() < 0.4:
        tone = rng.uniform(0.1, 0.8, 3)
        parts.append(box((width * 0.8, 1.4, 0.15), (0, -depth / 2 - 0.7, 3.0), tuple(tone)))
    return join(parts)


def _tree(rng: np.random.Generator) -> Mesh:
    trunk, crown = rng.uniform(2.0, 3.5), rng.uniform(1.2, 2.6)
    green = np.array([0.06, 0.14, 0.04]) * rng.uniform(0.6, 1.7)
    if rng.random() < 0.2:
        green = np.array([0.25, 0.15, 0.04]) * rng.uniform(0.7, 1.3)
    parts = [cylinder((0, 0, 0), (0, 0, trunk + 0.5), 0.16, (0.12, 0.08, 0.06))]
    boxy = rng.random() < 0.25
    for _ in range(int(rng.integers(10, 22))):
        way = rng.normal(0, 1, 3)
        way *= rng.uniform(0.2, 0.8) * crown / np.linalg.norm(way)
        centre = (way[0], way[1], trunk + crown * 0.8 + way[2])
        size = crown * rng.uniform(0.3, 0.55)
        tone = tuple(green * rng.uniform(0.75, 1.3))
        if boxy:
            parts.append(box((2 * size,) * 3, centre, tone, FOLIAGE))
        else:
            parts.append(ellipsoid((size, size, size * 0.8), centre, tone, FOLIAGE, 6, 4))
    return join(parts)


def _signal(rng: np.random.Generator, arm_m: float) -> Mesh:
    """A signal head on a pole, or on an arm over the road; it looks towards -y."""
    steel = (rng.uniform(0.1, 0.4),) * 3
    tall = 3.4 if arm_m == 0 else 5.8
    parts = [cylinder((0, 0, 0), (0, 0, tall), 0.08, steel, METAL)]
    heads = [(0.0, 2.6)]
    if arm_m > 0:
        parts.append(cylinder((0, 0, tall - 0.2), (-arm_m, 0, tall - 0.2), 0.06, steel, METAL))
        heads.append((-arm_m, tall - 0.7))
    lamp = int(rng.integers(3))
    for x, z in heads:
        parts.append(box((0.34, 0.25, 1.0), (x, -0.2, z), (0.02, 0.02, 0.02)))
        for index, colour in enumerate(((1.0, 0.06, 0.03), (1.0, 0.6, 0.05), (0.05, 0.9, 0.45))):
            on = index == lamp
            shade = colour if on else tuple(c * 0.08 for c in colour)
            kind = EMISSIVE if on else 0.0
            parts.append(box((0.22, 0.04, 0.22), (x, -0.34, z + 0.3 - 0.3 * index), shade, kind))
    return join(parts)


def _lamp(rng: np.random.Generator, height: float) -> Mesh:
    steel = (rng.uniform(0.2, 0.5),) * 3
    return join(
        [
            cylinder((0, 0, 0), (0, 0, height), 0.07, steel, METAL),
            cylinder((0, 0, height), (0, -2.0, height + 0.2), 0.05, steel, METAL),
            box((0.3, 0.7, 0.12), (0, -2.1, height + 0.15), (0.6, 0.58, 0.5), HEAD),
        ]
    )


def _furniture(rng: np.random.Generator) -> Mesh:
    """Things of the pavement that a net could take for road users."""
    kind = rng.choice(["bin", "sign", "post", "hedge", "shelter", "kiosk", "bollards", "cabinet"])
    tone = tuple(rng.uniform(0.03, 0.7, 3))
    grey = (rng.uniform(0.1, 0.5),) * 3
    if kind == "bin":
        return cylinder((0, 0, 0), (0, 0, 1.0), 0.3, tone)
    if kind == "sign":
        face = ((0.7, 0.05, 0.05), (0.05, 0.15, 0.6), (0.8, 0.8, 0.8))[int(rng.integers(3))]
        size = rng.uniform(0.5, 1.2)
        return join(
            [
                cylinder((0, 0, 0), (0, 0, 2.4), 0.04, grey, METAL),
                box((size, 0.04, size * rng.uniform(0.6, 1.2)), (0, 0, 2.4), face),
            ]
        )
    if kind == "post":
        return cylinder((0, 0, 0), (0, 0, rng.uniform(2, 9)), rng.uniform(0.05, 0.18), grey)
    if kind == "hedge":
        length = rng.uniform(2, 10)
        return box((0.9, length, rng.uniform(0.7, 1.6)), (0, 0, 0.5), (0.05, 0.12, 0.04), FOLIAGE)
    if kind == "shelter":
        length = rng.uniform(3, 6)
        return join(
            [
                box((1.5, length, 0.1), (0, 0, 2.4), grey),
                box((0.05, length, 2.0), (0.7, 0, 1.2), (0.2, 0.25, 0.27), GLASS),
                *(cylinder((-0.6, y, 0), (-0.6, y, 2.4), 0.05, grey) for y in (-length / 2, length / 2)),
                box((0.4, length * 0.6, 0.08), (0.4, 0, 0.5), tone),
            ]
        )
    if kind == "kiosk":
        return box((rng.uniform(1.5, 2.5), rng.uniform(2, 4), 2.6), (0, 0, 1.3), tone)
    if kind == "bollards":
        return join([cylinder((0, y, 0), (0, y, 0.9), 0.08, grey) for y in np.arange(-4, 4, 1.6)])
    return box((0.5, 1.1, 1.4), (0, 0, 0.7), grey)


def build_scenery(
    rng: np.random.Generator, layout: Layout, eye_m: list[np.ndarray], clear_m: float = 9.0
) -> Scenery:
    """Everything around the streets; nothing tall within `clear_m` of the cameras at `eye_m`."""
    parts: list[Mesh] = []
    lamps: list[np.ndarray] = []
    wide = layout.pavement_m

    def is_free(at: np.ndarray, clear: float) -> bool:
        return all(np.linalg.norm(at - eye[:2]) > clear for eye in eye_m)

    def edges(arm):
        return ((arm.half_in_m, 1.0), (-arm.half_out_m, -1.0))

    setback, built = rng.uniform(1.0, 14.0), rng.random() < 0.75
    for arm in layout.arms:
        for edge, outward in edges(arm):
            u = arm.mouth_m + rng.uniform(6, 14)
            while built and u < 90:
                width, depth, height = rng.uniform(8, 20), rng.uniform(8, 14), rng.uniform(4, 20)
                v = edge + outward * (wide + setback + depth / 2)
                at = arm.at(u + width / 2, v)
                corners = arm.quad(u, u + width, v - depth / 2, v + depth / 2)
                if rng.random() < 0.8 and not layout.on_road(corners, wide).any():
                    if is_free(at, clear_m + max(width, depth) / 2):
                        angle = arm.heading_rad + (0 if outward * arm.side > 0 else math.pi)
                        house = _building(rng, width, depth, height)
                        parts.append(_turned(house, *at, angle))
                u += width + rng.uniform(0, 8)
    for _ in range(int(rng.integers(0, 40))):
        arm = layout.arms[int(rng.integers(len(layout.arms)))]
        edge, outward = edges(arm)[int(rng.integers(2))]
        at = arm.at(rng.uniform(arm.mouth_m, 95), edge + outward * rng.uniform(0.8, wide + 16))
        if is_free(at, clear_m) and not layout.on_road(at, 0.5).any():
            parts.append(_turned(_tree(rng), *at, rng.uniform(0, 6.28)))
    for _ in range(int(rng.integers(3, 26))):
        arm = layout.arms[int(rng.integers(len(layout.arms)))]
        edge, outward = edges(arm)[int(rng.integers(2))]
        at = arm.at(arm.mouth_m + rng.uniform(0, 45), edge + outward * rng.uniform(0.5, wide + 2))
        if is_free(at, 4.0) and not layout.on_road(at, 0.4).any():
            parts.append(_turned(_furniture(rng), *at, arm.heading_rad - math.pi / 2))
    height = rng.uniform(6, 10)
    spacing = rng.uniform(22, 40)
    for arm in layout.arms:
        for index, u in enumerate(np.arange(arm.mouth_m + 3, 95, spacing)):
            edge, outward = edges(arm)[index % 2]
            at = arm.at(u, edge + outward * 0.7)
            over = arm.at(u, edge - outward * 1.4)
            lamps.append(np.array([*over, height]))
            if is_free(at, 3.0):
                way = over - at
                parts.append(_turned(_lamp(rng, height), *at, math.atan2(way[1], way[0]) + math.pi / 2))
    if len(layout.arms) > 2 and rng.random() < 0.85:
        overhead = rng.uniform(2, 5) if rng.random() < 0.4 else 0.0
        for arm in layout.arms:
            for u in (arm.stop_m + 0.3, -arm.mouth_m):
                at = arm.at(u, arm.half_in_m + 0.7)
                if is_free(at, 2.5):
                    head = _signal(rng, overhead)
                    parts.append(_turned(head, *at, arm.heading_rad + math.pi / 2))
    for _ in range(int(rng.integers(10, 40))):
        angle, far = rng.uniform(0, 2 * math.pi), rng.uniform(105, 190)
        at = np.array([math.cos(angle), math.sin(angle)]) * far
        if layout.on_road(at, 14).any():
            continue
        tone = rng.uniform(0.2, 0.6) * (1 + rng.uniform(-0.1, 0.1, 3))
        size = (rng.uniform(12, 30), rng.uniform(12, 30), rng.uniform(5, 30))
        block = box(size, (0, 0, size[2] / 2), tuple(tone))
        parts.append(_turned(block, *at, rng.uniform(0, 3.14)))
    mesh = join(parts) if parts else box((1, 1, 1), (0, 0, -5), (0, 0, 0))
    return Scenery(mesh, np.array(lamps) if lamps else np.zeros((0, 3)))
