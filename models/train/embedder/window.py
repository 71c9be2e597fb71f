"""Which part of a camera's picture holds the vehicle, as a matrix for the renderer."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from .identity import Identity
from .poses import Pose

MARGIN = 1.45
"""Sides of the window over sides of the vehicle's box."""

NEAR_M, FAR_M = 0.5, 400.0


@dataclass(frozen=True)
class Window:
    """A part of a camera's picture. `view` takes world coordinates to clip coordinates."""

    view: np.ndarray
    width_px: int
    height_px: int
    box_px: tuple[float, float, float, float]
    """The whole vehicle's box inside the window: x0, y0, x1, y1, y down."""
    area_px: float
    """Pixels that the unhidden vehicle covers, about."""


def window(identity: Identity, pose: Pose) -> Window | None:
    """The window around a vehicle; none where the vehicle reaches behind the camera."""
    eye = np.array(pose.eye_m)
    ahead = np.array([0.0, 0.0, identity.size_m[2] * 0.4]) - eye
    ahead /= np.linalg.norm(ahead)
    right = np.cross(ahead, [0, 0, 1.0])
    right /= np.linalg.norm(right)
    axes = np.stack([right, np.cross(right, ahead), ahead])
    seen = (identity.vertices[::2, :3] - eye.astype(np.float32)) @ axes.T.astype(np.float32)
    if seen[:, 2].min() < NEAR_M * 2:
        return None
    flat = seen[:, :2] / seen[:, 2:] * pose.focal_px * np.float32([1, -1])
    low, high = flat.min(0), flat.max(0)
    middle, size = (low + high) / 2, np.maximum(high - low, 2.0)
    width, height = (int(np.ceil(v * MARGIN / 2)) * 2 for v in size)
    left, top = middle[0] - width / 2, middle[1] - height / 2
    scale_x, scale_y = 2 * pose.focal_px / width, 2 * pose.focal_px / height
    # x = right, y = up, w = depth; the window's corners become -1 and 1.
    shift_x, shift_y = -2 * left / width - 1, 2 * top / height + 1
    depth = (FAR_M + NEAR_M) / (FAR_M - NEAR_M), -2 * FAR_M * NEAR_M / (FAR_M - NEAR_M)
    projection = np.array(
        [
            [scale_x, 0, shift_x, 0],
            [0, scale_y, shift_y, 0],
            [0, 0, depth[0], depth[1]],
            [0, 0, 1, 0],
        ]
    )
    placed = np.eye(4)
    placed[:3, :3] = axes
    placed[:3, 3] = -axes @ eye
    hull = cv2.contourArea(cv2.convexHull(flat.astype(np.float32)))
    box = (low[0] - left, low[1] - top, high[0] - left, high[1] - top)
    return Window(
        projection @ placed, width, height, tuple(float(v) for v in box), float(hull) * 0.93
    )
