"""Vehicles that differ as real ones do: body and paint from `render.shapes`, and small details.

A detail is a patch: a box in the body's own coordinates inside which painted surface takes another
colour (two-tone roof, stripe, lettering, a logo, a primed door). The shader applies it, so it works
on any mesh.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from render import shapes

from . import CLASSES

PATCHES = 4
"""Patches that the shader knows."""

MIX = {"car": 0.66, "truck": 0.14, "bus": 0.08, "motorcycle": 0.12}
"""Shares of the classes in a data set; cars include vans."""

PATCHED = {"car": 0.25, "truck": 0.7, "bus": 0.8, "motorcycle": 0.1}
"""Share of vehicles of a class that carry patches."""

GLOSS, MATT = 2.0, 0.0


@dataclass
class Patch:
    """A box from `low` to `high` (shares of the body: x -0.5..0.5, y -0.5..0.5, z 0..1) in `colour`."""

    low: tuple[float, float, float]
    high: tuple[float, float, float]
    colour: tuple[float, float, float]


@dataclass
class Identity:
    """One vehicle. `paint` is the mean linear colour of its painted surface."""

    number: int
    class_name: str
    kind: str
    vertices: np.ndarray
    size_m: tuple[float, float, float]
    paint: tuple[float, float, float]
    dirt: float
    patches: list[Patch] = field(default_factory=list)


def make(number: int, seed: int, class_name: str | None = None) -> Identity:
    """The vehicle with this number of the world of this seed; always the same one."""
    rng = np.random.default_rng((seed, number, 1))
    if class_name is None:
        class_name = str(rng.choice(CLASSES, p=[MIX[name] for name in CLASSES]))
    body = shapes.build(class_name, rng)
    vertices = np.ascontiguousarray(body.mesh.vertices, dtype=np.float32)
    if vertices.ndim != 2 or vertices.shape[1] != 10 or len(vertices) < 3:
        raise ValueError(f"a {class_name} has vertices {vertices.shape}, not [3 x triangles, 10]")
    patched = rng.random() < PATCHED[class_name]
    return Identity(
        number=number,
        class_name=class_name,
        kind=body.kind,
        vertices=vertices,
        size_m=tuple(float(v) for v in body.size_m),
        paint=mean_paint(vertices),
        dirt=float(rng.beta(1.2, 4.0)),
        patches=_patches(class_name, rng) if patched else [],
    )


def mean_paint(vertices: np.ndarray) -> tuple[float, float, float]:
    """Mean linear colour of the painted triangles, by area; of all where nothing is painted."""
    corners = vertices[:, :3].reshape(-1, 3, 3).astype(np.float64)
    area = np.linalg.norm(
        np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0]), axis=1
    )
    triangles = vertices[::3]
    weight = np.where(np.round(triangles[:, 9]) == GLOSS, area, 0.0)
    if weight.sum() <= 0:
        weight = area + 1e-9
    mean = (triangles[:, 6:9] * weight[:, None]).sum(0) / weight.sum()
    return tuple(float(v) for v in mean)


def _patches(class_name: str, rng: np.random.Generator) -> list[Patch]:
    makers = {
        "car": (_roof, _stripe, _logo, _door),
        "truck": (_stripe, _logo, _logo, _back),
        "bus": (_stripe, _stripe, _logo, _back),
        "motorcycle": (_stripe,),
    }[class_name]
    count = int(rng.integers(1, min(3, len(makers)) + 1))
    chosen = rng.choice(len(makers), size=count, replace=False)
    return [makers[index](rng) for index in chosen][:PATCHES]


def _colour(rng: np.random.Generator) -> tuple[float, float, float]:
    if rng.random() < 0.35:
        value = float(rng.choice([0.015, 0.05, 0.3, 0.75]))
        return (value, value, value)
    return tuple(float(v) for v in rng.beta(0.6, 1.0, 3) * 0.8)


def _roof(rng: np.random.Generator) -> Patch:
    dark = 0.015 if rng.random() < 0.6 else 0.75
    return Patch((-0.6, -0.6, float(rng.uniform(0.8, 0.9))), (0.6, 0.6, 1.2), (dark,) * 3)


def _stripe(rng: np.random.Generator) -> Patch:
    low = float(rng.uniform(0.2, 0.6))
    high = low + float(rng.uniform(0.06, 0.25))
    return Patch((-0.6, -0.6, low), (0.6, 0.6, high), _colour(rng))


def _logo(rng: np.random.Generator) -> Patch:
    y, z = rng.uniform(-0.4, 0.15), rng.uniform(0.3, 0.6)
    dy, dz = rng.uniform(0.08, 0.35), rng.uniform(0.1, 0.3)
    return Patch((-0.6, float(y), float(z)), (0.6, float(y + dy), float(z + dz)), _colour(rng))


def _door(rng: np.random.Generator) -> Patch:
    left = rng.random() < 0.5
    y = float(rng.choice([-0.18, 0.05]))
    low, high = ((-0.6, 0.0) if left else (0.0, 0.6)), (y, y + 0.2)
    return Patch((low[0], high[0], 0.2), (low[1], high[1], 0.6), _colour(rng))


def _back(rng: np.random.Generator) -> Patch:
    x, z = rng.uniform(-0.45, 0.0), rng.uniform(0.25, 0.6)
    dx, dz = rng.uniform(0.2, 0.6), rng.uniform(0.12, 0.35)
    return Patch(
        (float(x), -0.6, float(z)), (float(x + dx), -0.42, float(z + dz)), _colour(rng)
    )
