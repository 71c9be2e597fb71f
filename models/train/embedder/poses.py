"""From where the two cameras of a section see a vehicle, and how each camera makes pictures.

A camera stands beside or above the road, 4 to 14 m high, and sees the vehicle come or go at several
distances. World coordinates are the vehicle's: origin on the ground below its middle, y forward.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

BOX_PX = (24.0, 200.0)
"""The longer side of a vehicle's box in the camera's picture."""

SAME_END = 0.85
"""Share of sections whose cameras both see the rear, or both the front."""

ASKEW = 0.12
"""Share of cameras that see the vehicle from anywhere, as in a turn."""


@dataclass(frozen=True)
class Sensor:
    """How a camera makes a picture of light."""

    gains: tuple[float, float, float]
    """White balance: factors of red, green, blue."""
    exposure: float
    gamma: float
    saturation: float
    blur_px: float
    noise: float
    """Standard deviation, bytes."""
    quality: int
    """JPEG quality; stands for the coding of a stream."""


@dataclass(frozen=True)
class Camera:
    """A camera of a section. `focal_px` is the focal length in pixels of its picture."""

    front: bool
    askew: float
    """Angle added to the azimuth, radians; 0 for a camera along the road."""
    height_m: float
    lateral_m: float
    focal_px: float
    sensor: Sensor


@dataclass(frozen=True)
class Pose:
    """One look: the camera's place in the vehicle's coordinates, and pixels per radian."""

    eye_m: tuple[float, float, float]
    focal_px: float


def draw_sensor(rng: np.random.Generator, light: str) -> Sensor:
    """A camera's own rendering of colour; noisier in the dark."""
    dark = {"night": 1.0, "dusk": 0.5}.get(light, 0.0)
    return Sensor(
        gains=(float(rng.normal(1, 0.06)), 1.0, float(rng.normal(1, 0.07))),
        exposure=float(np.exp(rng.normal(0, 0.2)) * (1 + 1.6 * dark)),
        gamma=float(rng.uniform(0.88, 1.15)),
        saturation=float(rng.uniform(0.7, 1.2)),
        blur_px=float(rng.uniform(0.3, 1.0)),
        noise=float(rng.uniform(1.0, 4.0) + rng.uniform(0, 5) * dark),
        quality=int(rng.integers(38, 92)),
    )


def draw_pair(rng: np.random.Generator, light: str) -> tuple[Camera, Camera]:
    """The two cameras of a section: same end in most cases, everything else of their own."""
    front = bool(rng.random() < 0.5)
    ends = (front, front if rng.random() < SAME_END else not front)
    return tuple(_camera(rng, light, end) for end in ends)


def _camera(rng: np.random.Generator, light: str, front: bool) -> Camera:
    width = float(rng.choice([1280, 1920]))
    fov = np.radians(rng.uniform(35, 75))
    askew = float(rng.uniform(-np.pi, np.pi)) if rng.random() < ASKEW else 0.0
    return Camera(
        front=front,
        askew=askew,
        height_m=float(rng.uniform(4, 14)),
        lateral_m=float(rng.normal(0, 7)),
        focal_px=float(width / 2 / np.tan(fov / 2)),
        sensor=draw_sensor(rng, light),
    )


def azimuth(pose: Pose) -> float:
    """Angle between the direction of travel and the camera as the vehicle sees it: 0 is the front,
    180 the rear, in degrees from -180 to 180, positive to the right."""
    return float(np.degrees(np.arctan2(pose.eye_m[0], pose.eye_m[1])))


def look(rng: np.random.Generator, camera: Camera, size_m: tuple[float, float, float]) -> Pose:
    """A look at a random distance at which the vehicle's box has a size of `BOX_PX`."""
    extent = max(size_m[0], size_m[2], 0.6 * size_m[1])
    nearest = max(camera.focal_px * extent / (BOX_PX[1] * 0.9), camera.height_m * 0.8, 7.0)
    farthest = max(min(camera.focal_px * extent / (BOX_PX[0] * 1.2), 110.0), nearest * 1.2)
    distance = float(np.exp(rng.uniform(np.log(nearest), np.log(farthest))))
    ahead = np.sqrt(max(distance**2 - camera.height_m**2 - camera.lateral_m**2, 25.0))
    x, y = camera.lateral_m, ahead if camera.front else -ahead
    sway = camera.askew + rng.normal(0, 0.04)
    cos, sin = np.cos(sway), np.sin(sway)
    eye = (float(x * cos - y * sin), float(x * sin + y * cos), camera.height_m)
    return Pose(eye, camera.focal_px)
