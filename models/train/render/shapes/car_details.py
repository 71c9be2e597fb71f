"""Lamps, grilles, plates, mirrors, roof loads, signs and stripes of cars."""

from __future__ import annotations

import numpy as np

from ..mesh import EMISSIVE, GLOSS, HEAD, MATT, METAL, TAIL, Mesh, box, rounded_box, surface
from .car_plan import Plan
from .parts import BLACK, TRIM, chance, mirrors, pair, pick, plate, vivid


def end_patch(p: Plan, front: bool, x: tuple[float, float], z: tuple[float, float], colour, material: float) -> Mesh:
    """A patch that follows the nose or tail of the lower body; `x` as shares of the half width."""
    from .cars import stations

    y, half, _, deck = stations(p)
    end = y[0] if front else y[-1]
    near = np.abs(y - end) < 0.5
    ys, hs, ds = (a[near] if front else a[near][::-1] for a in (y, half, deck))
    xs = np.linspace(*x, 4) * p.width / 2
    zs = np.linspace(*z, 3)
    xx, zz = np.meshgrid(xs, zs)
    depth = np.abs(ys - end)
    by_x = np.interp(np.abs(xx) / 0.975, np.maximum.accumulate(hs) + np.arange(len(hs)) * 1e-6, depth)
    by_z = np.interp(zz + 0.005, np.maximum.accumulate(ds) + np.arange(len(ds)) * 1e-6, depth)
    d = np.maximum(by_x, by_z)
    s = 1.0 if front else -1.0
    grid = np.stack([xx, end - s * d + s * 0.02, zz], -1)
    if front:
        grid = grid[:, ::-1]
    return surface(grid, colour, material, 60)


def details(p: Plan, rng: np.random.Generator) -> list[Mesh]:
    """All small parts of one car."""
    u = rng.uniform
    van = p.kind in ("van", "small_van", "minibus")
    top = p.nose - 0.01
    lamp, inner, rear_inner = u(0.10, 0.20), u(0.50, 0.66), u(0.55, 0.76)
    rear_top = min(p.tail - 0.05, 1.15)
    rear_lamp = u(0.3, 0.5) if van else u(0.14, 0.28)
    parts: list[Mesh] = []
    for a, b in ((inner, 0.93), (-0.93, -inner)):
        parts.append(end_patch(p, True, (a, b), (top - lamp, top), (0.72, 0.73, 0.74), HEAD))
    for a, b in ((rear_inner, 0.95), (-0.95, -rear_inner)):
        parts.append(end_patch(p, False, (a, b), (rear_top - rear_lamp, rear_top), (0.36, 0.01, 0.012), TAIL))
    if chance(rng, 0.12):
        parts.append(end_patch(p, False, (-rear_inner, rear_inner), (rear_top - 0.07, rear_top), (0.36, 0.01, 0.012), TAIL))
    grille = u(0.3, 0.5)
    parts.append(end_patch(p, True, (-grille, grille), (top - lamp - u(0, 0.12), top - 0.02), pick(rng, (BLACK, TRIM, p.paint)), METAL))
    parts.append(end_patch(p, True, (-0.7, 0.7), (p.clearance + 0.1, p.clearance + (0.4 if p.clad else u(0.16, 0.28))), TRIM, MATT))
    parts.append(end_patch(p, False, (-0.8, 0.8), (p.clearance + 0.13, p.clearance + (0.45 if p.clad else u(0.2, 0.3))), TRIM, MATT))
    parts.append(plate(p.length / 2 + 0.022, p.clearance + 0.30, rng))
    parts.append(plate(-p.length / 2 - 0.022, pick(rng, (p.clearance + 0.38, p.tail - 0.22)), rng))
    size = (0.20, 0.10, 0.28) if van else (0.19, 0.11, 0.13)
    colour = pick(rng, (p.paint, TRIM, p.paint))
    parts += mirrors(p.width * 0.48, p.screen_foot - 0.32, p.belt + 0.06, size, colour)
    parts += roof(p, rng)
    if p.rear_window:
        parts.append(box((0.5, 0.02, 0.02), (0, p.rear_foot - 0.01, p.belt + 0.12), BLACK))
    if chance(rng, 0.06) or (van and chance(rng, 0.25)):
        c, w = vivid(rng), u(0.08, 0.35)
        z = 2 * p.wheel + 0.13 + w / 2
        z = min(z, p.belt - 0.1 - w / 2) if not van else z
        if z - w / 2 > 2 * p.wheel:
            parts += pair(box((0.012, p.length * u(0.3, 0.7), w), (p.width / 2, u(-0.3, 0.1), z), c, GLOSS))
    return parts


