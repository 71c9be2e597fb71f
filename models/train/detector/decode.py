"""Turns a net's answer into boxes, in numpy and as the product does in Rust."""

from __future__ import annotations

import numpy as np

from .net import CLASSES, STRIDE

FOUND_MAX = 300
"""The most boxes of one tile."""

COCO = {2: 0, 7: 1, 5: 2, 3: 3, 1: 4, 0: 5}
"""COCO's class numbers to indexes of CLASSES."""

Found = tuple[np.ndarray, np.ndarray, np.ndarray]
"""Boxes float32 [n, 4] (x0 y0 x1 y1, input pixels), scores [n], labels [n]."""


def ttfnet(heat: np.ndarray, boxes: np.ndarray, score_min: float) -> Found:
    """Heat [6, s, s] after the sigmoid and distances [8, s, s] of one tile; modal boxes."""
    classes, rows, columns = heat.shape
    padded = np.full((classes, rows + 2, columns + 2), -1.0, heat.dtype)
    padded[:, 1:-1, 1:-1] = heat
    # Separable 3x3 maximum.
    across = np.maximum(np.maximum(padded[:, :, :-2], padded[:, :, 2:]), padded[:, :, 1:-1])
    around = np.maximum(np.maximum(across[:, :-2], across[:, 2:]), across[:, 1:-1])
    label, row, column = np.nonzero((heat >= around) & (heat > score_min))
    score = heat[label, row, column]
    order = np.argsort(-score, kind="stable")[:FOUND_MAX]
    label, row, column, score = label[order], row[order], column[order], score[order]
    x, y = (column + 0.5) * STRIDE, (row + 0.5) * STRIDE
    left, top, right, bottom = boxes[:4, row, column]
    box = np.stack((x - left, y - top, x + right, y + bottom), 1)
    return box.astype(np.float32), score.astype(np.float32), label


def yolox(answer: np.ndarray, size_px: int, score_min: float) -> Found:
    """Undecoded YOLOX output [cells, 85] of one tile, COCO classes; others are dropped."""
    grid, stride = [], []
    for step in (8, 16, 32):
        cells = size_px // step
        y, x = np.mgrid[:cells, :cells]
        grid.append(np.stack((x, y), -1).reshape(-1, 2))
        stride.append(np.full((cells * cells, 1), step))
    numbers = list(COCO)
    scores = answer[:, 4:5] * answer[:, [5 + n for n in numbers]]
    best = scores.argmax(1)
    score = scores[np.arange(len(scores)), best]
    # A cell whose best class is one that Wayside does not know says something else.
    other = np.delete(answer[:, 5:], numbers, axis=1).max(1) * answer[:, 4]
    keep = (score > score_min) & (score >= other)
    steps = np.concatenate(stride)[keep]
    centre = (answer[keep, :2] + np.concatenate(grid)[keep]) * steps
    half = np.exp(answer[keep, 2:4]) * steps / 2
    label = np.array([COCO[n] for n in numbers])[best[keep]]
    box = np.concatenate((centre - half, centre + half), 1)
    return box.astype(np.float32), score[keep], label


def overlap(a: np.ndarray, b: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """IoU [n, m] of boxes [n, 4] and [m, 4], and the share of each `a` inside each `b`."""
    low, high = np.maximum(a[:, None, :2], b[None, :, :2]), np.minimum(
        a[:, None, 2:], b[None, :, 2:]
    )
    both = np.clip(high - low, 0, None).prod(2)
    area_a = np.clip(a[:, 2:] - a[:, :2], 0, None).prod(1)[:, None]
    area_b = np.clip(b[:, 2:] - b[:, :2], 0, None).prod(1)[None]
    return both / np.maximum(area_a + area_b - both, 1e-6), both / np.maximum(area_a, 1e-6)


_GROUPS = np.array([0, 0, 0, 0, 1, 2])


def group_of(label: np.ndarray) -> np.ndarray:
    """Classes that compete for one object: motor vehicles 0, bicycles 1, people 2."""
    return _GROUPS[label]


assert len(CLASSES) == 6


def suppress(found: Found, iou_max: float = 0.5) -> Found:
    """Greedy suppression within one tile among classes that compete."""
    box, score, label = found
    order = np.argsort(-score, kind="stable")[:FOUND_MAX]
    box, score, label = box[order], score[order], label[order]
    iou = overlap(box, box)[0]
    iou[group_of(label)[:, None] != group_of(label)[None]] = 0.0
    taken = np.zeros(len(box), bool)
    for i in range(len(box)):
        if not taken[i]:
            taken[i + 1 :] |= iou[i, i + 1 :] > iou_max
    return box[~taken], score[~taken], label[~taken]
