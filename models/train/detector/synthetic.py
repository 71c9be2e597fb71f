"""A tiny dataset of coloured rectangles in the renderer's format, for tests and first runs."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np

from .net import CLASSES

COLOURS = {
    "car": (210, 40, 40),
    "truck": (40, 200, 60),
    "bus": (50, 70, 220),
    "motorcycle": (220, 210, 40),
    "bicycle": (40, 210, 210),
    "person": (200, 50, 210),
}
ASPECT = {"car": 1.5, "truck": 1.2, "bus": 1.8, "motorcycle": 0.6, "bicycle": 0.5, "person": 0.35}
"""Width by height."""


def write(folder: Path, frames: int, seed: int, size: tuple[int, int] = (480, 270)) -> None:
    """Writes `frames` pictures of `size` (width, height) with up to eight rectangles each."""
    rng = np.random.default_rng(seed)
    folder.mkdir(parents=True, exist_ok=True)
    width, height = size
    pixels = np.empty((frames, height, width, 3), np.uint8)
    rows: list[list] = []
    for frame in range(frames):
        noise = rng.integers(0, 40, (height // 10 + 1, width // 10 + 1, 3))
        ground = np.kron(noise, np.ones((10, 10, 1)))[:height, :width] + rng.integers(60, 120)
        pixels[frame] = ground.astype(np.uint8)
        taken: list[tuple[int, int, int, int]] = []
        for number in range(int(rng.integers(2, 9))):
            name = CLASSES[rng.integers(len(CLASSES))]
            h = int(np.exp(rng.uniform(np.log(14), np.log(90))))
            w = max(int(h * ASPECT[name]), 6)
            x0, y0 = int(rng.integers(0, width - w)), int(rng.integers(0, height - h))
            box = (x0, y0, x0 + w, y0 + h)
            if any(x0 < b[2] and b[0] < box[2] and y0 < b[3] and b[1] < box[3] for b in taken):
                continue
            taken.append(box)
            colour = np.clip(np.array(COLOURS[name]) + rng.integers(-30, 31, 3), 0, 255)
            pixels[frame, y0 : box[3], x0 : box[2]] = colour
            rows.append([frame, number, name, *box, *box, 1.0])
    np.save(folder / "frames.npy", pixels)
    with open(folder / "frames.csv", "w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["frame", "world", "light", "fov_deg", "height_m"])
        lights = ("day", "night")
        writer.writerows([f, f // 8, lights[f % 2], 60.0, 6.0] for f in range(frames))
    with open(folder / "boxes.csv", "w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow("frame object class x0 y0 x1 y1 ax0 ay0 ax1 ay1 visible".split())
        writer.writerows(rows)
