"""Goods vehicles: a cab from a side profile, a frame with wheels, and one of several bodies."""

from __future__ import annotations

import math

import numpy as np

from ..mesh import GLASS, GLOSS, MATT, METAL, Body, Mesh, body, box, cylinder, loft, prism, rounded_box
from .parts import BLACK, GLASS_DARK, TRIM, WHITE, chance, jittered, lamps, mirrors, pair, paint, pick, plate, side_windows, vivid, wheel

KINDS = ("box", "luton", "curtain", "semi_box", "semi_tanker", "flatbed", "tipper", "tanker", "refuse", "mixer", "crane_flatbed")
_STEEL = (0.30, 0.31, 0.32)


def build(kind: str, rng: np.random.Generator) -> Body:
    """A truck of `kind` (one of KINDS)."""
    u = rng.uniform
    semi = kind.startswith("semi")
    luton = kind == "luton"
    length = u(12.5, 16.0) if semi else (u(5.8, 7.0) if luton else u(6.8, 10.0))
    width = u(2.0, 2.2) if luton else u(2.35, 2.55)
    colour = jittered(rng, WHITE, 0.05) if chance(rng, 0.4) else (vivid(rng) if chance(rng, 0.5) else paint(rng))
    if kind == "refuse" and chance(rng, 0.6):
        colour = pick(rng, ((0.6, 0.22, 0.01), (0.05, 0.25, 0.06), (0.7, 0.7, 0.68)))
    front = length / 2
    cab_len = u(2.0, 2.3) if not luton else u(1.9, 2.2)
    height = u(2.9, 3.7) if semi else (u(2.1, 2.35) if luton else u(2.5, 2.95))
    parts = van_cab(front, cab_len, width, height, colour, rng) if luton else cab(front, cab_len, width, height, colour, rng)
    back = front - cab_len - u(0.08, 0.25)
    rear = -length / 2
    deck = 0.85 if luton else (u(1.1, 1.25) if semi else u(0.95, 1.15))
    parts += chassis(front, back, rear, width, deck, semi, luton, rng)
    parts += load(kind, back - (0.35 if semi else 0), rear, width, deck, colour, rng)
    return body(kind, "truck", parts)


def cab(front: float, length: float, width: float, height: float, colour, rng: np.random.Generator) -> list[Mesh]:
    """Forward-control cab: profile with raked screen, glass, doors, steps, lamps, mirrors."""
    u = rng.uniform
    rake, belt, z0 = u(0.12, 0.35), u(1.55, 1.8), 0.45
    top = height
    back = front - length
    profile = [(back, z0 + 0.4), (front - 0.1, z0), (front, z0 + 0.15), (front, belt), (front - rake, top - 0.35), (front - rake - 0.25, top), (back + 0.15, top + u(0, 0.1)), (back, top - 0.1)]
    parts = [prism(profile, width, colour, GLOSS, 0.07)]
    screen_top = top - 0.35 if height < 3.1 else belt + u(0.75, 0.95)
    screen_top = min(screen_top, top - 0.35)
    share = (screen_top - belt) / (top - 0.35 - belt)
    tilt = front - rake * share
    screen = [(front + 0.015, belt + 0.03), (tilt + 0.015, screen_top), (tilt - 0.1, screen_top), (front - 0.1, belt + 0.03)]
    parts.append(prism(screen, width - 0.16, GLASS_DARK, GLASS, 0.02))
    parts += side_windows(width / 2 + 0.002, [(front - 1.15, front - 0.3)], belt - 0.1, min(screen_top, belt + 0.75))
    parts.append(box((width * 0.7, 0.04, u(0.3, 0.6)), (0, front + 0.01, u(1.0, 1.2)), pick(rng, (BLACK, TRIM, colour)), METAL))
    parts.append(rounded_box((width, 0.3, 0.36), (0, front - 0.06, 0.58), pick(rng, (TRIM, colour, (0.5, 0.5, 0.5))), MATT, 0.06))
    parts += lamps(front + 0.1, width * 0.38, 0.66, (0.32, 0.17), True)
    parts.append(plate(front + 0.11, 0.5, rng))
    parts += mirrors(width / 2 + 0.02, front - 0.12, belt + 0.42, (0.2, 0.12, 0.55), pick(rng, (BLACK, colour)))
    if chance(rng, 0.5):
        parts.append(prism([(back + 0.2, top - 0.02), (front - rake - 0.35, top - 0.02), (back + 0.35, top + u(0.4, 0.8)), (back + 0.2, top + 0.5)], width * 0.85, colour, GLOSS, 0.1))
    if chance(rng, 0.3):
        parts.append(box((width * 0.8, 0.25, 0.03), (0, front - rake + 0.1, screen_top + 0.08), TRIM))
    return parts


