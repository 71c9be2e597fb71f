"""Paint and small parts that several kinds of vehicle share: wheels, plates, lamps, window panels."""

from __future__ import annotations

import math

import numpy as np

from ..mesh import GLASS, GLOSS, HEAD, MATT, METAL, TAIL, Mesh, assemble, box, join

BLACK = (0.012, 0.012, 0.013)
TYRE = (0.014, 0.014, 0.015)
TRIM = (0.025, 0.025, 0.027)
GLASS_DARK = (0.02, 0.025, 0.03)
WHITE = (0.78, 0.78, 0.76)

# Share, linear colour, jitter of each channel. Shares after the yearly colour reports of paint makers.
_PAINTS = (
    (0.27, (0.72, 0.72, 0.70), 0.06),
    (0.19, (0.014, 0.014, 0.016), 0.005),
    (0.11, (0.07, 0.075, 0.08), 0.02),
    (0.08, (0.22, 0.225, 0.23), 0.05),
    (0.10, (0.42, 0.43, 0.44), 0.06),
    (0.09, (0.02, 0.06, 0.22), 0.02),
    (0.03, (0.07, 0.22, 0.45), 0.05),
    (0.06, (0.38, 0.012, 0.015), 0.04),
    (0.02, (0.12, 0.008, 0.015), 0.01),
    (0.015, (0.02, 0.11, 0.05), 0.02),
    (0.01, (0.25, 0.45, 0.05), 0.06),
    (0.012, (0.70, 0.48, 0.02), 0.06),
    (0.013, (0.60, 0.14, 0.01), 0.05),
    (0.02, (0.35, 0.28, 0.18), 0.06),
    (0.01, (0.09, 0.045, 0.02), 0.02),
)


def paint(rng: np.random.Generator) -> tuple[float, float, float]:
    """A car paint, linear."""
    share = np.array([p[0] for p in _PAINTS])
    _, colour, jitter = _PAINTS[rng.choice(len(_PAINTS), p=share / share.sum())]
    return jittered(rng, colour, jitter)


def jittered(rng: np.random.Generator, colour, jitter: float) -> tuple[float, float, float]:
    """`colour` lighter or darker by a common step, with a small step of hue."""
    c = np.asarray(colour) + rng.normal(0, jitter * 0.7) + rng.normal(0, jitter * 0.25, 3)
    return tuple(float(x) for x in np.clip(c, 0.005, 0.9))


def vivid(rng: np.random.Generator) -> tuple[float, float, float]:
    """Any colour of cloth, livery or sign, linear."""
    h = pick(rng, (0.0, 0.0, 0.3, 0.7, 1.0, 2.0, 3.1, 3.7, 3.9, 4.0)) + rng.normal(0, 0.12) if chance(rng, 0.85) else rng.uniform(0, 6)
    s, v = rng.uniform(0.75, 1.0), rng.uniform(0.05, 0.6)
    k = np.array([(n + h) % 6 for n in (5, 3, 1)])
    c = v - v * s * np.clip(np.minimum(k, 4 - k), 0, 1)
    return tuple(float(x) for x in np.clip(c, 0.004, 0.9))


def chance(rng: np.random.Generator, p: float) -> bool:
    """True with probability `p`."""
    return bool(rng.random() < p)


def pick(rng: np.random.Generator, items):
    """One of `items`, each as likely."""
    return items[int(rng.integers(len(items)))]


def wheel(
    radius: float, width: float, x: float, y: float, rim=(0.35, 0.36, 0.37), spokes: int = 5, segments: int = 15,
    rim_share: float = 0.64, both_sides: bool = False,
) -> Mesh:
    """Wheel on the ground whose outer face lies at `x`, away from the middle; 6 triangles a segment."""
    t = np.arange(segments + 1) / segments * 2 * math.pi
    circle = np.stack([np.zeros_like(t), np.cos(t), np.sin(t)], 1)
    side = 1.0 if x >= 0 else -1.0
    near, far = circle[:-1], circle[1:]
    out = np.array([side, 0, 0])

    def band(r0, x0, r1, x1) -> np.ndarray:
        a, b, c, d = near * r0 + out * x0, far * r0 + out * x0, far * r1 + out * x1, near * r1 + out * x1
        return np.concatenate([np.stack([a, b, c], 1), np.stack([a, c, d], 1)])

    rr, dish = radius * rim_share, -min(0.03, width * 0.2)
    tread = band(radius, 0.0, radius, -width)
    n = near / 1.0
    m = far / 1.0
    tread_n = np.concatenate([np.stack([n, m, m], 1), np.stack([n, m, n], 1)])
    fan = np.stack([np.broadcast_to(out * dish * 0.3, near.shape), near * rr + out * dish, far * rr + out * dish], 1)
    shade = np.where((np.arange(segments) * spokes % segments < segments * 0.55)[:, None], rim, BLACK)
    faces = [(band(radius, 0.0, rr, dish), TYRE, MATT, out), (fan, shade, METAL, out)]
    if both_sides:
        inner = out * -width
        fan2 = fan * [-1, 1, 1] + inner
        faces += [(band(radius, -width, rr, -width - dish), TYRE, MATT, -out), (fan2, shade, METAL, -out)]
    parts = [_facing(tread, TYRE, MATT, None, tread_n)]
    parts += [_facing(p, c, k, o, None) for p, c, k, o in faces]
    mesh = join(parts).vertices
    mesh[:, :3] += np.array([x, y, radius], np.float32)
    return Mesh(mesh)


def _facing(points, colour, material, out, normals) -> Mesh:
    """Turn the winding of each triangle to the side of `out` (or of its own normals)."""
    flat = np.cross(points[:, 1] - points[:, 0], points[:, 2] - points[:, 0])
    wrong = (flat * (normals.mean(1) if normals is not None else out)).sum(1) < 0
    points = np.where(wrong[:, None, None], points[:, ::-1], points)
    if normals is not None:
        normals = np.where(wrong[:, None, None], normals[:, ::-1], normals)
    return assemble(points, normals, colour, material)


def pair(mesh: Mesh) -> list[Mesh]:
    """The part and its mirror image."""
    return [mesh, mesh.mirrored()]


def plate(y: float, z: float, rng: np.random.Generator) -> Mesh:
    """Number plate without text, facing away from the middle; yellow on some rears."""
    colour = (0.65, 0.45, 0.03) if y < 0 and chance(rng, 0.25) else (0.7, 0.7, 0.68)
    return box((0.5, 0.02, 0.12), (0, y, z), colour, MATT)


def lamps(y: float, x: float, z: float, size: tuple[float, float], head: bool) -> list[Mesh]:
    """A pair of flat lamps on a front or rear wall; `size` is width, height."""
    colour, material = ((0.75, 0.75, 0.72), HEAD) if head else ((0.40, 0.01, 0.01), TAIL)
    return pair(box((size[0], 0.03, size[1]), (x, y, z), colour, material))


def side_windows(x: float, spans, z0: float, z1: float, colour=GLASS_DARK) -> list[Mesh]:
    """Window panels on both flanks at +-x for each (y0, y1)."""
    return [m for a, b in spans for m in pair(box((0.02, b - a, z1 - z0), (x, (a + b) / 2, (z0 + z1) / 2), colour, GLASS))]


def mirrors(x: float, y: float, z: float, size: tuple[float, float, float], colour) -> list[Mesh]:
    """A pair of wing mirrors whose inner edge is at +-x."""
    return pair(box(size, (x + size[0] / 2, y, z), colour, GLOSS))
