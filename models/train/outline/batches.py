"""Batches: windows off by as much as a tracker is, others pasted before and behind, light and sensor varied."""

from __future__ import annotations

import csv
from pathlib import Path

import cv2
import numpy as np
import torch
from torch import Tensor

from . import BACKGROUND, INPUT_PX, MARGIN, OTHER, OWN, STORED_MARGIN, STORED_PX

WINDOW_PX = STORED_PX * (0.5 + MARGIN) / (0.5 + STORED_MARGIN)
"""Side of the net's window in a stored crop."""

BOX_PX = STORED_PX / (1 + 2 * STORED_MARGIN)

SHIFT, STRETCH = 0.035, 0.05
"""Deviation of a tracker's box from the vehicle's: its middle as a share of the side, its side as a factor."""

KINDS = np.array([BACKGROUND, OWN, OTHER, OTHER], np.uint8)
"""From what is stored to what is learned: people and other vehicles are one."""


def read(folders: list[Path], most: int | None = None) -> list[np.ndarray]:
    """The scenes' crops, uint8 [n, 176, 176, 4] each, in order of their seeds.

    Raises ValueError for a file of another shape, and where there is none.
    """
    files = [file for folder in folders for file in folder.glob("scene-*.npy")]
    files.sort(key=lambda file: int(file.stem.split("-")[1]))
    scenes = [np.load(file) for file in files[:most]]
    for file, crops in zip(files, scenes):
        if crops.dtype != np.uint8 or crops.shape[1:] != (STORED_PX, STORED_PX, 4):
            raise ValueError(f"{file} holds {crops.dtype} {list(crops.shape)}")
    if not scenes:
        raise ValueError(f"no scene-*.npy in {', '.join(map(str, folders))}")
    return scenes


def classes(folders: list[Path]) -> list[str]:
    """The class of each crop, in the order of `read`."""
    rows = []
    for folder in folders:
        for file in folder.glob("crops-*.csv"):
            with open(file, newline="") as text:
                rows += [(int(row["scene"]), row["class"]) for row in csv.DictReader(text)]
    # Sorting is stable: within a scene the order stays.
    rows.sort(key=lambda row: row[0])
    return [name for _, name in rows]


