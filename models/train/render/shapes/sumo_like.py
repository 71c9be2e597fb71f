"""Plain bodies in the manner of a traffic simulator's viewer: buses and trucks of bare boxes, stick two-wheelers,
a simple upright person. They keep the models sharp on simulated footage."""

from __future__ import annotations

import math

import numpy as np

from ..mesh import GLASS, GLOSS, HEAD, MATT, TAIL, Body, Mesh, body, box, ellipsoid, join, limb, loft, surface
from .figure import cloth
from .parts import BLACK, GLASS_DARK, TYRE, WHITE, chance, jittered, lamps, paint, pick, side_windows, vivid

KINDS = {"truck": "plain_truck", "bus": "plain_bus", "motorcycle": "plain_motorcycle", "bicycle": "plain_bicycle", "person": "plain_person"}


def build(class_name: str, rng: np.random.Generator, rider: Mesh | None = None) -> Body:
    """The plain body of a class (no plain car); `rider` sits on two-wheelers instead of the simple person."""
    parts = {"truck": truck, "bus": bus, "person": person}.get(class_name)
    if parts is None:
        return body(KINDS[class_name], class_name, two_wheeler(class_name == "motorcycle", rng, rider))
    return body(KINDS[class_name], class_name, parts(rng))


def discs(x: float, ys, radius: float) -> list[Mesh]:
    """Flat black discs as wheels on both flanks."""
    t = np.arange(14) / 14 * 2 * math.pi
    ring = np.stack([np.cos(t) * radius, np.sin(t) * radius], 1)
    return [
        loft([np.c_[np.full(14, s * a), ring + [y, radius]] for a in (x - 0.25, x + 0.01)], TYRE, MATT)
        for y in ys
        for s in (-1, 1)
    ]


def bus(rng: np.random.Generator) -> list[Mesh]:
    """One box with dark panes."""
    w, l, h = rng.uniform(2.4, 2.6), rng.uniform(9.5, 14.0), rng.uniform(2.8, 3.4)
    c = pick(rng, (paint(rng), vivid(rng), jittered(rng, (0.75, 0.6, 0.05), 0.05)))
    n = int(rng.integers(5, 9))
    spans = [(-0.46 * l + k * 0.92 * l / n, -0.46 * l + (k + 0.85) * 0.92 * l / n) for k in range(n)]
    parts = [box((w, l, h * 0.9), (0, 0, h * 0.55), c, GLOSS), *side_windows(w / 2 + 0.003, spans, h * 0.45, h * 0.82)]
    parts += [box((w * 0.92, 0.04, h * 0.46), (0, l / 2, h * 0.65), GLASS_DARK, GLASS), box((w * 0.84, 0.04, h * 0.35), (0, -l / 2, h * 0.67), GLASS_DARK, GLASS)]
    parts += lamps(l / 2, w * 0.38, h * 0.24, (0.3, 0.22), True) + lamps(-l / 2, w * 0.38, h * 0.24, (0.3, 0.25), False)
    parts.append(box((w * 0.6, 0.05, h * 0.07), (0, l / 2, h * 0.93), (0.9, 0.6, 0.1), HEAD))
    return parts + discs(w / 2 - 0.02, (0.3 * l, -0.28 * l), 0.5)


def truck(rng: np.random.Generator) -> list[Mesh]:
    """A cab box and a load box."""
    w, l, h = rng.uniform(2.1, 2.55), rng.uniform(6.5, 12.0), rng.uniform(2.8, 3.7)
    cab = min(2.4, 0.3 * l)
    c = pick(rng, (paint(rng), vivid(rng)))
    load = jittered(rng, (0.8, 0.8, 0.78), 0.05) if chance(rng, 0.7) else vivid(rng)
    y = l / 2 - cab
    parts = [box((w, l - cab - 0.2, h * 0.75), (0, -cab / 2 - 0.1, h * 0.625), load), box((w * 0.92, cab, h * 0.58), (0, l / 2 - cab / 2, h * 0.45), c, GLOSS)]
    parts += [box((w * 0.8, l, h * 0.11), (0, 0, h * 0.195), (0.1, 0.1, 0.1)), box((w * 0.8, 0.04, h * 0.25), (0, l / 2, h * 0.575), GLASS_DARK, GLASS)]
    parts += side_windows(w * 0.46 + 0.003, [(y + cab * 0.25, l / 2 - 0.15)], h * 0.45, h * 0.68)
    parts += lamps(l / 2, w * 0.36, h * 0.255, (0.3, 0.2), True) + lamps(-l / 2, w * 0.38, h * 0.2, (0.3, 0.15), False)
    return parts + discs(w / 2 - 0.03, (0.34 * l, -0.32 * l, -0.2 * l)[: int(rng.integers(2, 4))], 0.45)


