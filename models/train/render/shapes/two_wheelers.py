"""Motorcycles, scooters and bicycles, always with a rider in a riding pose."""

from __future__ import annotations

import math

import numpy as np

from ..mesh import GLASS, GLOSS, HEAD, MATT, METAL, TAIL, Body, Mesh, body, box, cylinder, ellipsoid, rounded_box, surface
from .figure import cloth, figure, style
from .parts import BLACK, TRIM, chance, paint, pick, plate, vivid, wheel

MOTORCYCLES = ("naked", "sport", "tourer", "scooter", "delivery", "moped")
BICYCLES = ("city", "road", "mountain", "cargo", "courier")
_STEEL = (0.25, 0.25, 0.26)


def build(class_name: str, kind: str, rng: np.random.Generator) -> Body:
    """A two-wheeler of `kind` with its rider; `class_name` is motorcycle or bicycle."""
    parts = motorcycle(kind, rng) if class_name == "motorcycle" else bicycle(kind, rng)
    return body(kind, class_name, parts)


def ring(radius: float, y: float, thick: float, rng: np.random.Generator, sides: int = 18) -> list[Mesh]:
    """A spoked wheel: a thin tyre with a hole, hub and a few spokes."""
    t = np.arange(sides) / sides * 2 * math.pi
    r = thick
    tube = [(radius - 2 * r, 0.0), (radius - r, r), (radius, 0.0), (radius - r, -r)]
    grid = np.stack([np.stack([np.full(sides, x), y + np.cos(t) * q, radius + np.sin(t) * q], 1) for q, x in tube], 1)
    grid = np.concatenate([grid, grid[:1]])
    tyre = surface(grid, (0.015, 0.015, 0.016), MATT, 30, ring=True)
    hub = np.array([0, y, radius])
    a0 = rng.uniform(0, 1)
    spokes = []
    for a in a0 + np.arange(4) * math.pi / 4:
        d = np.array([0, math.cos(a), math.sin(a)]) * (radius - r)
        spokes.append(cylinder(hub - d, hub + d, 0.006, _STEEL, METAL, 3))
    return [tyre, *spokes, cylinder(hub - [0.04, 0, 0], hub + [0.04, 0, 0], 0.03, _STEEL, METAL, 6)]


