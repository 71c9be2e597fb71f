"""The ground as a painted picture: asphalt, pavements, markings, wear."""

from __future__ import annotations

import math

import cv2
import numpy as np

from . import symbols
from .layout import REACH_M, Arm, Layout

PX_PER_M = 12
SIDE_M = 2 * REACH_M


class _Canvas:
    """Draws in metres. Row 0 is the south edge, as OpenGL reads textures."""

    def __init__(self, colour: tuple[int, int, int]) -> None:
        side = int(SIDE_M * PX_PER_M)
        self.picture = np.empty((side, side, 3), np.uint8)
        self.picture[:] = colour

    def pixels(self, points_m: np.ndarray) -> np.ndarray:
        """Fixed-point coordinates with four fractional bits."""
        return np.round((np.asarray(points_m) + REACH_M) * PX_PER_M * 16).astype(np.int32)

    def fill(self, points_m: np.ndarray, colour: tuple[int, ...]) -> None:
        cv2.fillPoly(self.picture, [self.pixels(points_m)], colour, cv2.LINE_AA, 4)


def _shade(rng: np.random.Generator, value: float, by: float, tint: float = 3.0) -> tuple[int, ...]:
    grey = value + rng.uniform(-by, by)
    return tuple(int(np.clip(grey + rng.uniform(-tint, tint), 0, 255)) for _ in range(3))


def _core(layout: Layout, beyond_m: float) -> np.ndarray:
    """The middle of the junction, as a hull of the arms' mouths."""
    corners = []
    for arm in layout.arms:
        corners += [
            arm.at(arm.mouth_m, arm.half_in_m + beyond_m),
            arm.at(arm.mouth_m, -arm.half_out_m - beyond_m),
        ]
    return cv2.convexHull(np.array(corners, np.float32))[:, 0]


def _markings(canvas: _Canvas, arm: Arm, rng: np.random.Generator, paint, centre) -> None:
    reach, start = REACH_M * 1.5, arm.stop_m
    if rng.random() < 0.5:
        for v in (-0.18, 0.08):
            canvas.fill(arm.quad(start, reach, v, v + 0.12), centre)
    else:
        canvas.fill(arm.quad(start, reach, -0.07, 0.07), centre)
    period = rng.uniform(5, 12)
    for edge in [i * arm.lane_m for i in range(1, arm.lanes_in)] + [
        -i * arm.lane_m for i in range(1, arm.lanes_out)
    ]:
        for u in np.arange(start + 2, REACH_M * 1.4, period):
            canvas.fill(arm.quad(u, u + period * 0.4, edge - 0.06, edge + 0.06), paint)
    for edge in (arm.lanes_in * arm.lane_m, -arm.lanes_out * arm.lane_m):
        if arm.parking or arm.cycle_lane:
            canvas.fill(arm.quad(start, reach, edge - 0.06, edge + 0.06), paint)
    canvas.fill(arm.quad(start, start + 0.45, 0, arm.lanes_in * arm.lane_m), paint)
    if arm.crossing:
        u0, long = arm.mouth_m + rng.uniform(0.3, 0.9), rng.uniform(2.6, 4.0)
        if rng.random() < 0.75:
            stripe = rng.uniform(0.35, 0.65)
            gap = stripe * rng.uniform(0.8, 1.4)
            for v in np.arange(-arm.half_out_m + 0.3, arm.half_in_m - 0.3, stripe + gap):
                canvas.fill(arm.quad(u0, u0 + long, v, v + stripe), paint)
        else:
            for u in (u0, u0 + long):
                canvas.fill(arm.quad(u, u + 0.15, -arm.half_out_m, arm.half_in_m), paint)
    for lane in range(arm.lanes_in):
        if rng.random() < 0.7:
            for u in (start + rng.uniform(1.5, 6), start + rng.uniform(16, 28)):
                symbols.arrow(canvas.fill, arm, u, arm.lane_in_v(lane), rng, paint)
        elif rng.random() < 0.5:
            u = start + rng.uniform(2, 20)
            symbols.lettering(canvas.fill, arm, u, arm.lane_in_v(lane), rng, paint)
    for lane in range(arm.lanes_out):
        if rng.random() < 0.3:
            u = start + rng.uniform(2, 30)
            symbols.lettering(canvas.fill, arm, u, arm.lane_out_v(lane), rng, paint)
    if rng.random() < 0.25:
        symbols.teeth(canvas.fill, arm, start + 0.9, rng, paint)
    if rng.random() < 0.25:
        symbols.hatching(canvas.fill, arm, start + rng.uniform(0, 20), rng, paint)


