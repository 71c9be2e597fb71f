"""Renders one vehicle on a patch of road, with its neighbours, posts and walls (OpenGL through EGL).

The picture is as large as the camera's would be around the vehicle, so that a far vehicle has few
pixels. Alpha is the share of a pixel that the vehicle covers: its modal box is read from there.
"""

from __future__ import annotations

from pathlib import Path

import moderngl
import numpy as np

from .identity import PATCHES, Identity
from .poses import Pose
from .scene import Scene
from .window import Window

SIDES_PX = (64, 96, 128, 160, 208, 288)
"""Sides of the square buffers; a look takes the smallest that holds it."""

REACH_M = 24.0
"""The shadow mask reaches so far from the vehicle."""

MASK_PX = 256
SHADERS = Path(__file__).parent / "shaders"


class Studio:
    """One OpenGL context and the meshes in it. Not for several threads."""

    def __init__(self) -> None:
        ctx = self.ctx = moderngl.create_standalone_context(backend="egl")
        ctx.enable(moderngl.DEPTH_TEST)
        source = lambda name: (SHADERS / name).read_text()  # noqa: E731
        self.vehicle = ctx.program(
            vertex_shader=source("vehicle.vert"), fragment_shader=source("vehicle.frag")
        )
        self.shade = ctx.program(
            vertex_shader=source("shadow.vert"), fragment_shader=source("shadow.frag")
        )
        self.ground = ctx.program(
            vertex_shader=source("ground.vert"), fragment_shader=source("ground.frag")
        )
        far = 300.0
        corners = np.array([-far, -far, far, -far, -far, far, far, far], "f4")
        self.plane = ctx.vertex_array(self.ground, ctx.buffer(corners.tobytes()), "position")
        self.buffers = []
        for side in SIDES_PX:
            smooth = ctx.framebuffer(
                ctx.renderbuffer((side, side), 4, samples=4, dtype="f2"),
                ctx.depth_renderbuffer((side, side), samples=4),
            )
            flat = ctx.framebuffer(ctx.renderbuffer((side, side), 4, dtype="f2"))
            self.buffers.append((side, smooth, flat))
        self.mask = ctx.texture((MASK_PX, MASK_PX), 1)
        self.mask.repeat_x = self.mask.repeat_y = False
        self.mask.filter = (moderngl.LINEAR_MIPMAP_LINEAR, moderngl.LINEAR)
        self.mask_buffer = ctx.framebuffer(self.mask)
        self.grain = ctx.texture((256, 256), 1, _grain().tobytes())
        self.grain.build_mipmaps()
        self.grain.filter = (moderngl.LINEAR_MIPMAP_LINEAR, moderngl.LINEAR)
        self.held: dict[int, tuple] = {}
        self.cube = self._arrays(_cube())

    def _arrays(self, vertices: np.ndarray) -> tuple:
        buffer = self.ctx.buffer(vertices.astype("f4").tobytes())
        names = ("position", "normal", "colour", "material")
        lit = self.ctx.vertex_array(self.vehicle, [(buffer, "3f 3f 3f 1f", *names)])
        flat = self.ctx.vertex_array(self.shade, [(buffer, "3f 28x", "position")])
        return lit, flat, buffer

    def hold(self, identity: Identity) -> None:
        """Puts a vehicle's mesh on the card, until `drop`."""
        if identity.number not in self.held:
            self.held[identity.number] = self._arrays(identity.vertices)

    def drop(self, identity: Identity) -> None:
        """Frees a vehicle's mesh."""
        for part in self.held.pop(identity.number, ()):
            part.release()

    def shoot(
        self, identity: Identity, pose: Pose, window: Window, scene: Scene
    ) -> tuple[np.ndarray, np.ndarray]:
        """The vehicle in linear RGB float32 [h, w, 3], and the share of each pixel that it covers,
        float32 [h, w]. The window has to fit the largest buffer."""
        width, height = window.width_px, window.height_px
        _, smooth, flat = next(b for b in self.buffers if b[0] >= max(width, height))
        self._shadow(identity, scene)
        smooth.use()
        self.ctx.viewport = (0, 0, width, height)
        light = scene.light
        sky = np.array(light.fog_colour) * 0.7 + np.array(light.sky_colour) * 0.3
        smooth.clear(*(float(v) for v in sky), 0.0)
        self._light(pose, scene, window.view)
        self.plane.render(moderngl.TRIANGLE_STRIP)
        self._blocks(scene)
        for other in scene.neighbours:
            self._vehicle(other.identity, (other.x_m, other.y_m), other.heading_rad, False, False)
        self._vehicle(identity, (0.0, 0.0), 0.0, scene.braking, True)
        self.ctx.copy_framebuffer(flat, smooth)
        raw = flat.read(viewport=(0, 0, width, height), components=4, dtype="f2")
        picture = np.frombuffer(raw, "f2").reshape(height, width, 4)[::-1].astype(np.float32)
        return picture[..., :3], picture[..., 3]

    def _set(self, program: moderngl.Program, name: str, value: object) -> None:
        if name in program:
            program[name].write(np.ascontiguousarray(value, "f4").tobytes())

    def _shadow(self, identity: Identity, scene: Scene) -> None:
        self.mask_buffer.use()
        self.mask_buffer.clear()
        self.ctx.disable(moderngl.DEPTH_TEST)
        put = lambda name, value: self._set(self.shade, name, value)  # noqa: E731
        put("sun", scene.light.sun)
        put("reach", REACH_M)
        put("scale", (1, 1, 1))
        for who, x, y, heading in [(identity, 0.0, 0.0, 0.0)] + [
            (n.identity, n.x_m, n.y_m, n.heading_rad) for n in scene.neighbours
        ]:
            put("turn", (np.cos(heading), np.sin(heading)))
            put("place", (x, y, 0))
            self.held[who.number][1].render()
        put("turn", (1, 0))
        for block in scene.blocks:
            low, high = np.array(block.low), np.array(block.high)
            put("scale", high - low)
            put("place", low)
            self.cube[1].render()
        self.ctx.enable(moderngl.DEPTH_TEST)
        self.mask.build_mipmaps()

    def _light(self, pose: Pose, scene: Scene, view: np.ndarray) -> None:
        light, road = scene.light, scene.road
        sun, sky = np.array(light.sun_colour), np.array(light.sky_colour)
        fallen = sky + sun * light.sun[2]
        for program in (self.vehicle, self.ground):
            put = lambda name, value, p=program: self._set(p, name, value)  # noqa: E731
            put("view", view.T)
            put("eye", pose.eye_m)
            for name in ("sun", "sun_colour", "sky_colour", "fog_colour", "fog_per_m", "wet"):
                put(name, getattr(light, name))
            put("ground_colour", fallen * np.array(road.asphalt) * 1.3)
            put("light", fallen)
            for name in ("shadow", "shadow_soft", "lamps"):
                put(name, getattr(light, name))
        for name in ("asphalt", "verge", "paint", "edges", "lane", "dash", "shift", "rough"):
            self._set(self.ground, name, getattr(road, name))
        self._set(self.ground, "turn", (np.cos(road.turn_rad), np.sin(road.turn_rad)))
        self._set(self.ground, "reach", REACH_M)
        for name, value in (("grain", 0), ("shadows", 1)):
            if name in self.ground:
                self.ground[name].value = value
        self.grain.use(0)
        self.mask.use(1)

    def _blocks(self, scene: Scene) -> None:
        self._look(None, (1, 1, 1), False, False)
        self._set(self.vehicle, "turn", (1, 0))
        for block in scene.blocks:
            low, high = np.array(block.low), np.array(block.high)
            self._set(self.vehicle, "scale", high - low)
            self._set(self.vehicle, "place", low)
            self._set(self.vehicle, "patch_colour", [block.colour] * PATCHES)
            self._set(self.vehicle, "patch_low", [(-9, -9, -9)] * PATCHES)
            self._set(self.vehicle, "patch_high", [(9, 9, 9)] * PATCHES)
            self.cube[0].render()

    def _vehicle(
        self, who: Identity, place: tuple[float, float], heading: float, braking: bool, target: bool
    ) -> None:
        self._look(who, who.size_m, braking, target)
        self._set(self.vehicle, "scale", (1, 1, 1))
        self._set(self.vehicle, "turn", (np.cos(heading), np.sin(heading)))
        self._set(self.vehicle, "place", (*place, 0))
        self.held[who.number][0].render()

    def _look(
        self, who: Identity | None, size: tuple[float, float, float], braking: bool, target: bool
    ) -> None:
        put = lambda name, value: self._set(self.vehicle, name, value)  # noqa: E731
        put("body", size)
        put("braking", float(braking))
        put("target", float(target))
        put("dirt", who.dirt if who else 0.0)
        patches = who.patches if who else []
        none = [(9.0, 9.0, 9.0)] * (PATCHES - len(patches))
        put("patch_low", [p.low for p in patches] + none)
        put("patch_high", [p.high for p in patches] + none)
        put("patch_colour", [p.colour for p in patches] + none)


def _grain() -> np.ndarray:
    """Noise of all scales that repeats, uint8 [256, 256]: the surface of a road."""
    rng = np.random.default_rng(11)
    total = np.zeros((256, 256))
    for cells in (8, 32, 128, 256):
        coarse = np.fft.fft2(rng.normal(size=(256, 256)))
        reach = np.abs(np.fft.fftfreq(256))[:, None] + np.abs(np.fft.fftfreq(256))[None]
        part = np.real(np.fft.ifft2(coarse * (reach < cells / 512)))
        total += part / part.std() / 2
    return np.clip(128 + 45 * total, 0, 255).astype(np.uint8)


def _cube() -> np.ndarray:
    """The unit cube from 0 to 1 in the layout of a mesh, matt."""
    rows = []
    for axis in range(3):
        for side in (0.0, 1.0):
            normal = np.zeros(3)
            normal[axis] = 2 * side - 1
            for u, v in ((0, 0), (1, 0), (1, 1), (0, 0), (1, 1), (0, 1)):
                point = np.insert(np.array([u, v], float), axis, side)
                rows.append([*point, *normal, 0.5, 0.5, 0.5, 0.0])
    return np.array(rows, np.float32)
