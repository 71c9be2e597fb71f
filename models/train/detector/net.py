"""The net: plain 3x3 and 1x1 convolutions with batch norm and ReLU, one head of stride 8.

Nothing here is hard to quantise: no depthwise convolution, no SiLU, no attention. On one thread an
int8 convolution costs about a third of the same one in float, a depthwise one gains nothing.

Shapes for an input of 416: stem 208, stages 104, 52, 26, 13, a feature pyramid of 64 channels
back up to 52, then class heat [N, 6, 52, 52] and distances [N, 8, 52, 52].
"""

from __future__ import annotations

from dataclasses import asdict, dataclass

import torch
from torch import Tensor, nn

CLASSES = ("car", "truck", "bus", "motorcycle", "bicycle", "person")
"""The classes in the order of the heat's channels."""

STRIDE = 8
"""Input pixels to a cell of the heads."""

INPUT_PX = 416
"""Side of the input."""

LOG_DISTANCE_MAX = 7.0
"""Bound of the log distances (1,097 px): keeps exp finite in any precision."""


@dataclass(frozen=True)
class Shape:
    """Widths and depths of the net; stored with the weights."""

    widths: tuple[int, int, int, int, int] = (16, 24, 48, 96, 128)
    depths: tuple[int, int, int, int] = (1, 1, 2, 1)
    pyramid: int = 64
    head: int = 48

    def to_dict(self) -> dict:
        """A plain dictionary for a checkpoint."""
        return asdict(self)

    @staticmethod
    def from_dict(values: dict) -> "Shape":
        """The inverse of `to_dict`."""
        return Shape(
            **{k: tuple(v) if isinstance(v, (list, tuple)) else v for k, v in values.items()}
        )


class ConvBnRelu(nn.Sequential):
    """Convolution without bias, batch norm, ReLU; export folds the norm."""

    def __init__(self, inputs: int, outputs: int, size: int = 3, stride: int = 1) -> None:
        super().__init__(
            nn.Conv2d(inputs, outputs, size, stride, size // 2, bias=False),
            nn.BatchNorm2d(outputs, momentum=0.03),
            nn.ReLU(inplace=True),
        )


class Spp(nn.Module):
    """Spatial pyramid pooling: sees the whole tile at the coarsest stage for next to nothing."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        half = channels // 2
        self.reduce = ConvBnRelu(channels, half, 1)
        self.pool = nn.MaxPool2d(5, 1, 2)
        self.merge = ConvBnRelu(half * 4, channels, 1)

    def forward(self, x: Tensor) -> Tensor:
        """[N, C, H, W] to the same. Three pools of 5 in a row see 5, 9 and 13 cells."""
        x = self.reduce(x)
        a = self.pool(x)
        b = self.pool(a)
        return self.merge(torch.cat((x, a, b, self.pool(b)), 1))


class Net(nn.Module):
    """Images [N, 3, S, S], BGR, 0 to 255, S a multiple of 32, to (heat logits, log distances)."""

    def __init__(self, shape: Shape | None = None) -> None:
        super().__init__()
        self.shape = shape = shape or Shape()
        self.scale = 1.0 / 255.0
        w, d = shape.widths, shape.depths
        self.stem = ConvBnRelu(3, w[0], 3, 2)
        self.stages = nn.ModuleList(
            nn.Sequential(
                ConvBnRelu(w[i], w[i + 1], 3, 2),
                *(ConvBnRelu(w[i + 1], w[i + 1]) for _ in range(d[i])),
            )
            for i in range(4)
        )
        self.spp = Spp(w[4])
        p, h = shape.pyramid, shape.head
        self.lateral = nn.ModuleList(ConvBnRelu(w[i], p, 1) for i in (2, 3, 4))
        self.smooth = nn.ModuleList((ConvBnRelu(p, p), ConvBnRelu(p, p)))
        self.up = nn.Upsample(scale_factor=2.0, mode="nearest")
        self.heat = nn.Sequential(ConvBnRelu(p, h), nn.Conv2d(h, len(CLASSES), 1))
        self.boxes = nn.Sequential(ConvBnRelu(p, h), nn.Conv2d(h, 8, 1))
        self._start()

    def _start(self) -> None:
        for module in self.modules():
            if isinstance(module, nn.Conv2d):
                nn.init.kaiming_normal_(module.weight, mode="fan_out", nonlinearity="relu")
        for head in (self.heat, self.boxes):
            nn.init.normal_(head[-1].weight, std=0.01)
        # A prior of 0.02 keeps the focal loss of a million empty cells from drowning the start.
        nn.init.constant_(self.heat[-1].bias, -4.0)
        nn.init.constant_(self.boxes[-1].bias, 3.0)

    def features(self, images: Tensor) -> tuple[Tensor, Tensor]:
        """What the two last convolutions see, [N, head, S/8, S/8] each."""
        x = self.stages[0](self.stem(images if self.scale == 1.0 else images * self.scale))
        c8 = self.stages[1](x)
        c16 = self.stages[2](c8)
        c32 = self.spp(self.stages[3](c16))
        p16 = self.smooth[0](self.lateral[1](c16) + self.up(self.lateral[2](c32)))
        p8 = self.smooth[1](self.lateral[0](c8) + self.up(p16))
        return self.heat[0](p8), self.boxes[0](p8)

    def heads(self, heat: Tensor, boxes: Tensor) -> tuple[Tensor, Tensor]:
        """Logits [N, 6, S/8, S/8] and log distances in input pixels [N, 8, S/8, S/8].

        Training runs this part in float even where the rest is bfloat16: eight bits of a log
        distance would be an error of two per cent of the box.
        """
        return self.heat[1](heat), self.boxes[1](boxes).clamp(max=LOG_DISTANCE_MAX)

    def forward(self, images: Tensor) -> tuple[Tensor, Tensor]:
        """Both parts in one."""
        return self.heads(*self.features(images))


def parameters(net: nn.Module) -> int:
    """Number of trainable values."""
    return sum(p.numel() for p in net.parameters())
