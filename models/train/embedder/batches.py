"""Batches of pairs: the same vehicle seen by both cameras, among vehicles that look like it."""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional as F

from . import INPUT_PX, STORED_PX
from .data import Crops

ALIKE = 24
"""Vehicles kept as most like one."""

GROUP = 8
"""Vehicles of a batch that are drawn together because they look alike."""


class Pairs:
    """Draws batches; knows for each vehicle which others of the same light look like it."""

    def __init__(self, crops: Crops) -> None:
        self.crops = crops
        self.numbers = np.unique(crops.identity)
        self.views = [
            [np.nonzero((crops.identity == n) & (crops.camera == c))[0] for c in (0, 1)]
            for n in self.numbers
        ]
        first = np.array([views[0][0] for views in self.views])
        self.light = crops.light[first]
        self.class_number = crops.class_number[first]
        look = np.cbrt(crops.paint[first])
        self.alike = self._alike(np.c_[look * 4, np.eye(4)[self.class_number]])

    def _alike(self, look: np.ndarray) -> np.ndarray:
        """For each vehicle the nearest others in `look` [V, D] under the same light."""
        look = look.astype(np.float32)
        square = (look**2).sum(1)
        alike = np.empty((len(look), ALIKE), np.int64)
        for start in range(0, len(look), 512):
            part = slice(start, start + 512)
            far = square[None] - 2 * look[part] @ look.T
            far[self.light[part, None] != self.light[None]] += 1e6
            far[np.arange(len(far)), np.arange(start, start + len(far))] = np.inf
            if len(look) <= ALIKE:
                order = np.argsort(far, 1)
                alike[part] = np.resize(order[:, : max(len(look) - 1, 1)], (len(far), ALIKE))
            else:
                alike[part] = np.argpartition(far, ALIKE, 1)[:, :ALIKE]
        return alike

    def remember(self, vectors: np.ndarray) -> None:
        """Takes what the net finds alike, from the vectors of all crops [N, D]."""
        mean = np.stack([vectors[np.concatenate(views)].mean(0) for views in self.views])
        self.alike = self._alike(mean / np.linalg.norm(mean, axis=1, keepdims=True))

    def draw(self, rng: np.random.Generator, vehicles: int) -> np.ndarray:
        """Numbers of crops [2, vehicles], a row a camera: groups of vehicles that look alike, none
        twice."""
        vehicles = min(vehicles, len(self.views))
        chosen: dict[int, None] = {}
        while len(chosen) < vehicles:
            seed = int(rng.integers(len(self.views)))
            group = [seed, *rng.choice(self.alike[seed], GROUP - 1, replace=False).tolist()]
            chosen.update(dict.fromkeys(group))
        picked = list(chosen)[:vehicles]
        return np.array(
            [[rng.choice(self.views[who][camera]) for who in picked] for camera in (0, 1)]
        )

    def batch(self, rng: np.random.Generator, vehicles: int) -> Tensor:
        """Spoilt images float32 [2 * vehicles, 3, 64, 64] BGR 0 to 255: camera 0's, then 1's."""
        numbers = self.draw(rng, vehicles)
        images = to_tensor(self.crops.pixels[numbers.reshape(-1)])
        return spoil(images, rng)


def to_tensor(pixels: np.ndarray) -> Tensor:
    """uint8 [N, S, S, 3] RGB to float32 [N, 3, S, S] BGR in channels-last order."""
    images = torch.from_numpy(np.ascontiguousarray(pixels[..., ::-1])).permute(0, 3, 1, 2)
    return images.float()


def middle(images: Tensor) -> Tensor:
    """The middle 64 x 64 of stored crops: what the product cuts."""
    rim = (STORED_PX - INPUT_PX) // 2
    return images[:, :, rim : rim + INPUT_PX, rim : rim + INPUT_PX]


def spoil(images: Tensor, rng: np.random.Generator) -> Tensor:
    """Jitter of place, size and colour for each view; mirror images and exchanged colour channels
    for both views of a vehicle alike, which makes other vehicles of them."""
    count = len(images)
    half = count // 2
    both = lambda values: np.tile(values, 2)  # noqa: E731
    mirror = both(np.where(rng.random(half) < 0.5, -1.0, 1.0))
    zoom = rng.uniform(0.9, 1.06, (count, 2)) * INPUT_PX / STORED_PX
    shift = rng.uniform(-0.06, 0.06, (count, 2))
    theta = np.zeros((count, 2, 3), np.float32)
    theta[:, 0, 0], theta[:, 1, 1] = zoom[:, 0] * mirror, zoom[:, 1]
    theta[:, :, 2] = shift
    grid = F.affine_grid(
        torch.from_numpy(theta), [count, 3, INPUT_PX, INPUT_PX], align_corners=False
    )
    out = F.grid_sample(images, grid, padding_mode="border", align_corners=False)
    order = np.tile(np.arange(3), (half, 1))
    for row in np.nonzero(rng.random(half) < 0.2)[0]:
        order[row] = rng.permutation(3)
    rows = torch.arange(count)[:, None]
    out = out[rows, torch.from_numpy(np.tile(order, (2, 1)))]
    gain = np.exp(rng.normal(0, 0.1, (count, 1)) + rng.normal(0, 0.04, (count, 3)))
    lift = rng.normal(0, 6, (count, 1)) + rng.normal(0, 2, (count, 3))
    as_planes = lambda values: torch.from_numpy(values.astype(np.float32))[..., None, None]  # noqa: E731
    out = (out * as_planes(gain) + as_planes(lift)).clamp_(0, 255)
    for row in np.nonzero(rng.random(count) < 0.3)[0]:
        high, wide = rng.integers(6, 26, 2)
        y, x = rng.integers(0, INPUT_PX - high), rng.integers(0, INPUT_PX - wide)
        out[row, :, y : y + high, x : x + wide] = float(rng.uniform(0, 255))
    return out.contiguous(memory_format=torch.channels_last)
