"""Draws a world with OpenGL (a software driver is enough): a picture, and who each pixel belongs to."""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path

import moderngl
import numpy as np

from .mesh import Mesh
from .world.camera import Camera
from .world.ground import SIDE_M
from .world.light import Light

SHADOW_PX = 1024
SHADOW_REACH_M = 48.0
LAMPS_MAX = 12
SHADERS = Path(__file__).parent / "shaders"


@dataclass(frozen=True)
class Thing:
    """A mesh on the graphics card with the circle around its middle that holds it."""

    array: moderngl.VertexArray
    depth: moderngl.VertexArray
    label: moderngl.VertexArray
    radius_m: float


@dataclass(frozen=True)
class Instance:
    """A thing at a place."""

    thing: Thing
    x_m: float
    y_m: float
    heading_rad: float
    braking: bool
    length_m: float
    has_beams: bool


def _source(name: str) -> str:
    return (SHADERS / name).read_text()


class Renderer:
    """One picture size, one context. Not for several threads."""

    def __init__(self, width_px: int, height_px: int, samples: int = 4) -> None:
        self.size = (width_px, height_px)
        self.ctx = moderngl.create_standalone_context(backend="egl")
        common = "#version 330\n" + _source("common.glsl")
        body = _source("body.vert")
        build = self.ctx.program
        self.body = build(vertex_shader=body, fragment_shader=common + _source("body.frag"))
        self.depth = build(vertex_shader=body, fragment_shader=_source("depth.frag"))
        self.label = build(vertex_shader=body, fragment_shader=_source("label.frag"))
        self.ground = build(
            vertex_shader=_source("ground.vert"), fragment_shader=common + _source("ground.frag")
        )
        self.sky = build(vertex_shader=_source("sky.vert"), fragment_shader=_source("sky.frag"))
        self.beam = build(vertex_shader=_source("beam.vert"), fragment_shader=_source("beam.frag"))
        self.screen = self._strip(self.sky, [-1, -1, 1, -1, -1, 1, 1, 1])
        self.pool = self._strip(self.beam, [-1, 0, 1, 0, -1, 1, 1, 1])
        far = 500.0
        self.plane = self._strip(self.ground, [-far, -far, far, -far, -far, far, far, far])
        ctx = self.ctx
        self.smooth = ctx.framebuffer(
            ctx.renderbuffer(self.size, 4, samples=samples, dtype="f2"),
            ctx.depth_renderbuffer(self.size, samples=samples),
        )
        self.flat = ctx.framebuffer(ctx.renderbuffer(self.size, 4, dtype="f2"))
        self.ids = ctx.framebuffer(
            ctx.renderbuffer(self.size, 4), ctx.depth_renderbuffer(self.size)
        )
        self.sun_depth = ctx.depth_texture((SHADOW_PX, SHADOW_PX))
        self.sun_depth.compare_func = "<="
        self.sun_depth.filter = (moderngl.LINEAR, moderngl.LINEAR)
        self.sun_depth.repeat_x = self.sun_depth.repeat_y = False
        self.sun = ctx.framebuffer(depth_attachment=self.sun_depth)
        self.texture: moderngl.Texture | None = None

    def _strip(self, program: moderngl.Program, corners: list[float]) -> moderngl.VertexArray:
        buffer = self.ctx.buffer(np.array(corners, "f4").tobytes())
        return self.ctx.vertex_array(program, buffer, "position")

    def upload(self, mesh: Mesh) -> Thing:
        """Puts a mesh on the card."""
        buffer = self.ctx.buffer(np.ascontiguousarray(mesh.vertices, "f4").tobytes())
        names = ("position", "normal", "colour", "material")

        def array(program: moderngl.Program) -> moderngl.VertexArray:
            parts = [(n if n in program else None, f) for n, f in zip(names, ("3f", "3f", "3f", "1f"))]
            used = [n for n, _ in parts if n]
            layout = " ".join(f if n else {"3f": "3x4", "1f": "1x4"}[f] for n, f in parts)
            return self.ctx.vertex_array(program, [(buffer, layout, *used)])

        flat = mesh.vertices[:, :2]
        radius = float(np.sqrt((flat**2).sum(1).max())) if len(flat) else 0.0
        return Thing(array(self.body), array(self.depth), array(self.label), radius)

    def drop(self, thing: Thing) -> None:
        """Frees a mesh."""
        for array in (thing.array, thing.depth, thing.label):
            array.release()

    def set_ground(self, picture: np.ndarray) -> None:
        """RGB (s, s, 3), row 0 in the south."""
        if self.texture is not None:
            self.texture.release()
        side = picture.shape[0]
        self.texture = self.ctx.texture((side, side), 3, np.ascontiguousarray(picture).tobytes())
        self.texture.build_mipmaps()
        self.texture.filter = (moderngl.LINEAR_MIPMAP_LINEAR, moderngl.LINEAR)
        self.texture.anisotropy = 2.0

    def draw(
        self,
        camera: Camera,
        light: Light,
        scenery: Thing,
        lamps: np.ndarray,
        instances: list[Instance],
    ) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Linear RGB float32 (h, w, 3), body numbers int32 (h, w; 0 nobody, i + 1 instance i), and
        whether a pixel is a face, bool (h, w)."""
        ctx, view = self.ctx, camera.matrix()
        seen = [i for i in range(len(instances)) if _in_view(camera, view, instances[i])]
        sun_view = self._shadows(camera, light, scenery, instances)
        self._uniforms(camera, light, view, sun_view, lamps)
        self.smooth.use()
        ctx.clear(0, 0, 0, 1)
        ctx.disable(moderngl.DEPTH_TEST)
        self.screen.render(moderngl.TRIANGLE_STRIP)
        ctx.enable(moderngl.DEPTH_TEST)
        self.sun_depth.use(1)
        assert self.texture is not None
        self.texture.use(0)
        self.plane.render(moderngl.TRIANGLE_STRIP)
        if light.lamps > 0.3:
            self._beams(light, instances, seen)
        self._thing(self.body, scenery.array, None)
        for index in seen:
            self.body["braking"].value = float(instances[index].braking)
            self._thing(self.body, instances[index].thing.array, instances[index])
        ctx.copy_framebuffer(self.flat, self.smooth)
        picture = np.frombuffer(self.flat.read(components=3, dtype="f2"), "f2")
        picture = picture.reshape(self.size[1], self.size[0], 3)[::-1].astype(np.float32)
        numbers, faces = self._labels(view, scenery, instances, seen)
        return picture, numbers, faces

    def _thing(self, program, array: moderngl.VertexArray, instance: Instance | None) -> None:
        if instance is None:
            program["place"].value = (0.0, 0.0, 0.0, 1.0)
        else:
            heading = instance.heading_rad
            # A body's front is +y: the shader turns y onto the heading.
            program["place"].value = (
                instance.x_m,
                instance.y_m,
                math.cos(heading),
                math.sin(heading),
            )
        array.render()

    def _shadows(self, camera, light: Light, scenery: Thing, instances) -> np.ndarray:
        way = camera.look_at_m - camera.eye_m
        flat = way[:2] / max(np.linalg.norm(way[:2]), 1e-6)
        middle = np.array([*(camera.eye_m[:2] + flat * (SHADOW_REACH_M * 0.75)), 0.0])
        back = np.array(light.sun)
        right = np.cross([0.0, 0.0, 1.0], back)
        right /= max(np.linalg.norm(right), 1e-6)
        up = np.cross(back, right)
        matrix = np.eye(4)
        matrix[0, :3], matrix[1, :3] = right / SHADOW_REACH_M, up / SHADOW_REACH_M
        matrix[2, :3] = -back / 120.0
        matrix[:3, 3] = -matrix[:3, :3] @ middle
        self.sun.use()
        self.sun.clear()
        self.ctx.enable(moderngl.DEPTH_TEST)
        if light.shadow > 0:
            self.depth["view"].write(np.ascontiguousarray(matrix.T, "f4").tobytes())
            self._thing(self.depth, scenery.depth, None)
            for instance in instances:
                away = math.hypot(instance.x_m - middle[0], instance.y_m - middle[1])
                if away < SHADOW_REACH_M * 1.5:
                    self._thing(self.depth, instance.thing.depth, instance)
        return matrix

    def _uniforms(self, camera: Camera, light: Light, view, sun_view, lamps: np.ndarray) -> None:
        nearest = np.argsort(np.linalg.norm(lamps[:, :2] - camera.look_at_m[:2], axis=1))
        chosen = np.zeros((LAMPS_MAX, 3), "f4")
        count = min(len(lamps), LAMPS_MAX)
        chosen[:count] = lamps[nearest[:count]]
        values = {
            "eye": tuple(camera.eye_m),
            "sun": light.sun,
            "sun_colour": light.sun_colour,
            "sky_colour": light.sky_colour,
            "bounce_colour": light.bounce_colour,
            "haze": light.haze,
            "zenith": light.zenith,
            "haze_range": (light.haze_from_m, light.haze_scale_m),
            "shadow_depth": light.shadow,
            "lamps": light.lamps,
            "wet": light.wet,
            "clouds": light.clouds,
            "lamp_count": count if light.lamps > 0 else 0,
            "sun_depth": 1,
            "paint": 0,
            "side": SIDE_M,
            "strength": 0.5 * min(light.lamps, 1.0),
        }
        matrices = {"view": view, "sun_view": sun_view, "unview": np.linalg.inv(view)}
        for program in (self.body, self.ground, self.sky, self.beam):
            for name, value in values.items():
                if name in program:
                    program[name].value = value
            for name, matrix in matrices.items():
                if name in program:
                    program[name].write(np.ascontiguousarray(matrix.T, "f4").tobytes())
            if "lamp_places" in program:
                program["lamp_places"].write(chosen.tobytes())

    def _beams(self, light: Light, instances: list[Instance], seen: list[int]) -> None:
        ctx = self.ctx
        ctx.enable(moderngl.BLEND)
        ctx.blend_func = (moderngl.ONE, moderngl.ONE)
        self.smooth.depth_mask = False
        for instance in (instances[i] for i in seen if instances[i].has_beams):
            c, s = math.cos(instance.heading_rad), math.sin(instance.heading_rad)
            half = instance.length_m / 2
            front = (instance.x_m + c * half, instance.y_m + s * half)
            self.beam["place"].value = (*front, c, s)
            self.pool.render(moderngl.TRIANGLE_STRIP)
        self.smooth.depth_mask = True
        ctx.disable(moderngl.BLEND)

    def _labels(self, view, scenery: Thing, instances, seen) -> tuple[np.ndarray, np.ndarray]:
        self.ids.use()
        self.ids.clear(0, 0, 0, 1)
        self.label["view"].write(np.ascontiguousarray(view.T, "f4").tobytes())
        self.label["number"].value = (0.0, 0.0)
        self._thing(self.label, scenery.label, None)
        for index in seen:
            low, high = (index + 1) % 256, (index + 1) // 256
            self.label["number"].value = (low / 255, high / 255)
            self._thing(self.label, instances[index].thing.label, instances[index])
        raw = np.frombuffer(self.ids.read(components=3), np.uint8)
        raw = raw.reshape(self.size[1], self.size[0], 3)[::-1]
        numbers = raw[..., 0].astype(np.int32) + 256 * raw[..., 1].astype(np.int32)
        return numbers, (raw[..., 2] > 127) & (numbers > 0)


def _in_view(camera: Camera, view: np.ndarray, instance: Instance) -> bool:
    """Whether any of a body can show, by the ball around it."""
    radius = instance.thing.radius_m + 3.5
    x, y, _, w = view @ np.array([instance.x_m, instance.y_m, 1.0, 1.0])
    if w < -radius or w > 160:
        return False
    stretch = 1.0 / math.tan(math.radians(camera.fov_deg) / 2)
    reach_x = radius * math.hypot(1.0, stretch)
    reach_y = radius * math.hypot(1.0, stretch * camera.width_px / camera.height_px)
    return abs(x) < w + reach_x and abs(y) < w + reach_y
