"""People on foot: standing, walking, running, with what people carry."""

from __future__ import annotations

import math

import numpy as np

from ..mesh import MATT, METAL, Body, Mesh, body, box, cylinder, ellipsoid, loft, rounded_box
from .figure import Style, cloth, figure, style
from .parts import TYRE, chance, pick, vivid, wheel

KINDS = ("standing", "walking", "running", "bags", "umbrella", "pram", "child", "coat", "phone", "trolley")


def build(kind: str, rng: np.random.Generator) -> Body:
    """A person of `kind` (one of KINDS) facing +y."""
    hats = ("none", "none", "none", "none", "cap", "beanie", "hood", "brim")
    s = style(rng, hats, kind == "child" or (kind in ("walking", "running") and chance(rng, 0.04)))
    k = s.height / 1.75
    stride = {"standing": 0.03, "phone": 0.03, "running": 0.5}.get(kind, rng.uniform(0.15, 0.36))
    if kind in ("umbrella", "bags", "child", "coat") and chance(rng, 0.35):
        stride = 0.03
    phase = rng.uniform(0, 2 * math.pi)
    hip, lean, feet, hands, elbows = pose(k, stride, phase, kind == "running", rng)
    extra: list[Mesh] = []
    if kind == "phone":
        hands[1] = np.array([0.06, 0.30 * k, 1.22 * k])
        extra.append(box((0.07, 0.015, 0.14), hands[1] + [0, 0.06, 0.07], (0.02, 0.02, 0.02)))
    if kind == "umbrella":
        hands[1] = np.array([0.16 * k, 0.22 * k, 1.18 * k])
        extra += umbrella(hands[1], k, rng)
    if kind == "pram":
        hands = [np.array([m * 0.2, 0.42 * k, 1.0 * k]) for m in (-1, 1)]
        extra += pram(0.95, rng)
    if kind == "trolley":
        hands[1] = np.array([0.22, -0.25, 0.85 * k])
        c = cloth(rng)
        extra.append(rounded_box((0.4, 0.25, 0.6), (0.22, -0.6, 0.36), c, MATT, 0.05))
        extra.append(cylinder((0.22, -0.55, 0.6), hands[1], 0.012, (0.1, 0.1, 0.1), METAL, 4))
        extra += [cylinder((0.22 + m, -0.6, 0.05), (0.25 + m, -0.6, 0.05), 0.05, TYRE, MATT, 6) for m in (-0.2, 0.17)]
    if kind == "bags":
        extra += bags(hands, k, s, rng)
    elif chance(rng, 0.2) and kind != "running":
        extra.append(backpack(k, lean, hip, rng))
    if kind == "coat" or (kind in ("walking", "standing", "umbrella", "bags") and chance(rng, 0.2)):
        extra.append(skirt(s, hip, k, stride, rng))
    gaze = rng.normal(0, 0.35)
    return body(kind, "person", [figure(s, hip, lean, feet, hands, (0, 1, 0.1), elbows, gaze), *extra])


def pose(k: float, stride: float, phase: float, running: bool, rng: np.random.Generator):
    """Hip, spine, feet and hands of a gait: `stride` amplitude of the feet in metres at 1.75 m height."""
    c, sn = math.cos(phase), math.sin(phase)
    lift = 0.25 if running else 0.09
    feet = [
        np.array([-0.09 * k, c * stride * k, 0.09 * k + max(0.0, sn) * lift * k * min(1, stride / 0.2)]),
        np.array([0.09 * k, -c * stride * k, 0.09 * k + max(0.0, -sn) * lift * k * min(1, stride / 0.2)]),
    ]
    if running:
        feet[0 if sn > 0 else 1][2] += 0.12 * k
    hip = np.array([0.0, 0.0, (0.93 - 0.25 * abs(c) * stride**2) * k])
    lean = np.array([rng.normal(0, 0.02), 0.25 if running else rng.uniform(0.0, 0.1), 1.0])
    swing = stride * 0.8
    shoulder = hip + lean * 0.5 * k
    drop = 0.22 if running else 0.52
    fore = 0.22 if running else 0.03
    hands = [shoulder + np.array([m * 0.26 * k, (fore - m * -c * swing) * k, -drop * k]) for m in (-1, 1)]
    return hip, lean, feet, hands, (0, -1, -0.3)


