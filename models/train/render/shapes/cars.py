"""Cars and vans: a lower body swept along its length with real wheel arches, and a glazed cabin on top."""

from __future__ import annotations

import numpy as np

from ..mesh import GLASS, GLOSS, MATT, Body, Mesh, body, loft
from . import car_details
from .car_plan import KINDS, Plan, plan
from .parts import BLACK, GLASS_DARK, TRIM, pick, wheel

__all__ = ["KINDS", "build"]


def build(kind: str, rng: np.random.Generator) -> Body:
    """A car of `kind` (one of KINDS) with random measures, paint and equipment."""
    p = plan(kind, rng)
    parts = [lower(p), *wheels(p, rng)]
    parts += [cabin(p)] if p.kind != "pickup" else [cabin(p), *car_details.bed(p)]
    parts += car_details.details(p, rng)
    return body(kind, "car", parts)


def stations(p: Plan) -> tuple[np.ndarray, ...]:
    """Rows along y (front to rear): y, half width, bottom z, deck z."""
    arches = [(y + k * p.arch, k) for y in (p.axle_front, p.axle_rear) for k in (1.001, 1.0, 0.8, 0.45, 0, -0.45, -0.8, -1.0, -1.001)]
    f, r = p.length / 2, -p.length / 2
    ys = {f: 0, f - 0.05: 0, f - 0.14: 0, f - 0.34: 0, p.screen_foot: 0, p.rear_foot: 0, r + 0.3: 0, r + 0.12: 0, r + 0.04: 0, r: 0, **dict(arches)}
    y = np.array(sorted(ys, reverse=True))
    plan_x = p.width / 2 * np.interp(
        y, [r, r + 0.04, r + 0.12, r + 0.3, r + 0.9, 0, f - 0.9, f - 0.34, f - 0.14, f - 0.05, f],
        [p.tail_width - 0.05, p.tail_width, p.tail_width + 0.03, 0.975, 0.995, 1, 0.99, 0.965, p.nose_width + 0.05, p.nose_width, p.nose_width - 0.1],
    )
    bottom = np.full_like(y, p.clearance)
    bottom = np.maximum(bottom, np.interp(y, [r, r + 0.5, f - 0.5, f], [p.clearance + 0.12, 0, 0, p.clearance + 0.06]))
    for axle in (p.axle_front, p.axle_rear):
        k = np.abs(y - axle) / p.arch
        inside = k <= 1.0
        bottom[inside] = np.maximum(bottom[inside], p.wheel + p.arch * np.sqrt(np.maximum(0, 1 - k[inside] ** 2)) * 0.97 - 0.02)
    deck = np.interp(
        y, [r, r + 0.04, r + 0.12, p.rear_foot, p.screen_foot, f - 0.34, f - 0.14, f - 0.05, f],
        [p.tail - 0.06, p.tail - 0.015, p.tail, p.belt_rear, p.belt, p.bonnet, p.bonnet - 0.05, p.nose, p.nose - 0.09],
    )
    return y, plan_x, bottom, deck


def lower(p: Plan) -> Mesh:
    """Everything below the windows, one closed loft."""
    y, half, bottom, deck = stations(p)
    sill = np.maximum(p.clearance + 0.17, bottom + 0.03)
    waist = np.maximum(np.minimum(p.wheel * 2 + 0.02, deck - 0.16), bottom + 0.07)
    shoulder = np.maximum(deck - 0.09, waist + 0.02)
    top = np.maximum(deck, shoulder + 0.02)
    right = [
        (0.0, bottom), (0.86, bottom), (0.985, sill - 0.02), (1.0, waist), (0.985, shoulder), (0.93, top - 0.02), (0.78, top + 0.012),
    ]
    crown = np.interp(y, [p.rear_foot, p.screen_foot, p.length / 2 - 0.1], [0.02, 0.03, 0.015])
    columns = [np.stack([half * x, y, z], 1) for x, z in right]
    columns.append(np.stack([0 * y, y, top + crown], 1))
    columns += [np.stack([-half * x, y, z], 1) for x, z in reversed(right[1:])]
    s = np.stack(columns, 1)
    rows, ring = len(y) - 1, s.shape[1]
    colour = np.empty((rows, ring, 3))
    material = np.full((rows, ring), GLOSS)
    colour[:] = p.paint
    for k in (0, ring - 1):
        colour[:, k], material[:, k] = BLACK, MATT
    for k in (1, ring - 2):
        colour[:, k], material[:, k] = (p.sill, MATT if p.clad else GLOSS)
    if p.two_tone is not None:
        colour[:, 2], colour[:, ring - 3] = p.two_tone, p.two_tone
    return loft(s, colour, material, 38, cap=(p.paint, GLOSS))


