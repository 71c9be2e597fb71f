"""The sensor of one camera for one clip: what `render.sensor` draws anew for each picture is fixed here."""

from __future__ import annotations

import cv2
import numpy as np

from render.sensor import _streaks
from render.world.light import Light


class Sensor:
    """Linear light to bytes; glow, gamma and blur are those of the clip, noise and rain of the picture."""

    def __init__(self, rng: np.random.Generator, light: Light) -> None:
        self.rng, self.light = rng, light
        self.glow_px, self.glow = float(rng.uniform(1.5, 5)), float(rng.uniform(0.4, 1.8))
        self.gamma = float(rng.uniform(1.9, 2.4))
        self.blur_px = float(rng.uniform(0.35, 0.9))

    def develop(self, linear: np.ndarray) -> np.ndarray:
        """RGB float32 (h, w, 3) to RGB uint8."""
        picture = np.nan_to_num(linear, nan=0.0, posinf=16.0) * self.light.exposure
        if self.light.lamps > 0.3:
            small = cv2.resize(np.maximum(picture - 0.75, 0), None, fx=0.25, fy=0.25, interpolation=cv2.INTER_AREA)
            small = cv2.GaussianBlur(small, (0, 0), self.glow_px)
            picture = picture + cv2.resize(small, (picture.shape[1], picture.shape[0])) * self.glow
        picture = np.clip(picture, 0, 1) ** (1 / self.gamma) * 255
        if self.light.rain > 0:
            picture = _streaks(self.rng, picture, self.light.rain)
        picture = cv2.GaussianBlur(picture, (0, 0), self.blur_px)
        noise = self.rng.standard_normal(picture.shape[:2], np.float32)[..., None] * self.light.noise
        return np.clip(picture + noise, 0, 255).astype(np.uint8)