def roof(p: Plan, rng: np.random.Generator) -> list[Mesh]:
    """Rails, rack, box, taxi sign, light bar or nothing."""
    u = rng.uniform
    run, mid = p.roof_front - p.roof_rear, (p.roof_front + p.roof_rear) / 2
    half, z = p.width / 2 * p.roof_width - 0.14, p.height
    parts: list[Mesh] = []
    rails = p.kind in ("estate", "suv") and chance(rng, 0.5)
    what = u()
    if rails:
        parts += pair(box((0.04, run * 0.85, 0.05), (half, mid, z + 0.01), pick(rng, (TRIM, (0.5, 0.5, 0.5))), METAL))
    if what < 0.05:
        c = pick(rng, ((0.75, 0.55, 0.05), (0.8, 0.8, 0.75), (0.75, 0.55, 0.05)))
        parts.append(rounded_box((u(0.35, 0.6), 0.16, 0.13), (0, mid + run * 0.2, z + 0.06), c, EMISSIVE if chance(rng, 0.4) else MATT, 0.03))
    elif what < 0.10:
        parts += [box((half * 2 + 0.1, 0.05, 0.05), (0, mid + k * run * 0.3, z + 0.05), TRIM, METAL) for k in (-1, 1)]
        c = pick(rng, (BLACK, (0.3, 0.3, 0.3), (0.7, 0.7, 0.7)))
        parts.append(rounded_box((u(0.55, 0.8), min(run * 0.95, u(1.3, 2.0)), u(0.28, 0.4)), (u(-0.15, 0.15), mid, z + 0.24), c, GLOSS, 0.12))
    elif what < 0.16:
        parts += [box((half * 2 + 0.1, 0.06, 0.05), (0, mid + k * run * 0.3, z + 0.05), TRIM, METAL) for k in (-1, 0.1, 1)]
        if chance(rng, 0.4):
            parts += [box((0.05, min(3.0, run), 0.06), (k, mid, z + 0.11), (0.5, 0.5, 0.5), METAL) for k in (-0.2, 0.2)]
    elif what < 0.18:
        c = pick(rng, ((0.02, 0.08, 0.5), (0.7, 0.35, 0.02)))
        parts.append(rounded_box((half * 1.7, 0.25, 0.12), (0, mid + run * 0.25, z + 0.06), c, EMISSIVE if chance(rng, 0.5) else GLOSS, 0.04))
    elif what < 0.5:
        parts.append(box((0.03, 0.14, 0.08), (0, p.roof_rear + 0.15, z + 0.02), TRIM))
    return parts


def bed(p: Plan) -> list[Mesh]:
    """Open load bed of a pickup: a dark floor on the deck inside low walls."""
    a, b = -p.length / 2 + 0.06, p.rear_foot - 0.02
    w, z, y = p.width * 0.84, p.tail + 0.01, (a + b) / 2
    wall = [box((0.06, b - a, 0.10), (w / 2, y, z + 0.05), p.paint, GLOSS)]
    return [*pair(wall[0]), box((w, 0.05, 0.10), (0, a + 0.02, z + 0.05), p.paint, GLOSS), box((w - 0.05, b - a, 0.02), (0, y, z + 0.025), BLACK)]
