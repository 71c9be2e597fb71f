"""The net: plain convolutions with batch norm and ReLU, 64 x 64 in, 64 numbers of unit length out."""

from __future__ import annotations

from dataclasses import asdict, dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from . import INPUT_PX

DIMENSIONS = 64
"""Length of the vector."""


@dataclass(frozen=True)
class Shape:
    """Widths of the net; stored with the weights."""

    widths: tuple[int, ...] = (16, 32, 64, 96, 112)

    def to_dict(self) -> dict:
        """A plain dictionary for a checkpoint."""
        return asdict(self)

    @staticmethod
    def from_dict(values: dict) -> "Shape":
        """The inverse of `to_dict`."""
        return Shape(widths=tuple(values["widths"]))


def block(inputs: int, outputs: int, stride: int = 1) -> nn.Sequential:
    """3x3 convolution without bias, batch norm, ReLU."""
    return nn.Sequential(
        nn.Conv2d(inputs, outputs, 3, stride, 1, bias=False),
        nn.BatchNorm2d(outputs, momentum=0.05),
        nn.ReLU(inplace=True),
    )


class Net(nn.Module):
    """Images [N, 3, 64, 64], BGR, 0 to 255, to vectors [N, 64] of unit length.

    The last stage (4 x 4) is read by a weight per place instead of a mean over places: where a
    colour is on the vehicle matters.
    """

    def __init__(self, shape: Shape | None = None) -> None:
        super().__init__()
        self.shape = shape = shape or Shape()
        w = shape.widths
        self.body = nn.Sequential(
            block(3, w[0], 2),
            block(w[0], w[1], 2),
            block(w[1], w[2]),
            block(w[2], w[3], 2),
            block(w[3], w[3]),
            block(w[3], w[4], 2),
            block(w[4], w[4]),
        )
        self.narrow = nn.Sequential(
            nn.Conv2d(w[4], 64, 1, bias=False), nn.BatchNorm2d(64, momentum=0.05), nn.ReLU()
        )
        last = INPUT_PX // 16
        self.head = nn.Linear(64 * last * last + w[4], DIMENSIONS)
        for module in self.modules():
            if isinstance(module, nn.Conv2d):
                nn.init.kaiming_normal_(module.weight, mode="fan_out", nonlinearity="relu")

    def forward(self, images: Tensor) -> Tensor:
        """[N, 3, 64, 64] to [N, 64]."""
        x = self.body(images * (1.0 / 127.5) - 1.0)
        places = self.narrow(x).flatten(1)
        vector = self.head(torch.cat((places, x.mean((2, 3))), 1))
        return F.normalize(vector.float(), dim=1)


def parameters(net: nn.Module) -> int:
    """Number of trainable values."""
    return sum(p.numel() for p in net.parameters())


def load(path: str) -> tuple[Net, dict]:
    """A net from a checkpoint that `fit` wrote, ready to judge, and the checkpoint."""
    state = torch.load(path, map_location="cpu")
    if not isinstance(state, dict) or "net" not in state or "shape" not in state:
        raise ValueError(f"{path} is no checkpoint of embedder.fit")
    net = Net(Shape.from_dict(state["shape"]))
    net.load_state_dict(state["net"])
    return net.eval(), state
