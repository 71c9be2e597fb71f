"""The window around a vehicle's box that the net looks at."""

from __future__ import annotations

import cv2
import numpy as np

from . import ASPECT_MAX, MARGIN

Box = tuple[float, float, float, float]


def window(box: Box, margin: float = MARGIN) -> Box:
    """Left, top, right, bottom of the window around a box, pixels; it may reach beyond the picture."""
    x0, y0, x1, y1 = box
    w, h = x1 - x0, y1 - y0
    w, h = max(w, h / ASPECT_MAX), max(h, w / ASPECT_MAX)
    x, y = (x0 + x1) / 2, (y0 + y1) / 2
    reach = 0.5 + margin
    return x - w * reach, y - h * reach, x + w * reach, y + h * reach


def places(low: float, high: float, count: int) -> np.ndarray:
    """Pixel numbers, not rounded, of the middles of `count` steps from `low` to `high`."""
    return low + (np.arange(count) + 0.5) * (high - low) / count - 0.5


def sample(picture: np.ndarray, box: Box, side: int, nearest: bool, pad: int = 114) -> np.ndarray:
    """The part of a picture, stretched to `side` x `side`; beyond the picture it is `pad`."""
    left, top = int(np.floor(box[0])) - 2, int(np.floor(box[1])) - 2
    right, bottom = int(np.ceil(box[2])) + 2, int(np.ceil(box[3])) + 2
    h, w = picture.shape[:2]
    inner = picture[max(top, 0) : min(bottom, h), max(left, 0) : min(right, w)]
    around = (max(-top, 0), max(bottom - h, 0), max(-left, 0), max(right - w, 0))
    part = cv2.copyMakeBorder(inner, *around, cv2.BORDER_CONSTANT, value=[pad] * 3)
    # Where the window has more pixels than the result, each is a mean over its share.
    scale_x, scale_y = (box[2] - box[0]) / side, (box[3] - box[1]) / side
    if not nearest and max(scale_x, scale_y) > 1:
        part = cv2.blur(part, (max(1, round(scale_x)), max(1, round(scale_y))))
    xs = places(box[0], box[2], side) - left
    ys = places(box[1], box[3], side) - top
    grid = np.meshgrid(xs.astype(np.float32), ys.astype(np.float32))
    how = cv2.INTER_NEAREST if nearest else cv2.INTER_LINEAR
    return cv2.remap(part, *grid, how, borderMode=cv2.BORDER_REPLICATE)