def van_cab(front: float, length: float, width: float, height: float, colour, rng: np.random.Generator) -> list[Mesh]:
    """Bonneted van cab of a Luton."""
    u = rng.uniform
    back, bonnet, belt = front - length, u(1.0, 1.15), u(1.2, 1.3)
    w = min(width, 2.0)
    foot, roof = front - u(0.75, 0.95), front - u(1.35, 1.5)
    profile = [(back, 0.4), (front - 0.1, 0.35), (front, 0.5), (front - 0.05, bonnet - 0.15), (front - 0.25, bonnet), (foot, belt), (roof, height - 0.06), (roof - 0.2, height), (back, height)]
    parts = [prism(profile, w, colour, GLOSS, 0.1)]
    a, b = np.array([foot, belt]), np.array([roof, height - 0.06])
    n = np.array([b[1] - a[1], a[0] - b[0]]) / np.linalg.norm(b - a) * 0.015
    p0, p1 = a + (b - a) * 0.06, a + (b - a) * 0.95
    parts.append(prism([p0 + n, p1 + n, p1 - n * 4, p0 - n * 4], w - 0.25, GLASS_DARK, GLASS, 0.02))
    parts += side_windows(w / 2 + 0.002, [(roof - 0.35, roof + 0.15)], belt + 0.05, height - 0.2)
    parts += lamps(front - 0.03, w * 0.36, bonnet - 0.24, (0.3, 0.18), True)
    parts += [plate(front + 0.02, 0.55, rng), box((w * 0.6, 0.04, 0.2), (0, front - 0.01, 0.75), BLACK, METAL)]
    return parts + mirrors(w / 2, foot - 0.3, belt + 0.2, (0.22, 0.1, 0.3), BLACK)


def chassis(front, back, rear, width, deck, semi, luton, rng: np.random.Generator) -> list[Mesh]:
    """Frame, axles, mudguards, underrun bar, tail lamps."""
    u = rng.uniform
    r = 0.34 if luton else u(0.46, 0.53)
    rim = pick(rng, ((0.4, 0.41, 0.42), (0.5, 0.5, 0.5), (0.1, 0.1, 0.1), (0.3, 0.05, 0.04)))
    axles = [front - (0.95 if luton else u(1.15, 1.4))]
    if semi:
        axles += [back - u(1.3, 1.8), *(rear + u(1.2, 2.0) + np.arange(int(rng.integers(2, 4))) * 1.25)]
    else:
        axles += [rear + u(1.4, 2.0) + 1.25 * i for i in range(1 if front - rear < 8 else int(rng.integers(1, 3)))]
    parts = [wheel(r, 0.3, s * width / 2 * 0.985, float(y), rim, 6, 12, 0.6, True) for y in axles for s in (-1, 1)]
    start = front - 0.6
    parts.append(box((0.9, start - rear - 0.1, 0.25), (0, (start + rear) / 2, deck - 0.2), BLACK))
    parts += [box((width * 0.9, 0.14, 0.14), (0, float(y), r), BLACK) for y in axles]
    parts.append(box((width * 0.95, 0.1, 0.14), (0, rear + 0.08, 0.5), TRIM))
    parts.append(box((width * 0.94, 0.1, 0.16), (0, rear + 0.1, deck - 0.14), TRIM))
    parts += [box((0.08, 0.1, deck - 0.6), (m, rear + 0.1, deck / 2 + 0.15), TRIM) for m in (-0.4, 0.4)]
    parts += lamps(rear + 0.03, width * 0.4, deck - 0.14, (0.36, 0.14), False)
    parts.append(plate(rear + 0.02, 0.62, rng))
    a, b = axles[0] - r - 0.2, axles[-1 if not semi else 2] + r + 0.2
    if not semi and chance(rng, 0.6) and a - b > 0.8:
        parts += pair(box((0.05, a - b, 0.4), (width * 0.48, (a + b) / 2, 0.68), pick(rng, (TRIM, _STEEL)), METAL))
    elif chance(rng, 0.8):
        c = back - 0.5
        parts.append(cylinder((-width * 0.42, c, 0.65), (-width * 0.42, c - min(1.0, c - rear - 2), 0.65), 0.28, _STEEL, METAL, 8))
    return parts


