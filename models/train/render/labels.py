"""Boxes of what was drawn: modal (what shows) and amodal (the whole body)."""

from __future__ import annotations

import math
from dataclasses import dataclass

import cv2
import numpy as np

from .mesh import Body
from .world.camera import Camera
from .world.traffic import Placed

AMODAL_REACH = 3.0
"""Amodal boxes are cut off this many picture sizes beyond the border."""


@dataclass(frozen=True)
class Label:
    """Pixels; `class_name` is a road user, `face`, or `ignore`."""

    number: int
    class_name: str
    modal: tuple[float, float, float, float]
    amodal: tuple[float, float, float, float]
    visible: float
    """Share of the body's outline that shows, 0 to 1."""


def extents(numbers: np.ndarray, mask: np.ndarray | None = None) -> dict[int, tuple[int, int, int, int, int]]:
    """For each number but 0: left, top, right, bottom (exclusive), count of its pixels."""
    ys, xs = np.nonzero(numbers if mask is None else numbers * mask)
    if not len(ys):
        return {}
    values = numbers[ys, xs]
    order = np.argsort(values, kind="stable")
    values, ys, xs = values[order], ys[order], xs[order]
    starts = np.flatnonzero(np.r_[True, values[1:] != values[:-1]])
    counts = np.diff(np.r_[starts, len(values)])
    columns = (
        np.minimum.reduceat(xs, starts),
        np.minimum.reduceat(ys, starts),
        np.maximum.reduceat(xs, starts) + 1,
        np.maximum.reduceat(ys, starts) + 1,
        counts,
    )
    rows = np.stack(columns, 1)
    return {int(v): tuple(int(c) for c in row) for v, row in zip(values[starts], rows)}


def corner_points(body: Body) -> np.ndarray:
    """The distinct corners of a body, metres (n, 3); enough for its outline."""
    return np.unique(np.round(body.mesh.vertices[:, :3], 2), axis=0)


def placed_points(points: np.ndarray, at: Placed) -> np.ndarray:
    """The body's points in the world."""
    c, s = math.cos(at.heading_rad), math.sin(at.heading_rad)
    x = points[:, 0] * s + points[:, 1] * c + at.x_m
    y = -points[:, 0] * c + points[:, 1] * s + at.y_m
    return np.stack([x, y, points[:, 2]], 1)


def label(
    camera: Camera,
    placed: list[Placed],
    points: list[np.ndarray],
    numbers: np.ndarray,
    faces: np.ndarray,
) -> list[Label]:
    """Labels of all that shows. `points[i]` are the corner points of the body of `placed[i]`."""
    seen, face_seen = extents(numbers), extents(numbers, faces)
    frame = np.array(
        [[0, 0], [camera.width_px, 0], [camera.width_px, camera.height_px], [0, camera.height_px]],
        np.float32,
    )
    labels = []
    for number, (x0, y0, x1, y1, count) in seen.items():
        at = placed[number - 1]
        pixels, depth = camera.project(placed_points(points[number - 1], at))
        modal = (float(x0), float(y0), float(x1), float(y1))
        if depth.min() < 0.6:
            labels.append(Label(number, "ignore", modal, modal, 0.0))
            continue
        hull = cv2.convexHull(pixels.astype(np.float32))[:, 0]
        inside = cv2.intersectConvexConvex(hull, frame)[0]
        visible = min(1.0, count / max(inside, 1.0))
        limits = np.array([camera.width_px, camera.height_px]) * AMODAL_REACH
        low, high = np.maximum(pixels.min(0), -limits), np.minimum(pixels.max(0), limits)
        amodal = (float(low[0]), float(low[1]), float(high[0]), float(high[1]))
        labels.append(Label(number, at.class_name, modal, amodal, round(visible, 3)))
        if number in face_seen and at.class_name == "person":
            fx0, fy0, fx1, fy1, shown = face_seen[number]
            face = (float(fx0), float(fy0), float(fx1), float(fy1))
            if shown >= 9:
                labels.append(Label(number, "face", face, face, 1.0))
    return labels
