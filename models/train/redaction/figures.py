"""Bodies whose people can be told from the vehicle they sit on.

A figure's triangles carry their material plus `FIGURE` while a body is put together; `split` takes it off
again and says which triangles were a person's.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np

from render.mesh import FACE, Body, Mesh
from render.shapes import figure as figures
from render.shapes import people, two_wheelers

FIGURE = 100.0
"""Added to a material; materials themselves are below 10."""

NOBODY, PERSON, HEAD = 0.0, 6.0, FACE
"""What a triangle is in the label pass: no person, a person, a person's face."""


@contextmanager
def marked() -> Iterator[None]:
    """While this lasts, figures that are drawn are marked."""

    def figure(*args, **options) -> Mesh:
        vertices = figures.figure(*args, **options).vertices.copy()
        vertices[:, 9] += FIGURE
        return Mesh(vertices)

    modules = (people, two_wheelers)
    before = [module.figure for module in modules]
    for module in modules:
        module.figure = figure
    try:
        yield
    finally:
        for module, old in zip(modules, before):
            module.figure = old


def split(body: Body) -> tuple[Mesh, Mesh]:
    """The mesh to draw, and the same mesh whose material says who a pixel belongs to."""
    drawn, parts = body.mesh.vertices.copy(), body.mesh.vertices.copy()
    of_person = drawn[:, 9] >= FIGURE / 2
    drawn[of_person, 9] -= FIGURE
    face = np.abs(drawn[:, 9] - FACE) < 0.5
    parts[:, 9] = np.where(face, HEAD, np.where(of_person, PERSON, NOBODY))
    return Mesh(drawn), Mesh(parts)
