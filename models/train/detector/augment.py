"""Changes of a crop's pixels that leave its boxes alone: what cameras, lenses and codecs do.

Every function takes and returns uint8 BGR [H, W, 3]. All are chosen to cost well under a
millisecond, so that one thread feeds the training.
"""

from __future__ import annotations

from functools import lru_cache

import cv2
import numpy as np

from .targets import CropBoxes

Rng = np.random.Generator


def augment(image: np.ndarray, boxes: CropBoxes, rng: Rng) -> np.ndarray:
    """One random chain. The order is the camera's: light, lens, sensor, then the codec."""
    if rng.random() < 0.85:
        image = tone(image, rng)
    if rng.random() < 0.35:
        image = saturate(image, rng)
    if rng.random() < 0.04:
        image = np.ascontiguousarray(image[:, :, rng.permutation(3)])
    if rng.random() < 0.08:
        image = shade(image, rng)
    if rng.random() < 0.08:
        cut_out(image, boxes, rng)
    if rng.random() < 0.2:
        image = lower_resolution(image, rng)
    kind = rng.random()
    if kind < 0.15:
        image = blur(image, rng)
    elif kind < 0.25:
        image = sharpen(image, rng)
    if rng.random() < 0.35:
        image = noise(image, rng)
    if rng.random() < 0.5:
        image = compress(image, rng)
    return image


def tone(image: np.ndarray, rng: Rng) -> np.ndarray:
    """Gamma, contrast, brightness and white balance in one look-up table per channel."""
    ramp = np.linspace(0.0, 1.0, 256, dtype=np.float32)
    gamma = np.exp(rng.normal(0.0, 0.25))
    contrast, lift = np.exp(rng.normal(0.0, 0.15)), rng.normal(0.0, 0.05)
    base = (ramp**gamma - 0.5) * contrast + 0.5 + lift
    balance = np.exp(rng.normal(0.0, 0.06, 3)).astype(np.float32)
    table = np.clip(base[:, None] * balance * 255.0, 0, 255).astype(np.uint8)
    return cv2.LUT(image, table.reshape(256, 1, 3))


def saturate(image: np.ndarray, rng: Rng) -> np.ndarray:
    """From grey (one in eight: infrared cameras at night) to gaudy."""
    share = 0.0 if rng.random() < 0.12 else float(np.exp(rng.normal(0.0, 0.4)))
    grey = cv2.cvtColor(cv2.cvtColor(image, cv2.COLOR_BGR2GRAY), cv2.COLOR_GRAY2BGR)
    return cv2.addWeighted(image, share, grey, 1.0 - share, 0.0)


def shade(image: np.ndarray, rng: Rng) -> np.ndarray:
    """Darkens or greys out a horizontal band: shadow of a building, haze, a dirty pane."""
    height = image.shape[0]
    top = int(rng.integers(0, height))
    bottom = int(min(height, top + rng.integers(height // 8, height // 2)))
    share, level = float(rng.uniform(0.4, 0.9)), float(rng.choice((0.0, 128.0)))
    image = image.copy()
    band = image[top:bottom]
    image[top:bottom] = cv2.convertScaleAbs(band, alpha=share, beta=level * (1.0 - share))
    return image


def cut_out(image: np.ndarray, boxes: CropBoxes, rng: Rng) -> None:
    """Covers a part of one object (a pole, a sign, a drop of water); its box stays."""
    if len(boxes.modal) == 0:
        return
    x0, y0, x1, y1 = boxes.modal[rng.integers(len(boxes.modal))]
    width, height = (x1 - x0) * rng.uniform(0.1, 0.4), (y1 - y0) * rng.uniform(0.1, 0.4)
    x, y = rng.uniform(x0, x1 - width), rng.uniform(y0, y1 - height)
    colour = tuple(int(v) for v in rng.integers(0, 256, 3))
    cv2.rectangle(image, (int(x), int(y)), (int(x + width), int(y + height)), colour, -1)


def lower_resolution(image: np.ndarray, rng: Rng) -> np.ndarray:
    """Down and up again: a tile that the product had to enlarge."""
    height, width = image.shape[:2]
    share = rng.uniform(0.4, 0.9)
    small = (max(int(width * share), 8), max(int(height * share), 8))
    down = cv2.INTER_AREA if rng.random() < 0.3 else cv2.INTER_LINEAR
    up = cv2.INTER_CUBIC if rng.random() < 0.3 else cv2.INTER_LINEAR
    return cv2.resize(
        cv2.resize(image, small, interpolation=down), (width, height), interpolation=up
    )


def blur(image: np.ndarray, rng: Rng) -> np.ndarray:
    """Out of focus, or moved while the shutter was open."""
    if rng.random() < 0.6:
        return cv2.GaussianBlur(image, (5, 5), float(rng.uniform(0.4, 1.4)))
    length = int(rng.integers(2, 6))
    return cv2.blur(image, (length, 1) if rng.random() < 0.8 else (1, length))


def sharpen(image: np.ndarray, rng: Rng) -> np.ndarray:
    """The halo that cameras add."""
    share = float(rng.uniform(0.3, 1.2))
    soft = cv2.GaussianBlur(image, (3, 3), 1.0)
    return cv2.addWeighted(image, 1.0 + share, soft, -share, 0.0)


@lru_cache(maxsize=1)
def _grain() -> np.ndarray:
    """Unit noise times 32 around 128: drawn once, because a normal draw per pixel costs 6 ms."""
    normal = np.random.default_rng(7).normal(0.0, 32.0, (1024, 1024, 3))
    return np.clip(normal + 128.0, 0, 255).astype(np.uint8)


def noise(image: np.ndarray, rng: Rng) -> np.ndarray:
    """Grain of a sensor at night, up to a deviation of 14 levels."""
    height, width = image.shape[:2]
    grain = _grain()
    y, x = int(rng.integers(0, 1024 - height + 1)), int(rng.integers(0, 1024 - width + 1))
    share = float(rng.uniform(1.0, 14.0)) / 32.0
    patch = grain[y : y + height, x : x + width]
    if rng.random() < 0.5:  # The same on all channels: noise of brightness.
        patch = cv2.cvtColor(np.ascontiguousarray(patch[:, :, 0]), cv2.COLOR_GRAY2BGR)
    return cv2.addWeighted(image, 1.0, patch, share, -128.0 * share)


def compress(image: np.ndarray, rng: Rng) -> np.ndarray:
    """JPEG at a quality of 20 to 90, which stands for any codec."""
    quality = int(rng.integers(20, 91))
    done, data = cv2.imencode(".jpg", image, (cv2.IMWRITE_JPEG_QUALITY, quality))
    return cv2.imdecode(data, cv2.IMREAD_COLOR) if done else image