def bicycle(kind: str, rng: np.random.Generator) -> list[Mesh]:
    """Frame, wheels, rider."""
    u = rng.uniform
    road, cargo = kind == "road", kind == "cargo"
    r, base = u(0.31, 0.35), u(0.49, 0.54)
    front, rear = base + (u(0.45, 0.6) if cargo else 0.0), -base
    thick = {"road": 0.014, "mountain": 0.028}.get(kind, 0.019)
    colour = vivid(rng) if chance(rng, 0.6) else paint(rng)
    s = style(rng, ("none", "bike", "bike", "none", "cap", "hood") if not road else ("bike",))
    k = s.height / 1.75
    saddle = np.array([0, rear + 0.28, 0.93 * k])
    crank = np.array([0, rear + 0.44, 0.29])
    head = np.array([0, base - 0.16, 0.86])
    bar = np.array([0, base - (0.06 if road else 0.2), 0.93 if road else u(1.0, 1.12)])
    hub_f, hub_r = np.array([0, front, r]), np.array([0, rear, r])
    tubes = [(crank, saddle, 0.016), (crank, head - [0, 0, 0.12], 0.019), (saddle * 0.85 + crank * 0.15, head, 0.017)]
    if chance(rng, 0.3):
        tubes[2] = (saddle * 0.4 + crank * 0.6, head - [0, 0, 0.1], 0.017)
    tubes += [(hub_r + [m, 0, 0], q, 0.01) for m in (-0.05, 0.05) for q in (crank, saddle * 0.85 + crank * 0.15)]
    tubes += [(hub_f + [m, 0, 0], head + [m * 0.5, 0.03, -0.12], 0.012) for m in (-0.05, 0.05)] if not cargo else [(head - [0, 0, 0.4], hub_f, 0.03)]
    tubes.append((head - [0, 0, 0.12], bar, 0.015))
    parts = [cylinder(a, b, q, colour, GLOSS, 5) for a, b, q in tubes]
    parts += ring(r if not cargo else 0.26, front, thick, rng) + ring(r, rear, thick, rng)
    wide = {"road": 0.2, "mountain": 0.34}.get(kind, 0.28)
    parts.append(cylinder(bar - [wide, 0, 0], bar + [wide, 0, 0], 0.014, BLACK, METAL, 5))
    parts.append(rounded_box((0.15, 0.26, 0.06), saddle, BLACK, MATT, 0.03))
    phase = u(0, 2 * math.pi)
    feet = []
    for m in (-1, 1):
        d = np.array([0, math.cos(phase) * m, math.sin(phase) * m]) * 0.17
        pedal = crank + d + [m * 0.12, 0, 0]
        parts.append(cylinder(crank + [m * 0.07, 0, 0], crank + d + [m * 0.07, 0, 0], 0.012, _STEEL, METAL, 4))
        parts.append(box((0.09, 0.09, 0.025), pedal, BLACK))
        feet.append(pedal + [0, -0.03, 0.09 * k])
    lean = {"road": u(0.8, 1.1), "mountain": u(0.5, 0.7)}.get(kind, u(0.15, 0.45))
    spine = np.array([0, lean, 1.0]) / math.hypot(lean, 1.0)
    hip = saddle + [0, 0.0, 0.10]
    hands = [bar + [m * (wide - 0.05), -0.04, 0.03] for m in (-1, 1)]
    parts.append(figure(s, hip, spine, feet, hands, (0, 1, 0.3), (0, -0.3, -1), rng.normal(0, 0.25)))
    if kind in ("city", "courier") and chance(rng, 0.6):
        parts.append(box((0.13, 0.4, 0.02), (0, rear, 2 * r + 0.06), BLACK))
        if chance(rng, 0.4):
            c = cloth(rng)
            parts += [rounded_box((0.13, 0.34, 0.32), (m * 0.14, rear - 0.03, r * 2 - 0.12), c, MATT, 0.03) for m in (-1, 1)]
    if kind == "city" and chance(rng, 0.35):
        parts.append(rounded_box((0.38, 0.28, 0.24), (0, front - 0.02, 2 * r + 0.22), pick(rng, (BLACK, (0.2, 0.13, 0.06))), MATT, 0.03))
    if kind == "courier":
        parts.append(rounded_box((0.45, 0.4, 0.45), hip + spine * 0.42 - [0, 0.34, -0.05], vivid(rng), MATT, 0.03))
    elif chance(rng, 0.25):
        parts.append(rounded_box((0.3, 0.18, 0.42), hip + spine * 0.34 - [0, 0.2, -0.05], cloth(rng), MATT, 0.05))
    if cargo:
        parts.append(rounded_box((0.62, 0.8, 0.5), (0, (front + base) / 2 - 0.1, 0.52), pick(rng, (cloth(rng), (0.22, 0.14, 0.07))), MATT, 0.04))
    if chance(rng, 0.5):
        parts.append(box((0.05, 0.03, 0.05), (0, rear - 0.13, 0.62), (0.4, 0.01, 0.01), TAIL))
        parts.append(box((0.06, 0.04, 0.06), head + [0, 0.07, 0.02], (0.7, 0.7, 0.66), HEAD))
    return parts