def _wear(canvas: _Canvas, layout: Layout, rng: np.random.Generator) -> None:
    """Patches, cracks, wheel tracks, manholes: without them a net learns that only cars have edges."""
    for _ in range(int(rng.integers(20, 90))):
        arm = layout.arms[int(rng.integers(len(layout.arms)))]
        u, v = rng.uniform(0, REACH_M), rng.uniform(-arm.half_out_m, arm.half_in_m - 1)
        patch = arm.quad(u, u + rng.uniform(0.4, 6), v, v + rng.uniform(0.3, 2.5))
        points = canvas.pixels(patch) // 16
        x0, y0 = np.maximum(points.min(0), 0)
        x1, y1 = points.max(0) + 1
        part = canvas.picture[y0:y1, x0:x1]
        if part.size:
            mask = np.zeros(part.shape[:2], np.uint8)
            cv2.fillPoly(mask, [points - [x0, y0]], 1)
            shift = int(rng.integers(-22, 14))
            part[mask > 0] = np.clip(part[mask > 0].astype(int) + shift, 0, 255)
    for _ in range(int(rng.integers(10, 80))):
        arm = layout.arms[int(rng.integers(len(layout.arms)))]
        at = arm.at(rng.uniform(0, REACH_M), rng.uniform(-arm.half_out_m, arm.half_in_m))
        steps = np.cumsum(rng.normal(0, 0.6, (10, 2)), 0) + at
        dark = int(rng.integers(40, 80))
        cv2.polylines(
            canvas.picture, [canvas.pixels(steps)], False, (dark,) * 3, 1, cv2.LINE_AA, 4
        )
    for _ in range(int(rng.integers(0, 12))):
        arm = layout.arms[int(rng.integers(len(layout.arms)))]
        at = arm.at(rng.uniform(0, 60), rng.uniform(-arm.half_out_m, arm.half_in_m))
        centre = tuple(int(value) for value in canvas.pixels(at) // 16)
        cv2.circle(canvas.picture, centre, int(0.35 * PX_PER_M), (52, 50, 49), -1, cv2.LINE_AA)


def paint_ground(rng: np.random.Generator, layout: Layout) -> np.ndarray:
    """An RGB picture (s, s, 3) of the ground, `SIDE_M` metres on a side, row 0 in the south."""
    grounds = [(70, 86, 50), (96, 92, 58), (84, 78, 66), (120, 118, 112), (78, 92, 62), (52, 74, 40)]
    base = grounds[int(rng.integers(len(grounds)))]
    canvas = _Canvas(tuple(int(np.clip(c + rng.uniform(-15, 15), 0, 255)) for c in base))
    pavement, kerb = _shade(rng, 145, 35, 6), _shade(rng, 170, 25)
    asphalt = _shade(rng, 88, 32, 4)
    worn = int(rng.integers(140, 235))
    paint = (worn, worn, int(worn * rng.uniform(0.9, 1.0)))
    centre = paint if rng.random() < 0.6 else (worn, int(worn * 0.78), int(worn * 0.25))
    wide = layout.pavement_m
    reach = REACH_M * 1.5
    if len(layout.arms) > 2:
        canvas.fill(_core(layout, wide), pavement)
    for arm in layout.arms:
        canvas.fill(arm.quad(0, reach, -arm.half_out_m - wide, arm.half_in_m + wide), pavement)
    joints = np.arange(0, REACH_M, rng.uniform(0.8, 2.0))
    for arm in layout.arms:
        dark = tuple(int(c * 0.9) for c in pavement)
        for u in arm.mouth_m + joints:
            canvas.fill(arm.quad(u, u + 0.06, arm.half_in_m, arm.half_in_m + wide), dark)
            canvas.fill(arm.quad(u, u + 0.06, -arm.half_out_m - wide, -arm.half_out_m), dark)
    for grow, colour in ((0.18, kerb), (0.0, asphalt)):
        if len(layout.arms) > 2:
            canvas.fill(_core(layout, grow), colour)
        for arm in layout.arms:
            canvas.fill(arm.quad(0, reach, -arm.half_out_m - grow, arm.half_in_m + grow), colour)
    cycle = _shade(rng, 95, 20)
    cycle = (min(cycle[0] + 60, 255), cycle[1], cycle[2])
    for arm in layout.arms:
        if arm.cycle_lane and not arm.parking and rng.random() < 0.5:
            for edge in (arm.lanes_in * arm.lane_m, -arm.half_out_m):
                canvas.fill(arm.quad(arm.mouth_m, reach, edge, edge + arm.extra_m), cycle)
    _wear(canvas, layout, rng)
    for arm in layout.arms:
        _markings(canvas, arm, rng, paint, centre)
    if len(layout.arms) == 4 and rng.random() < 0.15:
        radius, yellow = layout.arms[0].mouth_m * 0.8, (worn, int(worn * 0.75), 30)
        for offset in np.arange(-radius, radius, 1.8):
            half = math.sqrt(max(radius**2 - offset**2, 0))
            for sign in (1, -1):
                line = np.array([[offset - half, sign * -half], [offset + half, sign * half]])
                points = [canvas.pixels(line)]
                cv2.polylines(canvas.picture, points, False, yellow, 2, cv2.LINE_AA, 4)
    return _texture(canvas.picture, rng)


def _texture(picture: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Blotches and grain, cheap: coarse noise scaled up."""
    side = picture.shape[0]
    coarse = rng.normal(0, 5, (44, 44)).astype(np.float32)
    middle = rng.normal(0, 3.5, (side // 24, side // 24)).astype(np.float32)
    noise = cv2.resize(coarse, (side, side), interpolation=cv2.INTER_CUBIC)
    noise += cv2.resize(middle, (side, side))
    tile = rng.normal(0, rng.uniform(3, 9), (512, 512)).astype(np.float32)
    repeats = -(-side // 512)
    noise += np.tile(tile, (repeats, repeats))[:side, :side]
    return np.clip(picture + noise[..., None], 0, 255).astype(np.uint8)
