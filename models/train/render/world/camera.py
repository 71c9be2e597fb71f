"""A camera on a pole, a gantry or a facade, and how it projects."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from .layout import Layout


@dataclass(frozen=True)
class Camera:
    """A pinhole camera. Pixels run right and down from the top left corner."""

    eye_m: np.ndarray
    look_at_m: np.ndarray
    fov_deg: float
    """Horizontal field of view."""
    roll_rad: float
    width_px: int
    height_px: int

    def matrix(self) -> np.ndarray:
        """World metres to clip space, column vectors; shape (4, 4)."""
        forward = self.look_at_m - self.eye_m
        forward = forward / np.linalg.norm(forward)
        right = np.cross(forward, [0.0, 0.0, 1.0])
        right /= np.linalg.norm(right)
        up = np.cross(right, forward)
        c, s = math.cos(self.roll_rad), math.sin(self.roll_rad)
        right, up = c * right + s * up, c * up - s * right
        view = np.eye(4)
        view[0, :3], view[1, :3], view[2, :3] = right, up, -forward
        view[:3, 3] = -view[:3, :3] @ self.eye_m
        fx = 1.0 / math.tan(math.radians(self.fov_deg) / 2.0)
        near, far = 0.5, 600.0
        lens = np.zeros((4, 4))
        lens[0, 0], lens[1, 1] = fx, fx * self.width_px / self.height_px
        lens[2, 2], lens[2, 3] = -(far + near) / (far - near), -2 * far * near / (far - near)
        lens[3, 2] = -1.0
        return lens @ view

    def project(self, points_m: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Pixels (n, 2) and depths in metres (n,) of points (n, 3)."""
        clip = np.c_[points_m, np.ones(len(points_m))] @ self.matrix().T
        depth = clip[:, 3]
        safe = np.where(np.abs(depth) < 1e-6, 1e-6, depth)
        x = (clip[:, 0] / safe + 1) / 2 * self.width_px
        y = (1 - clip[:, 1] / safe) / 2 * self.height_px
        return np.stack([x, y], 1), depth


CANDIDATES = 3
"""Poses that are drawn for one that is kept."""


def sample_camera(
    rng: np.random.Generator, layout: Layout, width_px: int, height_px: int
) -> Camera:
    """A pose that cities use, the one of a few that sees most of the streets."""
    fov = float(np.exp(rng.uniform(math.log(24), math.log(84))))
    drafts = [_draw(rng, layout, fov, width_px, height_px) for _ in range(CANDIDATES)]
    return max(drafts, key=lambda camera: len(streets_in_view(rng, camera, layout, 1500)))


def streets_in_view(
    rng: np.random.Generator, camera: Camera, layout: Layout, count: int
) -> np.ndarray:
    """Up to `count` points (n, 2) of streets and pavements that this camera sees within 60 m."""
    spread = rng.uniform(-60, 60, (1500, 2)) + camera.eye_m[:2]
    pixels, depth = camera.project(np.c_[spread, np.zeros(len(spread))])
    inside = (depth > 4) & (depth < 60) & (pixels > 0).all(1)
    inside &= (pixels < [camera.width_px, camera.height_px]).all(1)
    inside &= layout.on_road(spread, layout.pavement_m)
    return spread[inside][:count]


def _draw(
    rng: np.random.Generator, layout: Layout, fov_deg: float, width_px: int, height_px: int
) -> Camera:
    """4 to 14 m up, beside or above an arm, looking at the junction or along a street."""
    arm = layout.arms[int(rng.integers(len(layout.arms)))]
    height = float(rng.uniform(4.0, 14.0))
    if rng.random() < 0.25:
        v = rng.uniform(-arm.half_out_m, arm.half_in_m)
    else:
        edge = rng.uniform(0.5, layout.pavement_m + 1.5)
        v = arm.half_in_m + edge if rng.random() < 0.5 else -arm.half_out_m - edge
    u = arm.mouth_m + rng.uniform(0.5, 30.0)
    eye = np.array([*arm.at(u, v), height])
    if rng.random() < 0.62:
        spread = layout.radius_m() * 0.6 + 3
        target = np.array([*rng.normal(0, spread, 2), rng.uniform(0, 1.5)])
    else:
        other = layout.arms[int(rng.integers(len(layout.arms)))]
        along = other.mouth_m + rng.uniform(5, 50)
        target = np.array([*other.at(along, rng.uniform(-5, 5)), rng.uniform(0, 1.5)])
    flat = np.linalg.norm(target[:2] - eye[:2])
    if flat < height * 0.8:
        target[:2] = eye[:2] + (target[:2] - eye[:2]) * (height * 0.8 / max(flat, 0.3))
    return Camera(eye, target, fov_deg, float(rng.normal(0, 0.02)), width_px, height_px)
