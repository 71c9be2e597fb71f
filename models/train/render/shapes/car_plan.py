"""Measures of a car: where its bonnet, screens, roof and axles are, by kind."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .parts import BLACK, TRIM, chance, jittered, paint, pick, vivid

# length, width, height; bonnet height share; bonnet length share; screen run (m); rear run (m); boot length share; clearance
_SHAPES = {
    "hatchback": ((3.5, 4.35), (1.62, 1.82), (1.42, 1.58), 0.60, (0.20, 0.26), (0.55, 0.85), (0.25, 0.55), (0.00, 0.03), 0.17),
    "saloon": ((4.3, 5.1), (1.72, 1.92), (1.40, 1.50), 0.62, (0.25, 0.29), (0.65, 0.9), (0.65, 0.95), (0.11, 0.15), 0.16),
    "estate": ((4.4, 5.0), (1.72, 1.90), (1.44, 1.54), 0.61, (0.24, 0.28), (0.65, 0.9), (0.25, 0.6), (0.00, 0.02), 0.16),
    "suv": ((4.1, 5.0), (1.78, 2.02), (1.58, 1.85), 0.62, (0.22, 0.27), (0.5, 0.75), (0.2, 0.55), (0.00, 0.02), 0.22),
    "pickup": ((5.0, 5.7), (1.82, 2.05), (1.75, 1.92), 0.60, (0.23, 0.26), (0.5, 0.7), (0.15, 0.25), (0.30, 0.34), 0.26),
    "coupe": ((4.1, 4.7), (1.78, 1.95), (1.24, 1.38), 0.63, (0.28, 0.34), (0.75, 1.0), (0.8, 1.15), (0.04, 0.08), 0.13),
    "van": ((4.8, 6.0), (1.90, 2.08), (1.95, 2.60), 0.50, (0.13, 0.18), (0.55, 0.8), (0.03, 0.10), (0.00, 0.00), 0.20),
    "small_van": ((4.1, 4.7), (1.72, 1.86), (1.78, 1.90), 0.56, (0.17, 0.21), (0.6, 0.8), (0.04, 0.12), (0.00, 0.00), 0.18),
    "minibus": ((4.9, 6.0), (1.90, 2.06), (1.95, 2.55), 0.48, (0.12, 0.17), (0.55, 0.8), (0.05, 0.15), (0.00, 0.00), 0.20),
}
KINDS = tuple(_SHAPES)


@dataclass
class Plan:
    """All lengths in metres; y forward from the middle, z above the ground. Width of parts as share of `width`."""

    kind: str
    length: float
    width: float
    height: float
    clearance: float
    wheel: float
    arch: float
    axle_front: float
    axle_rear: float
    bonnet: float
    nose: float
    belt: float
    belt_rear: float
    tail: float
    screen_foot: float
    roof_front: float
    roof_rear: float
    rear_foot: float
    rear_bow: float
    nose_width: float
    tail_width: float
    cabin_width: float
    roof_width: float
    window_top: float
    pillars: tuple[float, ...]
    windows: tuple[int, ...]
    rear_window: bool
    black_pillars: bool
    glass_roof: bool
    clad: bool
    paint: tuple
    roof_paint: tuple
    sill: tuple
    two_tone: tuple | None


def plan(kind: str, rng: np.random.Generator) -> Plan:
    """Random measures of `kind`; raises KeyError for another name."""
    (l0, l1), (w0, w1), (h0, h1), bonnet, nose_run, screen, rear, boot, clearance = _SHAPES[kind]
    u = rng.uniform
    size = u()
    length = l0 + (l1 - l0) * size
    width = w0 + (w1 - w0) * float(np.clip(size + u(-0.3, 0.3), 0, 1))
    height = h0 + (h1 - h0) * (u() if kind in ("van", "minibus") else float(np.clip(size + u(-0.5, 0.5), 0, 1)))
    van = kind in ("van", "small_van", "minibus")
    wheel = {"suv": 0.36, "pickup": 0.38, "van": 0.34, "minibus": 0.34, "coupe": 0.33}.get(kind, 0.31) + u(-0.015, 0.02)
    belt = (min(1.2, 0.56 * height) if van else 0.645 * height) + u(-0.03, 0.03)
    bonnet_z = max(belt - u(0.06, 0.14), 2 * wheel + 0.10) if not van else belt - u(0.05, 0.2)
    belt = max(belt, bonnet_z + 0.05)
    f, r = length / 2, -length / 2
    foot = f - length * u(*nose_run)
    rear_foot = r + length * u(*boot) + 0.04
    roof_rear = rear_foot + u(*rear)
    tail = belt + u(-0.02, 0.04) if not van else belt
    if kind == "pickup":
        tail = belt - u(0.0, 0.08)
    colour = _van_paint(rng) if van else paint(rng)
    roof = colour
    if not van and chance(rng, 0.12):
        roof = pick(rng, (BLACK, (0.7, 0.7, 0.68), BLACK))
    clad = kind in ("suv", "pickup", "van", "small_van") and chance(rng, 0.55)
    dirt = np.asarray(colour) * (1 - (k := u(0, 0.6) ** 2)) + np.array([0.09, 0.075, 0.055]) * k
    pillars, windows = _side(kind, rng)
    return Plan(
        kind=kind, length=length, width=width, height=height, clearance=clearance + u(-0.02, 0.02), wheel=wheel,
        arch=wheel + u(0.045, 0.075), axle_front=f - u(0.78, 0.95) * (0.9 if length < 4.2 else 1.0),
        axle_rear=r + (u(0.62, 0.85) if length < 4.3 else u(0.85, 1.1)), bonnet=bonnet_z,
        nose=bonnet_z - u(0.08, 0.2), belt=belt, belt_rear=belt if tail < belt - 0.05 else max(belt, tail), tail=tail,
        screen_foot=foot, roof_front=foot - u(*screen) * (height - belt) / (0.55 if not van else 0.9), roof_rear=roof_rear,
        rear_foot=rear_foot, rear_bow=u(0.9, 1.4) if not van else 1.6, nose_width=u(0.72, 0.84), tail_width=u(0.84, 0.92),
        cabin_width=u(0.93, 0.955) if not van else 0.97, roof_width=u(0.70, 0.78) if not van else u(0.86, 0.92),
        window_top=u(0.76, 0.82) if not van else min(0.85, 0.55 / (height - belt) + 0.16), pillars=pillars,
        windows=windows, rear_window=not (kind in ("van", "small_van") and len(windows) < 3) or chance(rng, 0.4),
        black_pillars=chance(rng, 0.45), glass_roof=kind in ("hatchback", "suv", "saloon", "estate", "coupe") and chance(rng, 0.15),
        clad=clad, paint=colour, roof_paint=roof,
        sill=TRIM if clad else tuple(float(x) for x in dirt),
        two_tone=jittered(rng, (0.3, 0.3, 0.3), 0.2) if chance(rng, 0.03) else None,
    )


def _van_paint(rng: np.random.Generator) -> tuple:
    """Vans are mostly white, else fleet colours."""
    if chance(rng, 0.5):
        return jittered(rng, (0.74, 0.74, 0.73), 0.05)
    return vivid(rng) if chance(rng, 0.3) else paint(rng)


def _side(kind: str, rng: np.random.Generator) -> tuple[tuple[float, ...], tuple[int, ...]]:
    """Pillar edges along the flank (0 front, 1 rear) and which of the gaps are glass."""
    b = rng.uniform(-0.03, 0.03)
    if kind == "coupe" or (kind == "hatchback" and chance(rng, 0.25)):
        return (0.0, 0.03, 0.58 + b, 0.64 + b, 0.90, 1.0), (1, 3)
    if kind in ("van", "small_van"):
        p = (0.0, 0.02, 0.25 + b, 0.30 + b, 0.58, 0.62, 0.95, 1.0)
        return p, pick(rng, ((1,), (1,), (1,), (1, 3), (1, 3, 5)))
    if kind == "minibus":
        return (0.0, 0.02, 0.24 + b, 0.27 + b, 0.49, 0.51, 0.73, 0.75, 0.97, 1.0), (1, 3, 5, 7)
    if kind == "pickup" and chance(rng, 0.25):
        return (0.0, 0.05, 0.85, 1.0), (1,)
    if kind in ("estate", "suv") or chance(rng, 0.4):
        return (0.0, 0.03, 0.37 + b, 0.41 + b, 0.70, 0.74, 0.93, 1.0), (1, 3, 5)
    return (0.0, 0.03, 0.45 + b, 0.50 + b, 0.88, 1.0), (1, 3)