def middle(crops: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The net's windows of stored crops, not varied: RGB [n, 128, 128, 3] and kinds [n, 128, 128]."""
    return _stack([_cut(crop, WINDOW_PX, WINDOW_PX, 0.0, 0.0, False) for crop in crops])


def _cut(crop: np.ndarray, w: float, h: float, dx: float, dy: float, mirrored: bool) -> tuple[np.ndarray, np.ndarray]:
    sx, sy = INPUT_PX / w, INPUT_PX / h
    centre, half = STORED_PX / 2 - 0.5, INPUT_PX / 2 - 0.5
    matrix = np.array([[sx, 0, half - sx * (centre + dx)], [0, sy, half - sy * (centre + dy)]])
    size, border = (INPUT_PX, INPUT_PX), cv2.BORDER_REPLICATE
    picture = cv2.warpAffine(np.ascontiguousarray(crop[..., :3]), matrix, size, flags=cv2.INTER_LINEAR, borderMode=border)
    kinds = cv2.warpAffine(np.ascontiguousarray(crop[..., 3]), matrix, size, flags=cv2.INTER_NEAREST, borderMode=border)
    if mirrored:
        picture, kinds = picture[:, ::-1], kinds[:, ::-1]
    return picture, KINDS[kinds]


def _stack(pairs: list[tuple[np.ndarray, np.ndarray]]) -> tuple[np.ndarray, np.ndarray]:
    return np.stack([p for p, _ in pairs]), np.stack([k for _, k in pairs])


class Batches:
    """Endless varied batches of crops."""

    def __init__(self, scenes: list[np.ndarray], seed: int, names: list[str] | None = None) -> None:
        self.crops = np.concatenate(scenes)
        self.rng = np.random.default_rng((seed, 5))
        # Crops in which others take more of the box are drawn more often.
        low = round((STORED_PX - BOX_PX) / 2)
        inside = self.crops[:, low : STORED_PX - low, low : STORED_PX - low, 3]
        others = (inside >= 2).mean((1, 2))
        weight = 0.5 + np.minimum(others * 4, 1.5)
        if names:
            # All classes alike, nearly: offenders are seen near, and those are often buses.
            known, index, count = np.unique(names[: len(weight)], return_inverse=True, return_counts=True)
            weight = weight / count[index] ** 0.8
        self.chance = np.cumsum(weight / weight.sum())
        self.with_people = np.flatnonzero((self.crops[..., 3] == 3).sum((1, 2)) > 60)

    def _pick(self) -> np.ndarray:
        at = np.searchsorted(self.chance, self.rng.random())
        return self.crops[min(int(at), len(self.crops) - 1)]

    def one(self) -> tuple[np.ndarray, np.ndarray]:
        """One window and its kinds."""
        rng = self.rng
        w, h = WINDOW_PX * np.exp(rng.normal(0, STRETCH, 2))
        dx, dy = BOX_PX * rng.normal(0, SHIFT, 2)
        picture, kinds = _cut(self._pick(), w, h, dx, dy, bool(rng.random() < 0.5))
        picture, kinds = picture.copy(), kinds.copy()
        if rng.random() < 0.3:
            self._paste(picture, kinds, people=bool(rng.random() < 0.5), before=True)
        if rng.random() < 0.2:
            self._paste(picture, kinds, people=False, before=False)
        return self._vary(picture), kinds

    def _paste(self, picture: np.ndarray, kinds: np.ndarray, people: bool, before: bool) -> None:
        """Another's road user over this picture, or only where nobody is."""
        rng = self.rng
        if people and len(self.with_people):
            crop, wanted = self.crops[rng.choice(self.with_people)], 3
        else:
            crop, wanted = self._pick(), 1
        if not people:
            # The whole vehicle or nothing: what was cut off by another looks like no vehicle.
            scale, spread = rng.uniform(0.6, 1.2), 0.75
        else:
            scale, spread = rng.uniform(0.5, 1.6), 0.5
        shift = rng.uniform(-spread, spread, 2) * INPUT_PX
        if before and not people:
            shift[1] = abs(shift[1])
        side = scale * INPUT_PX / STORED_PX
        mirror = -1.0 if rng.random() < 0.5 else 1.0
        centre = INPUT_PX / 2 + shift
        half = STORED_PX / 2
        matrix = np.array([[mirror * side, 0, centre[0] - mirror * side * half], [0, side, centre[1] - side * half]])
        size = (INPUT_PX, INPUT_PX)
        other = cv2.warpAffine(np.ascontiguousarray(crop[..., :3]), matrix, size, flags=cv2.INTER_AREA)
        mask = (np.ascontiguousarray(crop[..., 3]) == wanted).astype(np.float32)
        mask = cv2.warpAffine(mask, matrix, size, flags=cv2.INTER_LINEAR)
        if not before:
            mask = mask * (kinds == BACKGROUND)
        # Light of this picture, roughly.
        gain = np.clip((picture.mean() + 8) / (other[mask > 0.5].mean() + 8) if (mask > 0.5).any() else 1, 0.6, 1.6)
        gain = gain ** rng.uniform(0, 1)
        soft = mask[..., None]
        picture[:] = np.clip(picture * (1 - soft) + other * gain * soft, 0, 255).astype(np.uint8)
        kinds[mask > 0.5] = OTHER

    def _vary(self, picture: np.ndarray) -> np.ndarray:
        rng = self.rng
        if rng.random() < 0.3:
            side = int(INPUT_PX * rng.uniform(0.3, 0.9))
            small = cv2.resize(picture, (side, side), interpolation=cv2.INTER_AREA)
            picture = cv2.resize(small, (INPUT_PX, INPUT_PX), interpolation=cv2.INTER_LINEAR)
        if rng.random() < 0.3:
            quality = [cv2.IMWRITE_JPEG_QUALITY, int(rng.integers(25, 80))]
            picture = cv2.imdecode(cv2.imencode(".jpg", picture, quality)[1], cv2.IMREAD_COLOR)
        levels = np.arange(256, dtype=np.float32) / 255
        gamma, gain = np.exp(rng.normal(0, 0.2)), np.exp(rng.normal(0, 0.15))
        tint = np.exp(rng.normal(0, 0.05, 3))
        tables = [np.clip(levels**gamma * gain * t * 255 + rng.normal(0, 4), 0, 255) for t in tint]
        table = np.stack(tables, 1).astype(np.uint8)[None]
        picture = cv2.LUT(np.ascontiguousarray(picture), table)
        if rng.random() < 0.4:
            noise = rng.standard_normal(picture.shape, np.float32) * rng.uniform(1, 7)
            picture = np.clip(picture + noise, 0, 255).astype(np.uint8)
        return picture

    def batch(self, count: int) -> tuple[Tensor, Tensor]:
        """Images [count, 3, 128, 128], BGR, 0 to 255, and kinds [count, 128, 128]."""
        pictures, kinds = _stack([self.one() for _ in range(count)])
        return to_tensor(pictures), torch.from_numpy(kinds.astype(np.int64))


def to_tensor(pictures: np.ndarray) -> Tensor:
    """RGB bytes [n, h, w, 3] to BGR [n, 3, h, w]."""
    planes = np.ascontiguousarray(pictures[..., ::-1].transpose(0, 3, 1, 2))
    return torch.from_numpy(planes).float().contiguous(memory_format=torch.channels_last)