def motorcycle(kind: str, rng: np.random.Generator) -> list[Mesh]:
    """Machine and rider."""
    u = rng.uniform
    small = kind in ("scooter", "delivery", "moped")
    r, base = (u(0.22, 0.26), u(0.6, 0.66)) if small else (u(0.29, 0.33), u(0.68, 0.76))
    colour = paint(rng) if chance(rng, 0.5) else vivid(rng)
    rim = pick(rng, (_STEEL, BLACK, colour))
    w = 0.10 if small else 0.13
    parts: list[Mesh] = []
    for y, width in ((base, w), (-base, w * 1.2)):
        parts.append(wheel(r, width, width / 2, y, rim, 5, 14, 0.68, True))
    seat = 0.78 if small else u(0.78, 0.86)
    bar = np.array([0, base - (0.38 if kind != "sport" else 0.32), 1.02 if kind != "sport" else 0.93])
    head = np.array([0, base - 0.30, 0.86])
    parts += [cylinder((m, base, r), head + [m * 0.9, -0.02, 0.05], 0.028, _STEEL, METAL, 5) for m in (-0.1, 0.1)]
    if small:
        parts.append(rounded_box((0.36, 0.75, 0.34), (0, -base + 0.22, 0.53), colour, GLOSS, 0.12))
        parts.append(box((0.32, 0.45, 0.06), (0, 0.12, 0.31), TRIM))
        parts.append(rounded_box((0.42, 0.12, 0.6), (0, base - 0.33, 0.60), colour, GLOSS, 0.05))
        parts.append(ellipsoid((0.1, 0.3, 0.09), (0, base, 2 * r), colour, GLOSS, 8, 4))
    else:
        parts.append(ellipsoid((0.17, 0.33, 0.17), (0, 0.16, 0.84), colour, GLOSS, 10, 6))
        parts.append(rounded_box((0.34, 0.52, 0.36), (0, 0.05, 0.46), (0.05, 0.05, 0.052), METAL, 0.08))
        parts.append(cylinder((0.17, 0.1, 0.3), (0.19, -base - 0.05, 0.42), 0.06, (0.35, 0.35, 0.36), METAL, 7))
        parts.append(ellipsoid((0.13, 0.33, 0.09), (0, -base + 0.12, seat + 0.02), colour, GLOSS, 8, 4))
        parts.append(cylinder((0, -0.15, 0.4), (0, -base, r), 0.05, TRIM, METAL, 5))
        parts.append(ellipsoid((0.07, 0.22, 0.05), (0, base, 2 * r + 0.02), pick(rng, (colour, TRIM)), GLOSS, 7, 4))
    if kind in ("sport", "tourer"):
        parts.append(ellipsoid((0.24, 0.36, 0.26), (0, base - 0.32, 0.82), colour, GLOSS, 10, 6))
        parts.append(rounded_box((0.40, 0.6, 0.36), (0, 0.26, 0.52), colour, GLOSS, 0.12))
        high = 0.32 if kind == "tourer" else 0.16
        parts.append(rounded_box((0.34, 0.05, high), (0, base - 0.28, 1.05 + high / 2 - 0.05), (0.03, 0.035, 0.04), GLASS, 0.02))
    parts.append(rounded_box((0.27, 0.62, 0.09), (0, -base + 0.42, seat), BLACK, MATT, 0.04))
    wide = 0.30 if kind == "sport" else 0.36
    parts.append(cylinder(bar - [wide, 0, 0], bar + [wide, 0, 0], 0.018, BLACK, METAL, 5))
    parts += [ellipsoid((0.06, 0.02, 0.04), bar + [m * (wide - 0.02), 0.06, 0.14], BLACK, MATT, 6, 3) for m in (-1, 1)]
    parts.append(ellipsoid((0.09, 0.06, 0.09), (0, base - 0.16 + (0.16 if kind == "sport" else 0), 0.84), (0.75, 0.75, 0.7), HEAD, 8, 4))
    tail = -base - (0.08 if small else 0.18)
    parts.append(box((0.16, 0.05, 0.08), (0, tail, seat - 0.02 if not small else 0.62), (0.4, 0.01, 0.01), TAIL))
    parts.append(plate(tail - 0.04, 0.52, rng).scaled(0.4, 1, 1.2).moved(z=-0.08))
    s = style(rng, ("full", "full", "open", "open") if chance(rng, 0.93) else ("none", "cap"))
    k = s.height / 1.75
    lean = {"sport": u(0.6, 0.85), "naked": u(0.2, 0.4)}.get(kind, u(0.05, 0.2))
    spine = np.array([0, lean, 1.0]) / math.hypot(lean, 1.0)
    hip = np.array([0, -0.22 if not small else -0.25, seat + 0.11])
    hands = [bar + [m * (wide - 0.06), -0.06, 0.03] for m in (-1, 1)]
    if small:
        feet = [np.array([m * 0.12, 0.2, 0.43]) for m in (-1, 1)]
    else:
        feet = [np.array([m * 0.2, -0.12 if kind == "sport" else 0.05, 0.40]) for m in (-1, 1)]
    if chance(rng, 0.15):
        feet[0] = np.array([-0.33, 0.05, 0.09])
    parts.append(figure(s, hip, spine, feet, hands, (0, 1, 0.5), (0, -0.4, -1), rng.normal(0, 0.2)))
    if chance(rng, 0.12) and kind != "delivery":
        t = style(rng, ("full", "open"))
        pegs = [np.array([m * 0.24, -0.25, 0.48]) for m in (-1, 1)]
        hold = [hip + [m * 0.16, 0.05, 0.15] for m in (-1, 1)]
        parts.append(figure(t, hip + [0, -0.33, 0.05], spine, pegs, hold, (0, 1, 0.5), (0, -0.4, -1)))
    elif kind == "delivery":
        parts.append(rounded_box((0.46, 0.46, 0.45), (0, -base - 0.02, seat + 0.28), pick(rng, (vivid(rng), BLACK, (0.7, 0.7, 0.7))), MATT, 0.04))
    elif chance(rng, 0.3):
        parts.append(rounded_box((0.42, 0.38, 0.3), (0, -base - 0.05, seat + 0.22), pick(rng, (BLACK, colour)), GLOSS, 0.1))
    if kind == "tourer" and chance(rng, 0.6):
        parts += [rounded_box((0.22, 0.45, 0.36), (m * 0.33, -base + 0.05, 0.62), pick(rng, (BLACK, (0.4, 0.4, 0.4))), METAL, 0.05) for m in (-1, 1)]
    return parts
