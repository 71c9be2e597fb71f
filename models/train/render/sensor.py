"""From light to the bytes of a camera: glow, exposure, rain on the way, blur, noise, compression."""

from __future__ import annotations

import cv2
import numpy as np

from .world.light import Light


def develop(rng: np.random.Generator, linear: np.ndarray, light: Light) -> np.ndarray:
    """Linear RGB float32 (h, w, 3) to RGB uint8 of the same size."""
    # A driver may give a value that is no number where a surface has no direction.
    picture = np.nan_to_num(linear, nan=0.0, posinf=16.0) * light.exposure
    if light.lamps > 0.3:
        bright = np.maximum(picture - 0.75, 0)
        small = cv2.resize(bright, None, fx=0.25, fy=0.25, interpolation=cv2.INTER_AREA)
        glow = cv2.GaussianBlur(small, (0, 0), float(rng.uniform(1.5, 5)))
        glow = cv2.resize(glow, (picture.shape[1], picture.shape[0]))
        picture = picture + glow * float(rng.uniform(0.4, 1.8))
    picture = np.clip(picture, 0, 1) ** (1 / float(rng.uniform(1.9, 2.4))) * 255
    if light.rain > 0:
        picture = _streaks(rng, picture, light.rain)
    if rng.random() < 0.8:
        picture = cv2.GaussianBlur(picture, (0, 0), float(rng.uniform(0.35, 0.9)))
    h, w = picture.shape[:2]
    noise = np.empty((h, w, 1), np.float32)
    cv2.randn(noise, 0, light.noise)
    picture = picture + noise.reshape(h, w, 1)
    return np.clip(picture, 0, 255).astype(np.uint8)


def _streaks(rng: np.random.Generator, picture: np.ndarray, rain: float) -> np.ndarray:
    """Drops that fall through the view."""
    h, w = picture.shape[:2]
    layer = np.zeros((h, w), np.float32)
    slant = int(rng.integers(-6, 7))
    for _ in range(int(rain * w * h / 1400)):
        x, y, length = int(rng.integers(w)), int(rng.integers(h)), int(rng.integers(6, 22))
        cv2.line(layer, (x, y), (x + slant * length // 20, y + length), float(rng.uniform(10, 70)), 1)
    layer = cv2.GaussianBlur(layer, (0, 0), 0.6)
    return picture * (1 - 0.08 * rain) + 8 * rain + layer[..., None]
