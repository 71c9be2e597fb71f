"""The loss: focal heat (CornerNet, Law and Deng 2018) and weighted GIoU for both boxes."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn.functional import logsigmoid

from .targets import BOX_WEIGHT, DISTANCES, HEAT, HEAT_WEIGHT

BOX_SHARE = 5.0
"""Weight of the modal boxes against the heat, as in TTFNet."""

AMODAL_SHARE = 2.5
"""Weight of the amodal boxes: they are half guesswork."""


@dataclass
class Losses:
    """Scalars of one batch."""

    heat: Tensor
    modal: Tensor
    amodal: Tensor

    def total(self) -> Tensor:
        """What is minimised."""
        return self.heat + BOX_SHARE * self.modal + AMODAL_SHARE * self.amodal


def losses(logits: Tensor, logs: Tensor, target: Tensor) -> Losses:
    """Logits [N, 6, s, s], log distances [N, 8, s, s], packed target [N, CHANNELS, s, s]."""
    heat = _focal(logits, target[:, HEAT], target[:, HEAT_WEIGHT : HEAT_WEIGHT + 1])
    weight = target[:, BOX_WEIGHT]
    chosen = weight > 0
    weight = weight[chosen]
    total = weight.sum().clamp(min=1.0)
    got = logs.permute(0, 2, 3, 1)[chosen].exp()
    want = target[:, DISTANCES].permute(0, 2, 3, 1)[chosen]
    modal = ((1 - giou(got[:, :4], want[:, :4])) * weight).sum() / total
    amodal = ((1 - giou(got[:, 4:], want[:, 4:])) * weight).sum() / total
    return Losses(heat, modal, amodal)


def _focal(logits: Tensor, want: Tensor, weight: Tensor) -> Tensor:
    """A centre always counts; other cells count unless they are ignored."""
    score = torch.sigmoid(logits)
    centre = want == 1.0
    hit = (logsigmoid(logits) * (1 - score) ** 2)[centre].sum()
    miss = logsigmoid(-logits) * score**2 * (1 - want) ** 4 * weight
    miss = miss.sum() - miss[centre].sum()
    return -(hit + miss) / centre.sum().clamp(min=1)


def giou(a: Tensor, b: Tensor) -> Tensor:
    """Generalised overlap of boxes given as distances left, top, right, bottom from one point.

    [n, 4] each to [n], -1 to 1. `a` is positive; `b` may be negative where the point lies outside.
    """
    low, high = torch.minimum(a, b), torch.maximum(a, b)
    both = (low[:, 0] + low[:, 2]).clamp(min=0) * (low[:, 1] + low[:, 3]).clamp(min=0)
    area_a = (a[:, 0] + a[:, 2]) * (a[:, 1] + a[:, 3])
    area_b = (b[:, 0] + b[:, 2]).clamp(min=0) * (b[:, 1] + b[:, 3]).clamp(min=0)
    either = area_a + area_b - both + 1e-6
    hull = (high[:, 0] + high[:, 2]) * (high[:, 1] + high[:, 3]) + 1e-6
    return both / either - (hull - either) / hull
