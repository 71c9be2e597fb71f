"""Draws moving scenes with `render`, and tells people from the vehicles they sit on."""

from __future__ import annotations

from dataclasses import dataclass

import moderngl
import numpy as np

from render import gl
from render.gl import Instance, Thing
from render.mesh import Mesh
from render.shapes import build

from .figures import marked, split

LABELS = """#version 330
flat in int kind;
uniform vec2 number;
out vec4 picture;
void main() { picture = vec4(number, kind == 5 ? 1.0 : kind == 6 ? 0.5 : 0.0, 1.0); }
"""


@dataclass(frozen=True)
class Cast:
    """Bodies by class and what the card knows of them."""

    bodies: dict[str, list]
    things: dict[str, list[Thing]]
    points: dict[str, list[np.ndarray]]


class Stage(gl.Renderer):
    """The renderer with labels of people."""

    def __init__(self, width_px: int, height_px: int) -> None:
        super().__init__(width_px, height_px)
        vertex = gl._source("body.vert")
        self.label.release()
        self.label = self.ctx.program(vertex_shader=vertex, fragment_shader=LABELS)

    def upload_body(self, drawn: Mesh, parts: Mesh) -> Thing:
        """A mesh to draw and one to label with."""
        a, b = self.upload(drawn), self.upload(parts)
        return Thing(a.array, a.depth, b.label, a.radius_m)

    def cast(self, rng: np.random.Generator, pool: dict[str, int]) -> Cast:
        """Bodies of the project's own shapes."""
        from render.labels import corner_points

        bodies: dict[str, list] = {}
        things: dict[str, list[Thing]] = {}
        points: dict[str, list[np.ndarray]] = {}
        with marked():
            for name, count in pool.items():
                bodies[name] = [build(name, rng, extra=False) for _ in range(count)]
                things[name] = [self.upload_body(*split(b)) for b in bodies[name]]
                points[name] = [corner_points(b) for b in bodies[name]]
        return Cast(bodies, things, points)

    def _labels(self, view, scenery: Thing, instances: list[Instance], seen: list[int]):
        """Numbers, and 0 nobody, 1 a person, 2 a face."""
        self.ids.use()
        self.ids.clear(0, 0, 0, 1)
        self.ctx.enable(moderngl.DEPTH_TEST)
        self.label["view"].write(np.ascontiguousarray(view.T, "f4").tobytes())
        self.label["number"].value = (0.0, 0.0)
        self._thing(self.label, scenery.label, None)
        for index in seen:
            self.label["number"].value = ((index + 1) % 256 / 255, (index + 1) // 256 / 255)
            self._thing(self.label, instances[index].thing.label, instances[index])
        raw = np.frombuffer(self.ids.read(components=3), np.uint8)
        raw = raw.reshape(self.size[1], self.size[0], 3)[::-1]
        numbers = raw[..., 0].astype(np.int32) + 256 * raw[..., 1].astype(np.int32)
        return numbers, (raw[..., 2] > 64).astype(np.uint8) + (raw[..., 2] > 191)
