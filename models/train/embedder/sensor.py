"""From linear light to what a camera's stream shows: exposure, colour, blur, noise, coding."""

from __future__ import annotations

import cv2
import numpy as np

from .poses import Sensor

LUMA = np.array([0.2126, 0.7152, 0.0722], np.float32)


def expose(picture: np.ndarray, sensor: Sensor, light: str, rng: np.random.Generator) -> np.ndarray:
    """Linear RGB float32 [h, w, 3] to a decoded picture, uint8 [h, w, 3] RGB."""
    exposure = sensor.exposure * float(np.exp(rng.normal(0, 0.06)))
    picture = picture * (np.array(sensor.gains, np.float32) * np.float32(exposure))
    glow = np.maximum(picture - 0.9, 0.0)
    if glow.max() > 0.05:
        # Light spreads in the lens before the sensor clips it.
        spread = max(1.0, 0.03 * max(picture.shape[:2]))
        picture = picture + cv2.GaussianBlur(np.minimum(glow, 2.0), (0, 0), spread) * 0.5
    luma = (picture @ LUMA)[..., None]
    picture = luma + (picture - luma) * np.float32(sensor.saturation)
    # A soft shoulder instead of a hard clip at white.
    picture = np.clip(picture, 0.0, None)
    picture = np.where(picture < 0.7, picture, 0.7 + 0.3 * np.tanh((picture - 0.7) / 0.45))
    picture = np.power(picture, np.float32(sensor.gamma / 2.2))
    blur = sensor.blur_px * float(rng.uniform(0.8, 1.3))
    picture = cv2.GaussianBlur(picture, (0, 0), blur)
    if rng.random() < 0.2:
        picture = _smear(picture, float(rng.uniform(1, 4)), rng)
    if light == "rain":
        picture = _rain(picture, rng)
    noise = rng.standard_normal(picture.shape[:2] + (1,), dtype=np.float32)
    tint = rng.standard_normal(picture.shape, dtype=np.float32)
    picture = picture * 255 + (noise + 0.4 * tint) * np.float32(sensor.noise)
    return _code(np.clip(picture, 0, 255).astype(np.uint8), sensor.quality)


def _smear(picture: np.ndarray, length: float, rng: np.random.Generator) -> np.ndarray:
    """Blur by motion while the shutter is open, mostly along the picture's vertical."""
    side = int(np.ceil(length)) | 1
    kernel = np.zeros((side, side), np.float32)
    angle = rng.normal(np.pi / 2, 0.5)
    middle = side // 2
    for t in np.linspace(-0.5, 0.5, 3 * side):
        x = middle + int(round(t * (side - 1) * np.cos(angle)))
        y = middle + int(round(t * (side - 1) * np.sin(angle)))
        kernel[y, x] += 1
    return cv2.filter2D(picture, -1, kernel / kernel.sum())


def _rain(picture: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Veiled contrast and a few streaks."""
    veil = float(rng.uniform(0.05, 0.25))
    picture = np.ascontiguousarray(picture * (1 - veil) + veil * 0.62)
    height, width = picture.shape[:2]
    for _ in range(int(width * height * rng.uniform(0, 4e-4))):
        x, y = int(rng.integers(width)), int(rng.integers(height))
        length = int(rng.integers(4, 16))
        value = float(rng.uniform(0.6, 0.8))
        cv2.line(picture, (x, y), (x - length // 6, y + length), (value,) * 3, 1)
    return picture


def _code(picture: np.ndarray, quality: int) -> np.ndarray:
    """Codes and decodes with half the resolution of colour, as a stream does."""
    flags = [cv2.IMWRITE_JPEG_QUALITY, quality]
    done, coded = cv2.imencode(".jpg", picture[..., ::-1], flags)
    if not done:
        raise RuntimeError("OpenCV cannot write JPEG")
    return cv2.imdecode(coded, cv2.IMREAD_COLOR)[..., ::-1]
