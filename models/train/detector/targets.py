"""What the net should answer for a crop (TTFNet, Liu et al. 2020, at stride 8).

Each box lights an ellipse in its middle: a Gaussian that fills 0.54 of the box. The heat of the
cell that holds the centre is 1; its neighbours are punished less the nearer they are. Every cell of
the ellipse learns the box, weighted by the Gaussian and by the logarithm of the area.

Unlike the original the Gaussian is centred on the exact point, not on the cell: at stride 8 a small
box that straddles two cells would otherwise punish the one for what the other must say.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .net import CLASSES, STRIDE

MIDDLE = 0.54
"""Share of the box that the ellipse fills."""

HEIGHT_MIN_PX = 6.0
"""Boxes lower than this at the input are ignored."""

VISIBLE_MIN = 0.25
"""Boxes less visible than this are ignored."""

SIGMA_MIN = 0.4
"""Least width of the Gaussian, cells."""

CHANNELS = len(CLASSES) + 8 + 2
"""Channels of the packed target: heat 6, distances 8, weight of the box, weight of the heat."""

HEAT = slice(0, len(CLASSES))
DISTANCES = slice(len(CLASSES), len(CLASSES) + 8)
BOX_WEIGHT = len(CLASSES) + 8
HEAT_WEIGHT = len(CLASSES) + 9


@dataclass
class CropBoxes:
    """Boxes in pixels of the crop."""

    label: np.ndarray
    """int [n]."""
    modal: np.ndarray
    """float32 [n, 4], clipped to the crop."""
    amodal: np.ndarray
    """float32 [n, 4]."""
    ignored: np.ndarray
    """float32 [m, 4], regions that count neither way."""


def draw(boxes: CropBoxes, size_px: int, out: np.ndarray) -> None:
    """Fills `out`, float32 [CHANNELS, size/8, size/8]."""
    cells = size_px // STRIDE
    out.fill(0.0)
    out[HEAT_WEIGHT] = 1.0
    for x0, y0, x1, y1 in boxes.ignored / STRIDE:
        rows = slice(max(int(np.floor(y0)), 0), max(int(np.ceil(y1)), 0))
        columns = slice(max(int(np.floor(x0)), 0), max(int(np.ceil(x1)), 0))
        out[HEAT_WEIGHT, rows, columns] = 0.0
    if len(boxes.label) == 0:
        return
    modal = boxes.modal
    extent = np.maximum(modal[:, 2:] - modal[:, :2], 1.0)
    area = extent[:, 0] * extent[:, 1]
    centre = (modal[:, :2] + modal[:, 2:]) / (2 * STRIDE)
    at = np.clip(np.floor(centre).astype(int), 0, cells - 1)
    # Three sigmas to the rim of the ellipse.
    sigma = np.maximum((extent / STRIDE * MIDDLE + 1.0) / 6.0, SIGMA_MIN)
    reach = np.floor(extent / STRIDE * MIDDLE / 2 + 1e-4).astype(int)
    middles = np.arange(cells, dtype=np.float32) + 0.5
    # Largest first: where ellipses overlap the smaller box has the last word.
    for i in np.argsort(-area, kind="stable"):
        (column, row), (rx, ry) = at[i], reach[i]
        x = slice(max(column - rx - 1, 0), min(column + rx + 2, cells))
        y = slice(max(row - ry - 1, 0), min(row + ry + 2, cells))
        gx = np.exp(-0.5 * ((middles[x] - centre[i, 0]) / sigma[i, 0]) ** 2)
        gy = np.exp(-0.5 * ((middles[y] - centre[i, 1]) / sigma[i, 1]) ** 2)
        gauss = np.minimum(np.outer(gy, gx), 0.99)
        gauss[row - y.start, column - x.start] = 1.0
        heat = out[boxes.label[i], y, x]
        np.maximum(heat, gauss, out=heat)
        # The box is learnt only within the ellipse's own reach, not by the ring around it.
        x0, x1 = max(column - rx, 0), min(column + rx + 1, cells)
        y0, y1 = max(row - ry, 0), min(row + ry + 1, cells)
        own = gauss[y0 - y.start : y1 - y.start, x0 - x.start : x1 - x.start]
        out[BOX_WEIGHT, y0:y1, x0:x1] = own * (np.log(area[i]) / own.sum())
        px, py = middles[x0:x1] * STRIDE, middles[y0:y1, None] * STRIDE
        target = out[DISTANCES, y0:y1, x0:x1]
        for k, box in ((0, modal[i]), (4, boxes.amodal[i])):
            target[k] = px - box[0]
            target[k + 1] = py - box[1]
            target[k + 2] = box[2] - px
            target[k + 3] = box[3] - py