def umbrella(hand: np.ndarray, k: float, rng: np.random.Generator) -> list[Mesh]:
    """Open umbrella held above the head."""
    top = np.array([hand[0] * 0.5, hand[1] * 0.5, 2.08 * k])
    r, t = rng.uniform(0.42, 0.6), np.arange(10) / 10 * 2 * math.pi
    rings = [top + np.stack([np.cos(t) * r * f, np.sin(t) * r * f, 0 * t + z], 1) for f, z in ((1, -0.22), (1.0, -0.21), (0.75, -0.07), (0.4, 0.0), (0.05, 0.04))]
    a, b = (cloth(rng), cloth(rng)) if chance(rng, 0.3) else ((v := cloth(rng)), v)
    colour = np.empty((4, 10, 3))
    colour[:, ::2], colour[:, 1::2] = a, b
    return [cylinder(hand, top, 0.012, (0.05, 0.05, 0.05), METAL, 4), loft(rings, colour, MATT, 60)]


def pram(y: float, rng: np.random.Generator) -> list[Mesh]:
    """Pushchair in front of the walker."""
    c, grey = cloth(rng), (0.06, 0.06, 0.065)
    parts = [rounded_box((0.45, 0.75, 0.28), (0, y, 0.62), c, MATT, 0.1), ellipsoid((0.24, 0.3, 0.28), (0, y + 0.18, 0.78), c, MATT, 8, 5)]
    parts += [cylinder((m, y - 0.3, 0.2), (m, y + 0.25, 0.55), 0.015, grey, METAL, 4) for m in (-0.22, 0.22)]
    parts += [cylinder((m, y - 0.2, 0.55), (m, 0.42, 1.0), 0.015, grey, METAL, 4) for m in (-0.2, 0.2)]
    return parts + [wheel(r, 0.04, m, y + d, grey, 5, 10, 0.7, True) for m in (-0.27, 0.27) for d, r in ((-0.32, 0.14), (0.3, 0.11))]


def bags(hands, k: float, s: Style, rng: np.random.Generator) -> list[Mesh]:
    """A shopping bag or a case in one or both hands."""
    sides = (0, 1) if chance(rng, 0.4) else (int(rng.integers(2)),)
    size = (rng.uniform(0.1, 0.2), rng.uniform(0.25, 0.42), rng.uniform(0.25, 0.4))
    c = pick(rng, (cloth(rng), (0.7, 0.7, 0.7), vivid(rng)))
    return [rounded_box(size, hands[i] + [0.02 * (2 * i - 1), 0, -0.08 - size[2] / 2], c, MATT, 0.03) for i in sides]


def backpack(k: float, lean, hip, rng: np.random.Generator) -> Mesh:
    """Backpack between the shoulders."""
    return rounded_box((0.3 * k, 0.2 * k, 0.45 * k), hip + np.asarray(lean) * 0.33 * k + [0, -0.2 * k, 0], cloth(rng), MATT, 0.06)


def skirt(s: Style, hip, k: float, stride: float, rng: np.random.Generator) -> Mesh:
    """Skirt or coat tails from the waist to the knee or the ankle."""
    t = np.arange(10) / 10 * 2 * math.pi
    drop = rng.uniform(0.4, 0.75) * k
    g = s.girth
    flare = 0.06 + stride * 0.35
    rows = ((-drop, 0.2 + flare * 0.4, 0.15 + flare), (-drop * 0.5, 0.19 + flare * 0.2, 0.14 + flare * 0.5), (0.02, 0.17, 0.125), (0.16 * k, 0.15, 0.11))
    rings = [hip + np.stack([np.cos(t) * a * g * k, np.sin(t) * b * g * k, 0 * t + z], 1) for z, a, b in rows]
    return loft(rings, s.top if chance(rng, 0.6) else cloth(rng), MATT, 60)
