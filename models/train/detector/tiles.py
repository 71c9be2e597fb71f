"""Looks at a picture in tiles and merges what was found, in the spirit of the product.

The product's regions follow the site; here a plain grid stands for them, the same for every model:
the whole picture and overlapping squares. The merging rules are those of the product's `suppress`:
boxes cut off by a tile's inner edge go where another tile saw beyond it, whole boxes win over cut
ones, and a part inside a larger box goes where the tile of the larger one saw no object there.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from .crops import PAD
from .decode import Found, group_of, overlap, suppress
from .net import INPUT_PX

EDGE_PX = 4.0
PART_SHARE = 0.7
SEEN_PX_MIN = 24.0

Tile = tuple[int, int, int, int]
"""x, y, width, height in pixels of the picture."""


def grid(
    size: tuple[int, int], sides: list[int], share: float = 0.2, whole: bool = True
) -> list[Tile]:
    """Squares of each side that overlap by at least `share`, and the whole picture."""
    width, height = size
    found: list[Tile] = [(0, 0, width, height)] if whole else []
    for side in sides:
        side = min(side, max(width, height))
        for y in _starts(height, side, share):
            for x in _starts(width, side, share):
                found.append((x, y, min(side, width), min(side, height)))
    return list(dict.fromkeys(found))


def _starts(length: int, side: int, share: float) -> list[int]:
    if side >= length:
        return [0]
    count = int(np.ceil((length - side) / (side * (1 - share)) - 1e-9)) + 1
    return [int(round(v)) for v in np.linspace(0, length - side, count)]


def cut(
    picture: np.ndarray, tile: Tile, size_px: int = INPUT_PX
) -> tuple[np.ndarray, float]:
    """The tile as a net of that input sees it, uint8 [S, S, 3], and input pixels per picture pixel."""
    x, y, width, height = tile
    scale = size_px / max(width, height)
    size = (max(int(width * scale), 1), max(int(height * scale), 1))
    image = np.full((size_px, size_px, 3), PAD, np.uint8)
    image[: size[1], : size[0]] = cv2.resize(picture[y : y + height, x : x + width], size)
    return image, scale


@dataclass
class Look:
    """What one tile showed, boxes in pixels of the picture."""

    tile: Tile
    found: Found


def merge(looks: list[Look], size: tuple[int, int], nms_iou: float = 0.5) -> Found:
    """One box per object."""
    single = [suppress(look.found, nms_iou) for look in looks]
    boxes, scores, labels, owners, cuts = [], [], [], [], []
    for i, (box, score, label) in enumerate(single):
        edges = _cut_edges(box, looks[i].tile, size)
        gone = _seen_beyond(box, edges, i, looks, size)
        keep = ~(edges.any(1) & gone)
        boxes.append(box[keep])
        scores.append(score[keep])
        labels.append(label[keep])
        owners.append(np.full(int(keep.sum()), i))
        cuts.append(edges.any(1)[keep])
    box, score, label = np.concatenate(boxes), np.concatenate(scores), np.concatenate(labels)
    owner, was_cut = np.concatenate(owners), np.concatenate(cuts)
    order = np.lexsort((-score, was_cut))
    box, score, label = box[order], score[order].copy(), label[order].copy()
    owner, was_cut = owner[order], was_cut[order]
    iou, share = overlap(box, box)
    rivals = group_of(label)[:, None] == group_of(label)[None]
    kept = np.zeros(len(box), bool)
    for i in range(len(box)):
        meets = iou[i] > nms_iou
        if was_cut[i]:
            # What a cut box shows is at most a part of the object.
            meets |= share[i] > PART_SHARE
        near = np.flatnonzero(meets & kept & rivals[i] & (owner != owner[i]))
        if len(near) == 0:
            kept[i] = True
            continue
        other = near[iou[i, near].argmax()]
        if score[i] > score[other]:
            score[other], label[other] = score[i], label[i]
    area = (box[:, 2:] - box[:, :2]).prod(1)
    inside = (share > PART_SHARE) & (area[:, None] < area[None]) & kept[None] & kept[:, None]
    inside &= rivals & (owner[:, None] != owner[None])
    parts = np.zeros(len(box), bool)
    for i, k in zip(*np.nonzero(inside)):
        if not parts[i] and _visible(box[i : i + 1], looks[owner[k]].tile)[0]:
            theirs, _, classes = single[owner[k]]
            theirs = theirs[group_of(classes) == group_of(label[i])]
            parts[i] = not (overlap(box[i : i + 1], theirs)[0] > 0.5).any()
    whole = np.flatnonzero(kept & ~parts)
    whole = whole[np.argsort(-score[whole], kind="stable")]
    return box[whole], score[whole], label[whole]


def _cut_edges(box: np.ndarray, tile: Tile, size: tuple[int, int]) -> np.ndarray:
    """bool [n, 4]: cut by the tile's left, top, right, bottom edge; the picture's do not count."""
    x, y, width, height = tile
    return np.stack(
        (
            (x > 0) & (box[:, 0] < x + EDGE_PX),
            (y > 0) & (box[:, 1] < y + EDGE_PX),
            (x + width < size[0]) & (box[:, 2] > x + width - EDGE_PX),
            (y + height < size[1]) & (box[:, 3] > y + height - EDGE_PX),
        ),
        1,
    )


def _seen_beyond(
    box: np.ndarray, edges: np.ndarray, own: int, looks: list[Look], size: tuple[int, int]
) -> np.ndarray:
    """bool [n]: another tile covers the box and a quarter more beyond its cut edges, at a scale at
    which it would have seen it."""
    quarter = (box[:, 2:] - box[:, :2]) / 4 + EDGE_PX
    grown = box + np.concatenate((-quarter, quarter), 1) * edges
    grown = np.clip(grown, 0, np.array(size * 2))
    seen = np.zeros(len(box), bool)
    for i, look in enumerate(looks):
        if i != own:
            x, y, width, height = look.tile
            holds = (grown[:, :2] >= (x, y)).all(1) & (grown[:, 2:] <= (x + width, y + height)).all(
                1
            )
            seen |= holds & _visible(box, look.tile)
    return seen


def _visible(box: np.ndarray, tile: Tile) -> np.ndarray:
    return (box[:, 3] - box[:, 1]) * INPUT_PX / max(tile[2], tile[3]) >= SEEN_PX_MIN
