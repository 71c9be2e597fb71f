"""Bodies from the meshes of a traffic simulator that the user has installed (package `sumo`, data/3D).

Nothing of them is kept here: they are read at run time, when present, and otherwise never drawn.
"""

from __future__ import annotations

import importlib.util
from functools import lru_cache
from pathlib import Path

import numpy as np

from ..mesh import FACE, GLASS, GLOSS, HEAD, MATT, METAL, TAIL, Body, Mesh, assemble, body
from .figure import cloth
from .parts import GLASS_DARK, TYRE, chance, jittered, paint, pick

# file, kind, width, length, height (metres, the simulator's usual sizes)
CARS = (
    ("car-normal-citrus", "external_normal", 1.8, 4.4, 1.47),
    ("car-microcargo-citrus", "external_microcargo", 1.7, 3.8, 1.6),
    ("car-minibus-citrus", "external_minibus", 2.0, 5.4, 2.1),
)
HUMAN = "humanResting"



@lru_cache(maxsize=1)
def folder() -> Path | None:
    """The folder of the meshes, or None where the package is not installed."""
    spec = importlib.util.find_spec("sumo")
    for place in (spec.submodule_search_locations or []) if spec else []:
        path = Path(place) / "data" / "3D"
        if all((path / f"{name}.obj").is_file() for name in (*(c[0] for c in CARS), HUMAN)):
            return path
    return None


def available() -> bool:
    """True where the meshes can be read."""
    return folder() is not None


@lru_cache(maxsize=8)
def _load(name: str) -> tuple[np.ndarray, np.ndarray, tuple[str, ...]]:
    """Vertices [V, 3] scaled to a unit box (x right, y forward, z up, standing on 0), triangles [T, 3], their materials."""
    points, faces, names, current = [], [], [], ""
    for line in (folder() / f"{name}.obj").read_text(encoding="utf-8", errors="replace").splitlines():
        q = line.split()
        if not q:
            continue
        if q[0] == "v":
            points.append([float(x) for x in q[1:4]])
        elif q[0] == "usemtl":
            current = q[1]
        elif q[0] == "f":
            i = [int(x.split("/")[0]) - 1 for x in q[1:]]
            for k in range(1, len(i) - 1):
                faces.append((i[0], i[k], i[k + 1]))
                names.append(current)
    v, f = np.array(points), np.array(faces)
    v = v[:, [0, 2, 1]] * [1, -1, 1]  # y up to z up, a turn and no mirror
    lo, hi = v.min(0), v.max(0)
    v = (v - (lo + hi) / 2) / (hi - lo)
    v[:, 2] += 0.5
    front = [v[f[np.array([m == key for m in names])]][..., 1].mean() for key in ("lights", "lights.red") if key in names]
    if len(front) == 2 and front[0] < front[1]:
        v[:, :2] *= -1
    return v, f, tuple(names)


def _mesh(name: str, size: tuple[float, float, float], colour, material) -> Mesh:
    """Scaled mesh with smooth normals; colour [T, 3], material [T]."""
    v, f, _ = _load(name)
    p = v * size
    t = p[f]
    flat = np.cross(t[:, 1] - t[:, 0], t[:, 2] - t[:, 0])
    unit = flat / np.maximum(np.linalg.norm(flat, axis=1, keepdims=True), 1e-12)
    total = np.zeros_like(p)
    for k in range(3):
        np.add.at(total, f[:, k], flat)
    total /= np.maximum(np.linalg.norm(total, axis=1, keepdims=True), 1e-12)
    smooth = total[f]
    sharp = (smooth * unit[:, None]).sum(-1, keepdims=True) < 0.8
    return assemble(t, np.where(sharp, unit[:, None], smooth), colour, material)


def car(rng: np.random.Generator) -> Body:
    """One of the simulator's cars in a random paint; only where `available()`."""
    name, kind, w, l, h = CARS[int(rng.choice(3, p=(0.6, 0.2, 0.2)))]
    look = {"windows": (GLASS_DARK, GLASS), "lights": ((0.75, 0.75, 0.7), HEAD), "lights.red": ((0.4, 0.01, 0.01), TAIL), "tires": (TYRE, MATT)}
    look |= {"lights.orange": ((0.6, 0.2, 0.01), MATT), "metal": ((0.4, 0.41, 0.42), METAL)}
    coat = (paint(rng), GLOSS)
    names = _load(name)[2]
    both = [coat if m.startswith("carmat") else look.get(m, ((0.1, 0.1, 0.1), MATT)) for m in names]
    size = np.array([w, l, h]) * rng.normal(1, 0.025, 3)
    return body(kind, "car", [_mesh(name, tuple(size), np.array([b[0] for b in both]), np.array([b[1] for b in both]))])


def person(rng: np.random.Generator) -> Body:
    """The simulator's resting human in random clothes; only where `available()`."""
    v, f, _ = _load(HUMAN)
    z = v[f][..., 2].mean(1)
    y = v[f][..., 1].mean(1)
    top, legs = (paint(rng) if chance(rng, 0.5) else cloth(rng)), pick(rng, ((0.08, 0.09, 0.16), cloth(rng)))
    skin = jittered(rng, (0.5, 0.33, 0.25), 0.1)
    colour = np.where((z > 0.87)[:, None], skin, np.where((z > 0.47)[:, None], top, legs))
    head = z > 0.87
    middle = np.median(v[f][head][..., 1])
    material = np.where(head & (y > middle + 0.05) & (z < 0.97), FACE, MATT)
    size = np.array([0.5, 0.35, 1.72]) * rng.normal(1, (0.06, 0.06, 0.04), 3)
    return body("external_human", "person", [_mesh(HUMAN, tuple(size), colour, material)])
