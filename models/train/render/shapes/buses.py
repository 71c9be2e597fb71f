"""City buses, long articulated ones (drawn straight), coaches, midibuses, double deckers and school buses."""

from __future__ import annotations

import numpy as np

from ..mesh import EMISSIVE, GLASS, GLOSS, MATT, METAL, Body, Mesh, body, box, prism, rounded_box
from .parts import BLACK, GLASS_DARK, TRIM, WHITE, chance, jittered, lamps, mirrors, pair, pick, plate, vivid, wheel

KINDS = ("city", "articulated", "coach", "midi", "double_decker", "school")
_SIZES = {
    "city": ((9.5, 12.2), (2.95, 3.2)), "articulated": ((17.0, 18.4), (2.95, 3.2)), "coach": ((11.0, 13.5), (3.3, 3.75)),
    "midi": ((7.0, 9.0), (2.75, 3.0)), "double_decker": ((9.8, 11.5), (4.1, 4.4)), "school": ((9.0, 11.0), (2.9, 3.1)),
}
_LIVERIES = ((0.45, 0.02, 0.02), (0.65, 0.42, 0.02), (0.02, 0.08, 0.3), (0.03, 0.2, 0.08), (0.75, 0.75, 0.73), (0.1, 0.35, 0.5), (0.5, 0.15, 0.02))


def build(kind: str, rng: np.random.Generator) -> Body:
    """A bus of `kind` (one of KINDS)."""
    u = rng.uniform
    (l0, l1), (h0, h1) = _SIZES[kind]
    length, height, width = u(l0, l1), u(h0, h1), u(2.4, 2.55)
    colour = jittered(rng, pick(rng, _LIVERIES), 0.03) if chance(rng, 0.75) else vivid(rng)
    if kind == "school":
        colour = jittered(rng, (0.7, 0.38, 0.01), 0.04)
    second = pick(rng, (colour, WHITE, jittered(rng, pick(rng, _LIVERIES), 0.03), vivid(rng)))
    front, rear, floor = length / 2, -length / 2, 0.33 if kind != "coach" else 0.4
    rake, tail = (u(0.1, 0.3) if kind != "coach" else u(0.3, 0.7)), u(0.03, 0.15)
    belt = {"coach": u(1.65, 1.85)}.get(kind, u(1.15, 1.35))
    top = height - u(0.32, 0.5) if kind != "double_decker" else belt + 0.85
    profile = [(rear + 0.08, floor), (front - 0.1, floor), (front, floor + 0.2), (front, belt), (front - rake, height - 0.25), (front - rake - 0.25, height), (rear + tail + 0.25, height), (rear + tail, height - 0.25), (rear, belt)]
    parts = [prism(profile, width, colour, GLOSS, 0.09)]
    parts += skirt(length, width, floor, belt, second, rng)
    door_left = chance(rng, 0.3)
    parts += band(front, rear, width, belt, top, kind, rng)
    if kind == "double_decker":
        parts += band(front + 0.5, rear, width, height - 1.15, height - 0.35, "coach", rng)
    parts += front_end(front, rake, width, belt, height, rng)
    parts += back_end(rear, tail, width, belt, height, colour, rng)
    parts += doors(front, rear, width, floor, top, kind, door_left, rng)
    r = u(0.45, 0.5)
    axles = [front - u(2.3, 2.8) if kind != "school" else front - 1.4, rear + u(2.2, 3.2)]
    if kind == "articulated":
        axles.append(rear + length * 0.45)
        parts.append(box((width + 0.06, 1.3, height - floor), (0, rear + length * 0.37, (height + floor) / 2 + 0.03), (0.03, 0.03, 0.032)))
    if kind == "coach" and chance(rng, 0.5):
        axles.append(axles[1] - 1.2)
    for y in axles:
        parts += pair(box((0.03, r * 2.3, r * 2.2 - floor), (width / 2, y, (r * 2.2 + floor) / 2), BLACK))
    rim = pick(rng, ((0.4, 0.41, 0.42), (0.15, 0.15, 0.15), (0.5, 0.5, 0.5)))
    parts += [wheel(r, 0.3, s * (width / 2 + 0.05), y, rim, 5, 14, 0.6, True) for y in axles for s in (-1, 1)]
    parts += roof(height, length, width, colour, rng)
    return body(kind, "bus", parts)


def skirt(length, width, floor, belt, second, rng: np.random.Generator) -> list[Mesh]:
    """Livery of the flanks: a band, a lower half or a large advertisement."""
    u = rng.uniform
    x, what = width / 2, u()
    if what < 0.35:
        h = (belt - floor) * u(0.2, 0.6)
        return pair(box((0.012, length * 0.97, h), (x, 0, floor + h / 2 + 0.05), second, GLOSS))
    if what < 0.6:
        return pair(box((0.012, length * 0.97, u(0.06, 0.18)), (x, 0, belt - u(0.15, 0.3)), second, GLOSS))
    if what < 0.8:
        return pair(box((0.014, length * u(0.2, 0.4), (belt - floor) * 0.6), (x, u(-0.2, 0.1) * length, (belt + floor) / 2), vivid(rng), MATT))
    return []


