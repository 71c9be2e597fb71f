"""Random training crops of a dataset.

Half of the crops choose an object (rare classes and small sizes first) and a size at which the
net shall see it; the others choose a window of any size, or the whole picture. A window is what the
product calls a region: it lies inside the picture unless the picture is smaller, is scaled into the
top left of the input, and the rest is grey.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from .augment import Rng, augment
from .dataset import IGNORE, Boxes, Dataset
from .net import CLASSES
from .targets import HEIGHT_MIN_PX, VISIBLE_MIN, CropBoxes

PAD = 114
"""Grey of the letterbox."""

CLASS_SHARE = (0.24, 0.19, 0.15, 0.14, 0.12, 0.16)
"""How often each class is the chosen one, in the order of CLASSES."""

TARGET_PX = (14.0, 160.0)
"""Height at the input of the chosen object, log-uniform."""

ENLARGE_MAX = 2.5
"""Most that a picture is enlarged: beyond it there is nothing to see."""

KEPT_MIN = 0.2
"""Share of a box that must stay inside the window; else it is ignored."""


@dataclass(frozen=True)
class Mix:
    """How crops are chosen; shares, the rest are random windows."""

    objects: float = 0.5
    whole: float = 0.07
    augment: bool = True


class Cropper:
    """Draws crops from one or several datasets, each frame as likely as any other."""

    def __init__(self, datasets: list[Dataset], mix: Mix | None = None) -> None:
        self.datasets, self.mix = datasets, mix or Mix()
        self.refresh()

    def refresh(self) -> int:
        """Takes in frames written since; returns how many there are."""
        self._counts = [dataset.refresh() for dataset in self.datasets]
        by_class: list[list[tuple[int, int, int]]] = [[] for _ in CLASSES]
        for d, dataset in enumerate(self.datasets):
            for f, boxes in enumerate(dataset.boxes):
                height = boxes.modal[:, 3] - boxes.modal[:, 1]
                good = (boxes.label != IGNORE) & (boxes.visible >= VISIBLE_MIN) & (height >= 6)
                for b in np.flatnonzero(good):
                    by_class[boxes.label[b]].append((d, f, b))
        self._by_class = [np.array(chosen) for chosen in by_class]
        share = np.array([s if c else 0.0 for s, c in zip(CLASS_SHARE, by_class)])
        self._share = share / share.sum() if share.sum() > 0 else None
        return sum(self._counts)

    def counts(self) -> dict[str, int]:
        """Usable boxes of each class."""
        return {name: len(found) for name, found in zip(CLASSES, self._by_class)}

    def draw(self, size_px: int, rng: Rng) -> tuple[np.ndarray, CropBoxes]:
        """BGR uint8 [size, size, 3] and its boxes."""
        kind = rng.random()
        if kind < self.mix.objects and self._share is not None:
            label = rng.choice(len(CLASSES), p=self._share)
            rows = self._by_class[label]
            d, f, b = rows[rng.integers(len(rows))]
            dataset = self.datasets[d]
            window = around(dataset.boxes[f].modal[b], dataset.size, size_px, rng)
        else:
            at = int(rng.integers(sum(self._counts)))
            d = int(np.searchsorted(np.cumsum(self._counts), at, side="right"))
            f, dataset = at - sum(self._counts[:d]), self.datasets[d]
            whole = kind > 1 - self.mix.whole
            window = (0.0, 0.0, *dataset.size) if whole else anywhere(dataset.size, size_px, rng)
        return self.cut(d, f, window, size_px, rng)

    def cut(
        self, d: int, f: int, window: tuple[float, ...], size_px: int, rng: Rng
    ) -> tuple[np.ndarray, CropBoxes]:
        """The window (x, y, width, height in pixels of the picture) of frame `f`."""
        dataset = self.datasets[d]
        stretch = float(np.exp(rng.uniform(-0.14, 0.14))) if rng.random() < 0.3 else 1.0
        image, scale, origin = letterbox(dataset.frame(f), window, size_px, stretch, rng)
        boxes = place(dataset.boxes[f], origin, scale, image.shape[:2])
        if rng.random() < 0.5:
            image, boxes = flip(image, boxes)
        image = cv2.cvtColor(image, cv2.COLOR_RGB2BGR)
        if self.mix.augment:
            image = augment(image, boxes, rng)
        if image.shape[:2] != (size_px, size_px):
            padded = np.full((size_px, size_px, 3), PAD, np.uint8)
            padded[: image.shape[0], : image.shape[1]] = image
            image = padded
        return image, boxes


def around(box: np.ndarray, size: tuple[int, int], size_px: int, rng: Rng) -> tuple[float, ...]:
    """A square window that shows the box at a height drawn from TARGET_PX."""
    height = max(float(box[3] - box[1]), 1.0)
    low = min(TARGET_PX[0], height)
    high = max(min(TARGET_PX[1], height * ENLARGE_MAX, size_px * 0.8), low * 1.01)
    # Never so small that the window would be far larger than the picture.
    low = min(max(low, height * size_px / (1.15 * max(size))), high)
    scale = np.exp(rng.uniform(np.log(low), np.log(high))) / height
    side = size_px / scale
    x = (box[0] + box[2]) / 2 - side * rng.uniform(0.08, 0.92)
    y = (box[1] + box[3]) / 2 - side * rng.uniform(0.08, 0.92)
    return inside(x, y, side, side, size)


def anywhere(size: tuple[int, int], size_px: int, rng: Rng) -> tuple[float, ...]:
    """A window of any scale; a fifth are wider than high, as regions of the product may be."""
    low, high = size_px / 2.2, max(size)
    side = float(np.exp(rng.uniform(np.log(min(low, high)), np.log(high))))
    height = side * rng.uniform(0.5, 1.0) if rng.random() < 0.2 else side
    x, y = rng.uniform(0, max(size[0] - side, 1)), rng.uniform(0, max(size[1] - height, 1))
    return inside(x, y, side, height, size)


def inside(x: float, y: float, width: float, height: float, size: tuple[int, int]) -> tuple:
    """The window moved into the picture; what is larger than it starts at its top left."""
    x = min(max(x, 0.0), max(size[0] - width, 0.0))
    y = min(max(y, 0.0), max(size[1] - height, 0.0))
    return x, y, width, height


def letterbox(
    picture: np.ndarray, window: tuple[float, ...], size_px: int, stretch: float, rng: Rng | None
) -> tuple[np.ndarray, tuple[float, float], tuple[int, int]]:
    """The window's pixels at the net's scale: (image, (scale x, y), (origin x, y)).

    The image is at most `size_px` on each side; the caller pads it.
    """
    x0, y0 = int(round(window[0])), int(round(window[1]))
    x1 = min(int(round(window[0] + window[2])), picture.shape[1])
    y1 = min(int(round(window[1] + window[3])), picture.shape[0])
    part = picture[y0:y1, x0:x1]
    scale = size_px / max(window[2], window[3])
    width = min(max(int(round((x1 - x0) * scale)), 8), size_px)
    height = min(max(int(round((y1 - y0) * scale)), 8), size_px)
    if stretch > 1:
        height = max(int(height / stretch), 8)
    elif stretch < 1:
        width = max(int(width * stretch), 8)
    kind = rng.random() if rng is not None else 0.0
    shrinks = scale < 0.95
    method = cv2.INTER_LINEAR
    if kind > 0.7:
        method = cv2.INTER_AREA if shrinks else cv2.INTER_CUBIC
    image = cv2.resize(part, (width, height), interpolation=method)
    return image, (width / (x1 - x0), height / (y1 - y0)), (x0, y0)


def place(
    boxes: Boxes, origin: tuple[int, int], scale: tuple[float, float], shape: tuple[int, int]
) -> CropBoxes:
    """The boxes in pixels of the crop; decides which are learnt and which are ignored."""
    shift, factor = np.array(origin * 2, np.float32), np.array(scale * 2, np.float32)
    modal, amodal = (boxes.modal - shift) * factor, (boxes.amodal - shift) * factor
    limit = np.array((shape[1], shape[0]) * 2, np.float32)
    clipped = np.clip(modal, 0, limit)
    extent = clipped[:, 2:] - clipped[:, :2]
    full = np.maximum((modal[:, 2:] - modal[:, :2]).prod(1), 1e-3)
    seen = extent.min(1, initial=np.inf) > 0.5
    learnt = (
        seen
        & (boxes.label != IGNORE)
        & (boxes.visible >= VISIBLE_MIN)
        & (extent[:, 1] >= HEIGHT_MIN_PX)
        & (extent[:, 0] >= HEIGHT_MIN_PX / 2)
        & (extent.prod(1) >= KEPT_MIN * full)
    )
    return CropBoxes(boxes.label[learnt], clipped[learnt], amodal[learnt], clipped[seen & ~learnt])


def flip(image: np.ndarray, boxes: CropBoxes) -> tuple[np.ndarray, CropBoxes]:
    """Left and right exchanged."""
    width = image.shape[1]

    def mirror(box: np.ndarray) -> np.ndarray:
        return np.stack((width - box[:, 2], box[:, 1], width - box[:, 0], box[:, 3]), 1)

    boxes = CropBoxes(boxes.label, *(mirror(b) for b in (boxes.modal, boxes.amodal, boxes.ignored)))
    return cv2.flip(image, 1), boxes
