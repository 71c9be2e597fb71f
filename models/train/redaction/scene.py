"""Traffic for some seconds at one junction: flow on one axis, a queue on the other, people everywhere.

One arm pair has green, the rest wait at red; in half of the scenes a queue sets off. The offending vehicle is the
motor vehicle in motion that the camera sees best. People stand and walk between it and the camera. That is a rush hour;
`traffic` below 1 is a quieter one, with as much less of each.
"""

from __future__ import annotations

import math

import numpy as np

from render.world.camera import Camera
from render.world.layout import Arm, Layout
from render.world.traffic import Crowd, Placed, _parked

from .paths import Motion, Way, line, still, through

POOL = {"car": 16, "truck": 7, "bus": 4, "motorcycle": 5, "bicycle": 5, "person": 16}
MIX = {"car": 0.62, "truck": 0.12, "bus": 0.06, "motorcycle": 0.12, "bicycle": 0.08}


class Scene:
    """Who is there, and how each moves; `motions[i]` is number i + 1 in the truth."""

    def __init__(self, rng: np.random.Generator, layout: Layout, camera: Camera, bodies: dict[str, list], seconds: float, traffic: float = 1.0) -> None:
        self.rng, self.layout, self.camera = rng, layout, camera
        self.bodies, self.seconds, self.traffic = bodies, seconds, traffic
        self.motions: list[Motion] = []
        self.still = Crowd(rng, bodies, camera.eye_m)
        axes = [arm for index, arm in enumerate(layout.arms) if index % 2 == 0 or len(layout.arms) == 2]
        self.green = axes if rng.random() < 0.5 or len(layout.arms) < 3 else [a for a in layout.arms if a not in axes]
        if len(self.green) < 2:
            self.green = axes
        self.red = [arm for arm in layout.arms if arm not in self.green]
        self._flow()
        self._queues()
        for arm in layout.arms:
            if arm.parking or rng.random() < 0.3:
                _parked(self.still, arm)
        self.motions += [self._stands(p) for p in self.still.placed]
        self._walkers()
        self.subject = self._choose()
        if traffic >= 1 or rng.random() < traffic:
            self._between()

    def _stands(self, placed: Placed) -> Motion:
        return still(placed.class_name, placed.body, np.array([placed.x_m, placed.y_m]), placed.heading_rad)

    def _class(self) -> tuple[str, int]:
        name = str(self.rng.choice(list(MIX), p=list(MIX.values())))
        return name, int(self.rng.integers(len(self.bodies[name])))

    def _length(self, name: str, body: int) -> float:
        return float(self.bodies[name][body].size_m[1])

    def _flow(self) -> None:
        """Vehicles in motion on the axis with green, one speed a lane."""
        rng = self.rng
        for start in self.green:
            for lane in range(start.lanes_in):
                others = [arm for arm in self.green if arm is not start]
                end = others[int(rng.integers(len(others)))]
                way = through(start, lane, end, min(lane, end.lanes_out - 1))
                speed = float(rng.uniform(6.0, 13.0))
                s = way.length_m - rng.uniform(0, 30)
                while s > -speed * self.seconds * 0.6:
                    name, body = self._class()
                    s -= self._length(name, body) / 2
                    self.motions.append(Motion(name, body, way, s, speed))
                    s -= self._length(name, body) / 2 + 4 + rng.exponential(speed * 1.6 / self.traffic)

    def _queues(self) -> None:
        """Vehicles that wait at red; in half of the scenes they set off."""
        rng = self.rng
        goes = rng.random() < 0.5
        for start in self.red:
            for lane in range(start.lanes_in):
                ends = [arm for arm in self.layout.arms if arm is not start]
                end = ends[int(rng.integers(len(ends)))]
                way = through(start, lane, end, min(lane, end.lanes_out - 1))
                s = 100.0 - start.stop_m - 0.5
                wait = rng.uniform(0.5, 0.9) * self.seconds if goes else 1e9
                for _ in range(int(rng.integers(1, 2 + round(5 * self.traffic)))):
                    name, body = self._class()
                    s -= self._length(name, body) / 2
                    if s < 20:
                        break
                    self.motions.append(Motion(name, body, way, s, 9.0, wait, rolling=False))
                    wait += rng.uniform(0.6, 1.2)
                    s -= self._length(name, body) / 2 + rng.uniform(0.8, 2.5)

    def _person(self) -> int:
        return int(self.rng.integers(len(self.bodies["person"])))

    def _walks(self, a: np.ndarray, b: np.ndarray, share: float | None = None) -> None:
        rng = self.rng
        way = line(a, b) if rng.random() < 0.5 else line(b, a)
        speed = float(rng.uniform(0.9, 1.8))
        share = float(rng.uniform(0, 0.8)) if share is None else share
        start = way.length_m * share - speed * self.seconds * 0.3
        self.motions.append(Motion("person", self._person(), way, start, speed))

    def _walkers(self) -> None:
        """People on pavements and crossings, walking and standing, alone and in groups."""
        rng = self.rng
        for arm in self.layout.arms:
            for side in (1, -1):
                edge = arm.half_in_m if side > 0 else arm.half_out_m
                for _ in range(int(rng.poisson(2.2 * self.traffic))):
                    v = side * (edge + rng.uniform(0.5, self.layout.pavement_m))
                    u = arm.mouth_m + rng.uniform(0, 30)
                    if rng.random() < 0.45:
                        for _ in range(1 + int(rng.random() < 0.4) * int(rng.integers(1, 3))):
                            spot = arm.at(u, v) + rng.normal(0, 0.6, 2)
                            self.motions.append(still("person", self._person(), spot, rng.uniform(0, 2 * math.pi)))
                    else:
                        self._walks(arm.at(u - 15, v), arm.at(u + 15, v))
        for arm in self.red or self.layout.arms[:1]:
            for _ in range(int(rng.integers(2, 5))):
                u = arm.mouth_m + rng.uniform(0.6, 4.0)
                self._walks(arm.at(u, -arm.half_out_m - 2), arm.at(u, arm.half_in_m + 2))

    def _choose(self) -> int:
        """The index of the motor vehicle in motion that is seen best and longest."""
        best, chosen = 0.0, -1
        for index, motion in enumerate(self.motions):
            if motion.class_name in ("person", "bicycle") or motion.speed_ms == 0 or not motion.rolling:
                continue
            seen = sum(self._seen_px(motion, t) for t in np.arange(0, self.seconds, 0.4))
            # Motorcycles get their turn although they are small.
            seen *= 2.0 if motion.class_name == "motorcycle" else 1.0
            if seen > best:
                best, chosen = seen, index
        return chosen

    def _seen_px(self, motion: Motion, time_s: float) -> float:
        """Its height in the picture, at most 250 pixels; 0 where its middle is outside."""
        x, y, _, _ = motion.at(time_s)
        tall = self.bodies[motion.class_name][motion.body].size_m[2]
        pixels, depth = self.camera.project(np.array([[x, y, 0.0], [x, y, tall]]))
        low, high = np.array([40, 40]), np.array([self.camera.width_px - 40, self.camera.height_px - 20])
        if depth.min() < 3 or (pixels < low).any() or (pixels > high).any():
            return 0.0
        tall_px = float(pixels[0, 1] - pixels[1, 1])
        return min(tall_px, 250.0) if tall_px > 36 else 0.0

    def _between(self) -> None:
        """People who stand or walk between the offending vehicle and the camera, or just behind it."""
        if self.subject < 0:
            return
        rng, motion = self.rng, self.motions[self.subject]
        for near in (0.92, 0.85, 1.1):
            time = rng.uniform(0.2, 0.8) * self.seconds
            x, y, heading, _ = motion.at(time)
            at = self.camera.eye_m[:2] + (np.array([x, y]) - self.camera.eye_m[:2]) * near
            if np.hypot(*(at - self.camera.eye_m[:2])) < 5:
                continue
            ahead = np.array([math.cos(heading), math.sin(heading)])
            if rng.random() < 0.5:
                self.motions.append(still("person", self._person(), at, rng.uniform(0, 2 * math.pi)))
            else:
                self._walks(at - ahead * 8, at + ahead * 8, 0.3)


def worth(scene: Scene) -> float:
    """How well the offending vehicle is seen; scenes below some hundred are drawn anew."""
    if scene.subject < 0:
        return 0.0
    motion = scene.motions[scene.subject]
    return sum(scene._seen_px(motion, t) > 0 for t in np.arange(0, scene.seconds, 0.4)) * 0.4


__all__ = ["POOL", "Arm", "Scene", "Way", "worth"]
