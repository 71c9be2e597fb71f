"""A tiny clip of one red rectangle that drives and stands, and what the product would see in it."""

from __future__ import annotations

import sys
from pathlib import Path

import cv2
import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from specialise.observations import Seen, Track  # noqa: E402

SIZE, FPS, FRAMES = (320, 180), 10, 80
START_US = 1_780_297_200_000_000
SITE = """[site]
id = "Elm Street"
start = "2026-06-01T06:59:59Z"
[[camera]]
id = "pole"
offset_s = 1.0
"""


def place(frame: int) -> np.ndarray:
    """The rectangle drives for three seconds out of four."""
    step = min(frame % 40, 30)
    return np.array((20 + 6 * step, 60, 80 + 6 * step, 100), np.float32)


def track(box, number=1, label=0, score=0.8, measured=True) -> Track:
    return Track(number, label, score, np.array(box, np.float32), measured)


def clip(path: Path, frames: int = FRAMES) -> None:
    video = cv2.VideoWriter(str(path), cv2.VideoWriter_fourcc(*"mp4v"), FPS, SIZE)
    assert video.isOpened()
    for number in range(frames):
        picture = np.full((SIZE[1], SIZE[0], 3), 90, np.uint8)
        x0, y0, x1, y1 = place(number).astype(int)
        picture[y0:y1, x0:x1] = (30, 30, 220)
        video.write(picture)
    video.release()


def seen(frames: int = FRAMES) -> list[Seen]:
    return [Seen(START_US + n * 1_000_000 // FPS, [track(place(n))]) for n in range(frames)]