def person(rng: np.random.Generator) -> list[Mesh]:
    """Upright, arms at the sides, one colour above and one below."""
    k = rng.uniform(0.9, 1.08)
    skin = jittered(rng, (0.5, 0.35, 0.27), 0.1)
    top, legs = (cloth(rng) if chance(rng, 0.5) else paint(rng)), cloth(rng)
    t = np.arange(8) / 8 * 2 * math.pi
    rows = ((0.82, 0.16, 0.1), (0.95, 0.165, 0.11), (1.2, 0.17, 0.12), (1.42, 0.19, 0.11), (1.5, 0.08, 0.07))
    parts = [loft([np.stack([np.cos(t) * a, np.sin(t) * b, 0 * t + z], 1) * k for z, a, b in rows], top, MATT, 60)]
    for m in (-1, 1):
        parts.append(limb(np.array([m * 0.09, 0, 0.85]) * k, np.array([m * 0.1, 0, 0.06]) * k, 0.085 * k, 0.055 * k, legs))
        parts.append(ellipsoid((0.05 * k, 0.13 * k, 0.045 * k), np.array([m * 0.1, 0.05, 0.045]) * k, BLACK, MATT, 6, 3))
        parts.append(limb(np.array([m * 0.2, 0, 1.42]) * k, np.array([m * 0.25, 0.02, 0.85]) * k, 0.05 * k, 0.035 * k, top))
        parts.append(ellipsoid((0.035, 0.04, 0.07), np.array([m * 0.255, 0.02, 0.77]) * k, skin, MATT, 5, 3))
    head = ellipsoid((0.085 * k, 0.1 * k, 0.125 * k), (0, 0.01, 1.62 * k), skin, MATT, 8, 6).vertices.reshape(-1, 3, 10).copy()
    mid = head[:, :, :3].mean(1)
    head[(mid[:, 1] > 0.04) & (mid[:, 2] < 1.68 * k), :, 9] = 5.0
    return [*parts, limb(np.array([0, 0, 1.46]) * k, np.array([0, 0, 1.54]) * k, 0.05, 0.05, skin), Mesh(head.reshape(-1, 10))]


def hoop(y: float, radius: float, width: float, thick: float) -> list[Mesh]:
    """Thin flat wheel ring with a hole."""
    t = np.arange(20) / 20 * 2 * math.pi
    tube = [(radius - thick, -width), (radius, -width), (radius, width), (radius - thick, width)]
    grid = np.stack([np.stack([np.full(20, x), y + np.cos(t) * q, radius + np.sin(t) * q], 1) for q, x in tube[::-1]], 1)
    return [surface(np.concatenate([grid, grid[:1]]), TYRE, MATT, 30, ring=True)]


def two_wheeler(moto: bool, rng: np.random.Generator, rider: Mesh | None) -> list[Mesh]:
    """Two hoops, a bar and a figure that stands on them."""
    l = rng.uniform(1.95, 2.2) if moto else rng.uniform(1.6, 1.85)
    r = l * (0.145 if moto else 0.19)
    c = paint(rng) if chance(rng, 0.5) else vivid(rng)
    parts = [m for y in (l / 2 - r, -l / 2 + r) for m in hoop(y, r, 0.03 if moto else 0.018, 0.08 if moto else 0.05)]
    deep = 0.32 if moto else 0.08
    parts.append(box((0.12 if moto else 0.06, l * 0.6, deep), (0, 0, 0.42 + deep / 2), c, GLOSS))
    parts.append(box((0.5, 0.09, 0.05), (0, l * 0.23, 0.99), BLACK))
    parts.append(box((0.05, 0.05, 0.5), (0, l * 0.23, 0.74), BLACK))
    if moto:
        parts += [box((0.12, 0.03, 0.08), (0, -l * 0.3, 0.7), (0.4, 0.01, 0.01), TAIL), box((0.12, 0.05, 0.12), (0, l * 0.3, 0.75), WHITE, HEAD)]
    if rider is None:
        rider = join(person(rng))
    lo, hi = rider.bounds()
    tall = rng.uniform(1.25, 1.45)
    s = tall / float(hi[2] - lo[2])
    return [*parts, rider.scaled(s * 0.95, s * rng.uniform(0.9, 1.3), s).moved(y=-0.05, z=rng.uniform(0.28, 0.38))]
