"""The net: the detector's first stages, and a way back up to 64 x 64 places; 128 x 128 in, three shares for each pixel out.

It starts from the weights of `wayside-junction`, which knows what road users look like: training then takes minutes, not
hours. What the finest stage says is spread over the pixels between its places.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from pathlib import Path

import torch
from torch import Tensor, nn

START = Path(__file__).parents[2] / "wayside-junction-fp32.onnx"
"""The detector whose first stages the net starts from."""


@dataclass(frozen=True)
class Shape:
    """Widths of the detector's stages at 64, 32, 16 and 8 places, how deep each is, and of the way back up."""

    widths: tuple[int, ...] = (16, 24, 48, 96)
    depths: tuple[int, ...] = (1, 1, 2)
    context: int = 64
    up: tuple[int, ...] = (24, 32, 48)

    def to_dict(self) -> dict:
        """A plain dictionary for a checkpoint."""
        return asdict(self)

    @staticmethod
    def from_dict(values: dict) -> "Shape":
        """The inverse of `to_dict`."""
        return Shape(**{k: tuple(v) if isinstance(v, (list, tuple)) else v for k, v in values.items()})


class ConvRelu(nn.Sequential):
    """Convolution and ReLU, as the detector's with its norm folded in."""

    def __init__(self, inputs: int, outputs: int, stride: int = 1) -> None:
        super().__init__(nn.Conv2d(inputs, outputs, 3, stride, 1), nn.ReLU(inplace=True))


class ConvBnRelu(nn.Sequential):
    """Convolution without bias, batch norm, ReLU; export folds the norm."""

    def __init__(self, inputs: int, outputs: int, size: int = 3) -> None:
        super().__init__(
            nn.Conv2d(inputs, outputs, size, 1, size // 2, bias=False),
            nn.BatchNorm2d(outputs, momentum=0.05),
            nn.ReLU(inplace=True),
        )


class Net(nn.Module):
    """Images [N, 3, 128, 128], BGR, 0 to 255, to logits [N, 3, 128, 128]: background, the vehicle, others.

    Which vehicle is meant is told by the window alone: it is the one that fills its middle.
    """

    def __init__(self, shape: Shape | None = None) -> None:
        super().__init__()
        self.shape = shape = shape or Shape()
        w, u = shape.widths, shape.up
        self.scale = 1.0 / 255.0
        self.stem = ConvRelu(3, w[0], 2)
        self.stages = nn.ModuleList(
            nn.Sequential(ConvRelu(a, b, 2), *(ConvRelu(b, b) for _ in range(depth)))
            for a, b, depth in zip(w, w[1:], shape.depths)
        )
        self.context = nn.Sequential(ConvBnRelu(w[3], shape.context), ConvBnRelu(shape.context, shape.context))
        self.lateral = nn.ModuleList(ConvBnRelu(a, b, 1) for a, b in zip(w, u))
        self.narrow = nn.ModuleList(ConvBnRelu(a, b, 1) for a, b in zip((*u[1:], shape.context), u))
        self.smooth = nn.ModuleList(ConvBnRelu(a, a) for a in u)
        self.up = nn.Upsample(scale_factor=2.0, mode="bilinear", align_corners=False)
        self.last = nn.Conv2d(u[0], 3, 1)
        for module in self.modules():
            if isinstance(module, nn.Conv2d):
                nn.init.kaiming_normal_(module.weight, mode="fan_out", nonlinearity="relu")
        nn.init.normal_(self.last.weight, std=0.05)

    def start_from(self, detector: Path = START) -> None:
        """Takes the detector's weights for the stages that both have."""
        import onnx
        from onnx import numpy_helper

        stored = {t.name: numpy_helper.to_array(t) for t in onnx.load(str(detector)).graph.initializer}
        with torch.no_grad():
            for name, value in self.named_parameters():
                if not name.startswith(("stem.", "stages.")):
                    continue
                found = stored[f"net.{name}_half" if name.endswith("weight") else f"net.{name}"]
                value.copy_(torch.from_numpy(found.astype("float32")))
            # The file's stem takes bytes, this one shares of 255.
            self.stem[0].weight.mul_(255.0)

    def features(self, images: Tensor) -> Tensor:
        """What the last convolution sees, [N, 24, 64, 64]."""
        seen = [self.stem(images * self.scale)]
        for stage in self.stages:
            seen.append(stage(seen[-1]))
        x = self.context(seen.pop())
        for lateral, narrow, smooth in list(zip(self.lateral, self.narrow, self.smooth))[::-1]:
            x = smooth(lateral(seen.pop()) + self.up(narrow(x)))
        return x

    def heads(self, features: Tensor) -> Tensor:
        """Logits [N, 3, 128, 128]; in float also where the rest is bfloat16."""
        return self.up(self.last(features.float()))

    def forward(self, images: Tensor) -> Tensor:
        """[N, 3, 128, 128] to the same shape."""
        return self.heads(self.features(images))


def parameters(net: nn.Module) -> int:
    """Number of trainable values."""
    return sum(p.numel() for p in net.parameters())


def load(path: str) -> tuple[Net, dict]:
    """A net from a checkpoint that `fit` wrote, ready to judge, and the checkpoint."""
    state = torch.load(path, map_location="cpu")
    if not isinstance(state, dict) or "net" not in state or "shape" not in state:
        raise ValueError(f"{path} is no checkpoint of outline.fit")
    net = Net(Shape.from_dict(state["shape"]))
    net.load_state_dict(state["net"])
    return net.eval(), state