def load(kind: str, front: float, rear: float, width: float, deck: float, colour, rng: np.random.Generator) -> list[Mesh]:
    """What stands on the frame between `front` and `rear`."""
    u = rng.uniform
    length, mid = front - rear, (front + rear) / 2
    if kind in ("box", "luton", "curtain", "semi_box"):
        return cargo_box(kind, front, rear, width, deck, colour, rng)
    if kind in ("tanker", "semi_tanker"):
        r = min(u(0.9, 1.1), width / 2 * 0.92)
        t = np.arange(14) / 14 * 2 * math.pi
        c = pick(rng, (jittered(rng, (0.55, 0.56, 0.57), 0.1), WHITE, colour, vivid(rng)))
        rows = ((front, 0.6), (front - 0.12, 0.93), (front - 0.3, 1.0), (rear + 0.45, 1.0), (rear + 0.25, 0.93), (rear + 0.12, 0.6))
        z = deck + r * 0.88
        parts = [loft([np.stack([np.cos(t) * r * 1.08 * f, 0 * t + y, z + np.sin(t) * r * 0.95 * f], 1) for y, f in rows], c, pick(rng, (METAL, GLOSS)), 60)]
        parts += [cylinder((0, mid + k * length * 0.3, z + r * 0.85), (0, mid + k * length * 0.3, z + r * 0.95 + 0.1), 0.25, _STEEL, METAL, 8) for k in (-1, 0, 1)]
        parts.append(box((0.5, length * 0.8, 0.04), (0, mid, z + r * 0.97), TRIM))
        return parts + [box((width * 0.9, length * 0.95, 0.1), (0, mid, deck - 0.02), BLACK)]
    if kind in ("flatbed", "crane_flatbed"):
        parts = [box((width, length, 0.14), (0, mid, deck), (0.16, 0.11, 0.07)), box((width, 0.08, u(0.6, 1.2)), (0, front, deck + 0.4), _STEEL, METAL)]
        if chance(rng, 0.6):
            parts += pair(box((0.04, length, 0.4), (width / 2 - 0.02, mid, deck + 0.25), pick(rng, (_STEEL, colour)), METAL))
        if kind == "crane_flatbed":
            parts.append(box((0.5, 0.5, 1.5), (0, front - 0.4, deck + 0.8), colour, GLOSS))
            parts.append(cylinder((0, front - 0.4, deck + 1.5), (0.2, rear + length * 0.35, deck + 1.7), 0.13, pick(rng, (colour, (0.6, 0.3, 0.01))), GLOSS, 6))
            front -= 0.8
        for _ in range(int(rng.integers(0, 6))):
            size = (u(0.7, 2.1), u(0.7, 2.0), u(0.4, 1.4))
            c = pick(rng, ((0.3, 0.2, 0.1), (0.25, 0.12, 0.08), vivid(rng), (0.3, 0.3, 0.3), (0.6, 0.6, 0.58)))
            y = u(rear + size[1] / 2, max(rear + size[1] / 2 + 0.1, front - size[1] / 2))
            parts.append(box(size, (u(-0.5, 0.5) * (width - size[0]), y, deck + 0.07 + size[2] / 2), c))
        return parts
    if kind == "tipper":
        h = u(0.9, 1.5)
        c = pick(rng, (colour, _STEEL, vivid(rng)))
        tub = prism([(front, deck), (front + 0.0, deck + h + 0.2), (rear + 0.1, deck + h), (rear + 0.25, deck)], width, c, GLOSS, 0.05)
        heap = loft([[(x * width * 0.45 * f, mid + y * length * 0.46 * f, deck + h * 0.95 + z) for x, y in ((-1, -1), (1, -1), (1, 1), (-1, 1))] for f, z in ((1, 0), (0.95, 0.22), (0.4, u(0.3, 0.6)))],
                    pick(rng, ((0.2, 0.14, 0.08), (0.25, 0.24, 0.22), (0.03, 0.03, 0.03))), MATT, 30)
        ribs = [m for y in np.linspace(rear + 0.5, front - 0.2, 6) for m in pair(box((0.08, 0.1, h * 0.9), (width / 2, float(y), deck + h * 0.5), c, GLOSS))]
        return [tub, heap, *ribs]
    if kind == "refuse":
        h = u(1.9, 2.3)
        profile = [(front, deck), (front, deck + h), (rear + 0.9, deck + h + 0.05), (rear + 0.25, deck + h - 0.1), (rear, deck + 0.7), (rear + 0.15, deck - 0.35), (rear + 1.0, deck - 0.2)]
        c = pick(rng, (colour, WHITE, colour))
        parts = [prism(profile, width, c, GLOSS, 0.05), box((width * 0.8, 0.3, 0.9), (0, rear + 0.06, deck + 0.35), BLACK)]
        parts += [m for y in (front - 0.8, front - 2.0, rear + 1.2) for m in pair(box((0.06, 0.1, h), (width / 2, y, deck + h / 2), c, GLOSS))]
        return parts + pair(box((0.03, length * 0.5, 0.25), (width / 2 + 0.02, mid, deck + h * 0.5), vivid(rng), GLOSS))
    t = np.arange(14) / 14 * 2 * math.pi
    rows = ((front - 0.3, 0.5, 0.0), (front - 0.9, 0.95, 0.1), (mid, 1.15, 0.2), (rear + 1.2, 0.75, 0.42), (rear + 0.6, 0.45, 0.55))
    c = pick(rng, (WHITE, colour, vivid(rng)))
    drum = loft([np.stack([np.cos(t) * r, 0 * t + y, deck + 1.1 + dz + np.sin(t) * r], 1) for y, r, dz in rows], c, GLOSS, 50)
    feet = [box((width * 0.7, 0.3, 1.0 + k), (0, y, deck + 0.5 + k / 2), colour, GLOSS) for y, k in ((front - 0.4, 0.0), (rear + 0.9, 0.2))]
    return [drum, *feet, prism([(rear, deck + 1.0), (rear + 0.5, deck + 0.9), (rear + 0.7, deck + 2.2), (rear + 0.2, deck + 2.2)], 0.8, TRIM, METAL, 0.05)]


