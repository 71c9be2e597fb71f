"""Triangle meshes of road users and the few solids they are made of.

Axes: x right, y forward, z up, metres. A vertex is ten float32 numbers: x y z, unit normal nx ny nz,
linear colour r g b (0..1), material id. Triangles are counter-clockwise seen from outside.
No indices, no textures, no files: a mesh is one array that goes to the GPU as it is.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache
from typing import Iterable, Sequence

import numpy as np

MATT, GLASS, GLOSS, TAIL, HEAD, FACE, FOLIAGE, EMISSIVE, METAL = (float(i) for i in range(9))
Colour = Sequence[float]


@dataclass(frozen=True)
class Mesh:
    """`vertices`: float32 [3 * triangles, 10]."""

    vertices: np.ndarray

    @property
    def triangles(self) -> int:
        """Number of triangles."""
        return len(self.vertices) // 3

    def bounds(self) -> tuple[np.ndarray, np.ndarray]:
        """Smallest and largest corner, float32 [3] each."""
        p = self.vertices[:, :3]
        return p.min(0), p.max(0)

    def moved(self, x: float = 0.0, y: float = 0.0, z: float = 0.0) -> "Mesh":
        """The mesh shifted by metres."""
        v = self.vertices.copy()
        v[:, :3] += np.array([x, y, z], np.float32)
        return Mesh(v)

    def scaled(self, x: float, y: float, z: float) -> "Mesh":
        """The mesh stretched per axis; all three factors positive."""
        return self.transformed(np.diag([x, y, z]))

    def transformed(self, matrix: np.ndarray, offset: Colour = (0.0, 0.0, 0.0)) -> "Mesh":
        """`matrix` [3, 3] applied to every point, then `offset`; a mirroring matrix turns the winding."""
        m = np.asarray(matrix, np.float64)
        det = np.linalg.det(m)
        v = self.vertices.copy()
        v[:, :3] = v[:, :3] @ m.T + np.asarray(offset)
        n = v[:, 3:6] @ np.linalg.inv(m)
        v[:, 3:6] = n / np.maximum(np.linalg.norm(n, axis=1, keepdims=True), 1e-12)
        if det < 0:
            v = v.reshape(-1, 3, 10)[:, ::-1].reshape(-1, 10)
        return Mesh(np.ascontiguousarray(v))

    def turned(self, axis: str, angle: float) -> "Mesh":
        """Rotated about x, y or z by `angle` radians, right-handed."""
        return self.transformed(rotation(axis, angle))

    def mirrored(self) -> "Mesh":
        """The mirror image in x."""
        return self.transformed(np.diag([-1.0, 1.0, 1.0]))

    def painted(self, colour: Colour, material: float) -> "Mesh":
        """The same shape in one colour and material."""
        v = self.vertices.copy()
        v[:, 6:9] = colour
        v[:, 9] = material
        return Mesh(v)


@dataclass(frozen=True)
class Body:
    """One road user. `size_m`: width, length, height of everything drawn."""

    kind: str
    class_name: str
    mesh: Mesh
    size_m: tuple[float, float, float]


def rotation(axis: str, angle: float) -> np.ndarray:
    """Rotation matrix [3, 3] about x, y or z, radians."""
    c, s = math.cos(angle), math.sin(angle)
    i, j = {"x": (1, 2), "y": (2, 0), "z": (0, 1)}[axis]
    m = np.eye(3)
    m[i, i], m[i, j], m[j, i], m[j, j] = c, -s, s, c
    return m


def join(parts: Iterable[Mesh]) -> Mesh:
    """All parts as one mesh."""
    return Mesh(np.concatenate([p.vertices for p in parts]))


def body(kind: str, class_name: str, parts: Iterable[Mesh]) -> Body:
    """Join the parts, put the middle of the footprint at the origin and the lowest point on z = 0."""
    mesh = join(parts)
    lo, hi = mesh.bounds()
    mesh.vertices[:, :3] -= np.array([(lo[0] + hi[0]) / 2, (lo[1] + hi[1]) / 2, lo[2]], np.float32)
    return Body(kind, class_name, mesh, tuple(float(x) for x in hi - lo))


def assemble(points: np.ndarray, normals: np.ndarray | None, colour, material) -> Mesh:
    """Triangles [T, 3, 3] to a mesh. `normals` [T, 3, 3] or None for flat ones; colour [3] or [T, 3];
    material a number or [T]. Triangles without area are dropped."""
    flat = np.cross(points[:, 1] - points[:, 0], points[:, 2] - points[:, 0])
    length = np.sqrt((flat * flat).sum(1))
    v = np.empty((len(points), 3, 10), np.float32)
    v[:, :, :3] = points
    if normals is None:
        v[:, :, 3:6] = (flat / np.maximum(length, 1e-12)[:, None])[:, None]
    else:
        v[:, :, 3:6] = normals
    colour = np.asarray(colour, np.float32)
    v[:, :, 6:9] = colour if colour.ndim == 1 else colour[:, None]
    material = np.asarray(material, np.float32)
    v[:, :, 9] = material if material.ndim == 0 else material[:, None]
    return Mesh(v[length > 1e-9].reshape(-1, 10))


def surface(grid: np.ndarray, colour, material=MATT, crease_deg: float = 40.0, ring: bool = False) -> Mesh:
    """A quad surface through points [M, K, 3] (`ring`: the K points close). Seen from the side where rows
    go up and columns go right it is the outside. Normals are smooth where neighbouring quads meet at less than
    `crease_deg`. Colour [3] or [M-1, quads, 3], material a number or [M-1, quads]."""
    g = np.asarray(grid, np.float64)
    right = np.roll(g, -1, 1) if ring else g[:, 1:]
    left = g if ring else g[:, :-1]
    a, b, c, d = left[:-1], right[:-1], right[1:], left[1:]
    q = np.cross(c - a, d - b)
    q /= np.maximum(np.sqrt((q * q).sum(-1, keepdims=True)), 1e-12)
    rows, columns = q.shape[:2]
    pad = np.concatenate([q[:1], q, q[-1:]])
    pad = np.concatenate([pad[:, -1:], pad, pad[:, :1]] if ring else [pad[:, :1], pad, pad[:, -1:]], 1)
    limit = math.cos(math.radians(crease_deg))
    near = {}
    for i in (0, 1, 2):
        for j in (0, 1, 2):
            n = pad[i : i + rows, j : j + columns]
            near[i, j] = n * ((n * q).sum(-1, keepdims=True) > limit)
    corner = {}
    for i in (0, 1):
        for j in (0, 1):
            n = near[i, j] + near[i + 1, j] + near[i, j + 1] + near[i + 1, j + 1]
            corner[i, j] = n / np.maximum(np.sqrt((n * n).sum(-1, keepdims=True)), 1e-12)
    na, nb, nc, nd = corner[0, 0], corner[0, 1], corner[1, 1], corner[1, 0]
    points = np.stack([np.stack([a, b, c], 2), np.stack([a, c, d], 2)], 2).reshape(-1, 3, 3)
    normals = np.stack([np.stack([na, nb, nc], 2), np.stack([na, nc, nd], 2)], 2).reshape(-1, 3, 3)
    colour, material = np.asarray(colour, np.float32), np.asarray(material, np.float32)
    if colour.ndim == 3:
        colour = np.repeat(colour.reshape(-1, 3), 2, 0)
    if material.ndim == 2:
        material = np.repeat(material.reshape(-1), 2)
    return assemble(points, normals, colour, material)


def loft(sections, colour, material=MATT, crease_deg: float = 40.0, cap=None) -> Mesh:
    """A closed solid through rings [M, K, 3], ends closed with flat caps; either ring direction.
    `cap`: (colour, material) of the caps, else those of the solid (its first quad)."""
    s = np.asarray(sections, np.float64)
    a, b, d = s[:-1], np.roll(s, -1, 1)[:-1], s[1:]
    n = np.cross(b - a, d - a)
    ends = s[-1].mean(0) - s[0].mean(0)
    middle = s.mean((0, 1))
    turn = ((a - middle) * n).sum()
    colour, material = np.asarray(colour, np.float32), np.asarray(material, np.float32)
    if turn < 0:
        s = s[:, ::-1]
        if colour.ndim == 3:
            colour = np.roll(colour[:, ::-1], -1, 1)
        if material.ndim == 2:
            material = np.roll(material[:, ::-1], -1, 1)
    parts = [surface(s, colour, material, crease_deg, ring=True)]
    cc, cm = cap or (colour.reshape(-1, 3)[0], float(material.reshape(-1)[0]))
    for ring, out in ((s[0], -ends), (s[-1], ends)):
        mid = np.broadcast_to(ring.mean(0), ring.shape)
        fan = np.stack([mid, ring, np.roll(ring, -1, 0)], 1)
        area = np.cross(fan[:, 1] - fan[:, 0], fan[:, 2] - fan[:, 0])
        if (area @ out).sum() < 0:
            fan = fan[:, ::-1]
        parts.append(assemble(fan, None, cc, cm))
    return join(parts)


def box(size: Colour, centre: Colour, colour: Colour, material: float = MATT) -> Mesh:
    """Box of `size` (x, y, z) around `centre`: 12 triangles."""
    v = _unit_box().copy()
    v[:, :3] = v[:, :3] * np.asarray(size, np.float32) + np.asarray(centre, np.float32)
    v[:, 6:9] = colour
    v[:, 9] = material
    return Mesh(v)


@lru_cache(maxsize=None)
def _unit_box() -> np.ndarray:
    ring = np.array([[-0.5, -0.5], [0.5, -0.5], [0.5, 0.5], [-0.5, 0.5]])
    s = [np.c_[ring, np.full(4, z)] for z in (-0.5, 0.5)]
    side = surface(np.array(s), (0, 0, 0), ring=True)
    caps = [np.stack([s[1][[0, 1, 2]], s[1][[0, 2, 3]]]), np.stack([s[0][[2, 1, 0]], s[0][[3, 2, 0]]])]
    return join([side, *(assemble(c, None, (0, 0, 0), 0) for c in caps)]).vertices


def rounded_box(size: Colour, centre: Colour, colour: Colour, material: float = MATT, radius: float = 0.05) -> Mesh:
    """Box whose edges are chamfered by `radius` and shaded smooth: 60 triangles."""
    w, l, h = np.asarray(size, np.float64) / 2
    r = min(radius, w * 0.49, l * 0.49, h * 0.98)

    def ring(inset: float, z: float) -> np.ndarray:
        x, y, k = w - inset, l - inset, r
        p = [[-x, -y + k], [-x + k, -y], [x - k, -y], [x, -y + k], [x, y - k], [x - k, y], [-x + k, y], [-x, y - k]]
        return np.c_[np.array(p), np.full(8, z)] + np.asarray(centre)

    return loft([ring(r, -h), ring(0, -h + r), ring(0, h - r), ring(r, h)], colour, material, 50)


def prism(profile, width: float, colour, material: float = MATT, chamfer: float = 0.0, crease_deg: float = 35.0) -> Mesh:
    """Side profile [K, 2] of (y, z) drawn out along x to `width`, its flanks drawn in by `chamfer`."""
    p = np.asarray(profile, np.float64)
    mid = (p.min(0) + p.max(0)) / 2
    half = (p.max(0) - p.min(0)) / 2
    small = mid + (p - mid) * np.maximum(0.1, 1 - chamfer / np.maximum(half, 1e-6))
    rings = [(-width / 2, small), (-width / 2 + chamfer, p), (width / 2 - chamfer, p), (width / 2, small)]
    if chamfer <= 0:
        rings = [rings[0], rings[3]]
    return loft([np.c_[np.full(len(q), x), q] for x, q in rings], colour, material, crease_deg)


@lru_cache(maxsize=None)
def _unit_tube(sides: int, rows: tuple[tuple[float, float], ...]) -> np.ndarray:
    """Rings of (z, radius) about the z axis, normals smooth."""
    t = np.arange(sides) / sides * 2 * math.pi
    s = [np.stack([np.cos(t) * r, np.sin(t) * r, np.full(sides, z)], 1) for z, r in rows]
    return loft(s, (0, 0, 0), 0.0, 75.0).vertices


def cylinder(a: Colour, b: Colour, radius: float, colour: Colour, material: float = MATT, sides: int = 8) -> Mesh:
    """Round bar from point `a` to point `b`."""
    return limb(a, b, radius, radius, colour, material, sides, ((0.0, 1.0), (1.0, 1.0)))


def limb(a, b, ra: float, rb: float, colour, material: float = MATT, sides: int = 6, rows=None) -> Mesh:
    """Tapering bar with rounded ends from `a` (radius `ra`) to `b` (radius `rb`)."""
    a, b = np.asarray(a, np.float64), np.asarray(b, np.float64)
    d = b - a
    length = max(float(np.sqrt(d @ d)), 1e-6)
    z = d / length
    x = np.cross([0.0, 1.0, 0.0] if abs(z[1]) < 0.9 else [1.0, 0.0, 0.0], z)
    x /= np.sqrt(x @ x)
    y = np.cross(z, x)
    unit = _unit_tube(sides, rows or ((-0.06, 0.7), (0.08, 1.0), (1.05, 0.8)))
    v = unit.copy()
    r = (ra + (rb - ra) * unit[:, 2:3]).astype(np.float32)
    m = np.stack([x, y]).astype(np.float32)
    v[:, :3] = (unit[:, :2] * r) @ m + unit[:, 2:3] * d.astype(np.float32) + a.astype(np.float32)
    v[:, 3:6] = unit[:, 3:6] @ np.stack([x, y, z]).astype(np.float32)
    v[:, 6:9] = colour
    v[:, 9] = material
    return Mesh(v)


def ellipsoid(radii: Colour, centre: Colour, colour: Colour, material: float = MATT, sides: int = 8, rows: int = 5) -> Mesh:
    """Ellipsoid about `centre`: 2 * sides * rows triangles."""
    e = [(-math.cos(t), math.sin(t)) for t in np.linspace(0.12, math.pi - 0.12, rows + 1)]
    v = Mesh(_unit_tube(sides, tuple(e))).transformed(np.diag(radii), centre).vertices
    v[:, 6:9] = colour
    v[:, 9] = material
    return Mesh(v)