def cabin(p: Plan) -> Mesh:
    """Greenhouse: rings from the belt to the roof, windows as their own quads between pillars."""
    z0, z1 = p.belt - 0.06, p.height
    rows = [0.0, 0.10, 0.16, p.window_top, p.window_top + 0.05, 0.965, 1.0]
    pillars = p.pillars
    rings = []
    for t in rows:
        front = p.screen_foot + (p.roof_front - p.screen_foot) * t
        rear = p.rear_foot + (p.roof_rear - p.rear_foot) * t**p.rear_bow
        half = p.width / 2 * (p.cabin_width + (p.roof_width - p.cabin_width) * t)
        if t > 0.9:
            shrink = (t - 0.9) / 0.1
            front, rear, half = front - 0.10 * shrink, rear + 0.08 * shrink, half - 0.09 * shrink
        z = z0 + (z1 - z0) * (t if t < 0.9 else 0.9 + 0.1 * (1 - (1 - (t - 0.9) / 0.1) ** 2))
        bow_f, bow_r = 0.16 * (1 - 0.5 * t), 0.10 * (1 - 0.4 * t)
        xs = np.array([0.93, 0.86, 0.5, 0.0])
        ring = [(half * x, front - bow_f * (x**2), z) for x in -xs] + [(half * x, front - bow_f * x**2, z) for x in xs[-2::-1]]
        a, b = front - bow_f - 0.03, rear + bow_r + 0.02
        side = [(half, a + (b - a) * k, z) for k in pillars]
        ring += side
        ring += [(half * x, rear + bow_r * x**2, z) for x in xs] + [(half * x, rear + bow_r * x**2, z) for x in -xs[-2::-1]]
        ring += [(-half, y, z) for _, y, z in side[::-1]]
        rings.append(ring)
    n, side_n = len(rings[0]), len(pillars)
    s = np.array(rings, np.float64)
    colour = np.empty((len(rows) - 1, n, 3))
    colour[:] = p.roof_paint
    colour[:2] = p.paint
    material = np.full((len(rows) - 1, n), GLOSS)
    glazed = [k for k in range(1, 5)]
    right = [7 + k for k in p.windows]
    rear0 = 7 + side_n
    left0 = rear0 + 7
    left = [left0 + (side_n - 2 - k) for k in p.windows]
    back = list(range(rear0 + 1, rear0 + 5)) if p.rear_window else []
    cells = glazed + right + left + back
    colour[2, cells] = GLASS_DARK
    material[2, cells] = GLASS
    if p.black_pillars:
        rest = [k for k in range(6, 7 + side_n) if k not in cells] + [k for k in range(left0 - 1, n) if k not in cells]
        colour[2, rest] = TRIM
    colour[1, glazed] = TRIM
    return loft(s, colour, material, 42, cap=(GLASS_DARK if p.glass_roof else p.roof_paint, GLASS if p.glass_roof else GLOSS))


def wheels(p: Plan, rng: np.random.Generator) -> list[Mesh]:
    """Four wheels in their arches, all of one rim."""
    rim = pick(rng, ((0.42, 0.43, 0.44), (0.3, 0.31, 0.32), (0.55, 0.55, 0.56), (0.03, 0.03, 0.03), (0.1, 0.1, 0.1)))
    spokes, share = int(pick(rng, (0, 3, 5, 5, 6, 7))), rng.uniform(0.6, 0.72)
    x = p.width / 2 - rng.uniform(0.0, 0.03)
    return [wheel(p.wheel, 0.2, s * x, y, rim, spokes, 13, share) for s in (-1, 1) for y in (p.axle_front, p.axle_rear)]