def cargo_box(kind: str, front: float, rear: float, width: float, deck: float, colour, rng: np.random.Generator) -> list[Mesh]:
    """Box or curtain-sided body, over the cab of a Luton; livery, door bars, cooling unit."""
    u = rng.uniform
    h = {"luton": u(2.1, 2.4), "semi_box": u(2.6, 2.85)}.get(kind, u(2.1, 2.7))
    c = jittered(rng, WHITE, 0.05) if chance(rng, 0.55) else (colour if chance(rng, 0.4) else vivid(rng))
    length, mid, z = front - rear, (front + rear) / 2, deck + h / 2
    w = width if kind != "luton" else width + 0.1
    parts = [rounded_box((w, length, h), (0, mid, z), c, GLOSS if kind != "curtain" else MATT, 0.04)]
    if kind == "luton":
        parts.append(prism([(front - 0.1, deck + h), (front + 0.95, deck + h - 0.12), (front + 1.15, deck + h - 0.5), (front + 1.0, 2.3), (front - 0.1, 2.3)], w, c, GLOSS, 0.06))
    parts.append(box((w * 0.94, 0.02, h * 0.93), (0, rear - 0.008, z), jittered(rng, c, 0.05), MATT))
    parts += [box((0.04, 0.05, h * 0.9), (x * w, rear - 0.03, z), _STEEL, METAL) for x in (-0.3, -0.12, 0.12, 0.3)]
    if kind in ("curtain", "semi_box") and chance(rng, 0.5):
        parts += [m for y in np.linspace(rear + 0.6, front - 0.6, 9) for m in pair(box((0.02, 0.05, h), (w / 2 + 0.004, float(y), z), jittered(rng, c, 0.08), MATT))]
    if chance(rng, 0.55):
        size = (length * u(0.3, 0.9), h * u(0.15, 0.7))
        parts += pair(box((0.014, size[0], size[1]), (w / 2 + 0.004, mid + u(-0.05, 0.05) * length, z + u(-0.1, 0.15) * h), vivid(rng), MATT))
    if chance(rng, 0.3) and kind != "luton":
        parts.append(rounded_box((w * 0.75, 0.4, 0.7), (0, front + 0.15, deck + h - 0.5), WHITE, MATT, 0.08))
    if chance(rng, 0.4):
        parts += pair(box((0.03, length, 0.1), (w / 2, mid, deck + 0.03), (0.35, 0.36, 0.37), METAL))
    return parts