def band(front, rear, width, belt, top, kind, rng: np.random.Generator) -> list[Mesh]:
    """Side windows: one dark strip or single panes with pillars."""
    u = rng.uniform
    a, b, x = front - u(0.5, 0.9), rear + u(0.3, 0.8), width / 2
    if kind != "school" and chance(rng, 0.5):
        glass = pair(box((0.02, a - b, top - belt), (x, (a + b) / 2, (top + belt) / 2), GLASS_DARK, GLASS))
        n = int((a - b) / 1.6)
        return glass + [m for k in range(1, n) for m in pair(box((0.03, 0.04, top - belt), (x, b + (a - b) * k / n, (top + belt) / 2), BLACK))]
    n = int((a - b) / (u(1.2, 1.7) if kind != "school" else 0.95))
    step, gap = (a - b) / n, u(0.08, 0.2)
    return [m for k in range(n) for m in pair(box((0.02, step - gap, top - belt), (x, b + step * (k + 0.5), (top + belt) / 2), GLASS_DARK, GLASS))]


def front_end(front, rake, width, belt, height, rng: np.random.Generator) -> list[Mesh]:
    """Windscreen, destination display, lamps, mirrors, plate."""
    u = rng.uniform
    low, high = belt - u(0.05, 0.3), height - 0.27
    run = lambda z: front - rake * max(0.0, z - belt) / (height - 0.25 - belt)  # noqa: E731
    ys = [(run(z), z) for z in (low, belt, high)]
    profile = [(y + 0.018, z) for y, z in ys] + [(y - 0.15, z) for y, z in reversed(ys)]
    parts = [prism(profile, width - u(0.12, 0.25), GLASS_DARK, GLASS, 0.03)]
    z = high - 0.2
    lit = pick(rng, ((0.9, 0.45, 0.02), (0.9, 0.85, 0.7), (0.9, 0.3, 0.02), (0.02, 0.02, 0.02)))
    w = width * u(0.5, 0.75)
    parts.append(box((w + 0.1, 0.06, 0.3), (0, run(z) - 0.005, z), BLACK))
    parts.append(box((w * u(0.5, 0.95), 0.06, 0.16), (0, run(z) + 0.006, z), lit, EMISSIVE))
    parts += lamps(front + 0.005, width * 0.38, u(0.65, 0.8), (0.36, u(0.14, 0.24)), True)
    parts.append(box((width * 0.9, 0.03, 0.2), (0, front - 0.004, 0.5), TRIM))
    parts.append(plate(front + 0.02, 0.52, rng))
    return parts + mirrors(width / 2, front + 0.08, height - u(0.6, 1.1), (0.18, 0.12, 0.4), BLACK)


def back_end(rear, tail, width, belt, height, colour, rng: np.random.Generator) -> list[Mesh]:
    """Rear window or closed engine wall, lamps, grille, plate."""
    u = rng.uniform
    parts: list[Mesh] = []
    z0, z1 = belt + u(0.1, 0.5), height - 0.35
    lean = lambda z: rear + tail * max(0.0, z - belt) / (height - 0.25 - belt)  # noqa: E731
    if chance(rng, 0.8):
        parts.append(prism([(lean(z0) - 0.015, z0), (lean(z1) - 0.015, z1), (lean(z1) + 0.1, z1), (lean(z0) + 0.1, z0)], width - 0.35, GLASS_DARK, GLASS, 0.02))
    parts.append(box((width * 0.6, 0.03, 0.45), (0, rear, u(0.8, 0.95)), TRIM, METAL))
    parts += lamps(rear - 0.005, width * 0.41, u(0.8, 1.0), (0.2, u(0.25, 0.5)), False)
    if chance(rng, 0.4):
        parts += lamps(lean(height - 0.4) - 0.01, width * 0.40, height - 0.4, (0.2, 0.1), False)
    parts.append(plate(rear - 0.02, 0.62, rng))
    return parts


def doors(front, rear, width, floor, top, kind, left: bool, rng: np.random.Generator) -> list[Mesh]:
    """Glazed doors on the kerb side."""
    places = [front - 0.95]
    if kind in ("city", "articulated"):
        places += [front - (front - rear) * f for f in ((0.55,) if kind == "city" else (0.3, 0.5, 0.8))]
    x = -width / 2 if left else width / 2
    parts = []
    for y in places:
        w = 1.25 if kind != "coach" else 0.9
        parts.append(box((0.03, w, top - floor), (x, y, (top + floor) / 2 + 0.05), (0.03, 0.03, 0.033), MATT))
        parts += [box((0.04, w / 2 - 0.1, top - floor - 0.25), (x, y + k * w / 4, (top + floor) / 2 + 0.05), GLASS_DARK, GLASS) for k in (-1, 1)]
    return parts


def roof(height, length, width, colour, rng: np.random.Generator) -> list[Mesh]:
    """Air conditioning, gas tanks, hatches."""
    u = rng.uniform
    c = pick(rng, (WHITE, colour, (0.3, 0.3, 0.3)))
    parts: list[Mesh] = []
    if chance(rng, 0.6):
        parts.append(rounded_box((width * u(0.5, 0.8), u(1.5, 3.0), u(0.15, 0.3)), (0, u(-0.25, 0.3) * length, height + 0.08), c, MATT, 0.08))
    if chance(rng, 0.25):
        parts.append(rounded_box((width * 0.85, length * 0.35, 0.35), (0, length * 0.2, height + 0.12), c, MATT, 0.15))
    parts += [box((0.7, 0.7, 0.06), (0, k * length * 0.3, height + 0.02), (0.25, 0.25, 0.25)) for k in (-1, 1)]
    return parts
