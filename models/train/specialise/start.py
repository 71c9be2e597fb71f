"""What a student starts from: a checkpoint of training, or the float ONNX file that ships.

In the file each batch norm is folded into its convolution. To train on, the norms come back: they
get the mean and variance that the convolutions have on this camera's pictures, and the scale and
shift with which the net answers as before.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import onnx
import torch
from onnx import numpy_helper
from torch import nn

from detector import checkpoint
from detector.export import tiles
from detector.net import ConvBnRelu, Net, Shape
from detector.quantise import as_input

IMAGES = 64
"""Crops on which the norms are measured."""


class StartError(Exception):
    """A file that is no student; the message says why."""


def check(path: Path) -> None:
    """Raises StartError where nothing can start from this file."""
    if not path.is_file():
        raise StartError(f"there is no file {path} to start from: name one with --student")
    if path.suffix == ".onnx":
        _read(path)
    else:
        checkpoint.load(path)


def prepare(path: Path, out: Path, folders: list[str], seed: int) -> Path:
    """A checkpoint to start from: the file itself, or `out`, made from an ONNX file and crops of
    these dataset folders."""
    if path.suffix != ".onnx":
        return path
    net = _read(path)
    restore(net, np.stack(tiles(folders, IMAGES, seed)))
    progress = {"crops": 0, "seconds": 0.0}
    checkpoint.save(out, net, checkpoint.Mean(net), None, progress)
    return out


def _read(path: Path) -> Net:
    """The net of a float file, with norms that change nothing yet."""
    try:
        graph = onnx.load(str(path)).graph
    except Exception as error:  # The parser's own classes differ from version to version.
        raise StartError(f"{path} is not an ONNX file: {error}") from None
    values = _values(graph)
    try:
        net = Net(_shape(values))
        for name, module in net.named_modules():
            if isinstance(module, ConvBnRelu):
                _fill(module[0].weight, values[f"{name}.0.weight"])
                _fill(module[1].bias, values[f"{name}.0.bias"])
                nn.init.constant_(module[1].weight, (1.0 + module[1].eps) ** 0.5)
        for name in ("heat.1", "boxes.1"):
            layer = net.get_submodule(name)
            _fill(layer.weight, values[f"{name}.weight"])
            _fill(layer.bias, values[f"{name}.bias"])
    except (KeyError, ValueError, IndexError) as error:
        raise StartError(
            f"{path} is not a float file of this detector ({error!r}): the int8 file cannot be"
            " trained on, take the one that ends in -fp32.onnx"
        ) from None
    with torch.no_grad():
        # The file takes raw bytes, the net scales them itself.
        net.stem[0].weight.div_(net.scale)
    return net.eval()


def _values(graph: onnx.GraphProto) -> dict[str, np.ndarray]:
    """Weights by the names that the net has for them."""
    stored = {t.name: numpy_helper.to_array(t) for t in graph.initializer}
    # Equal biases share one stored value, and weights are stored in 16 bits.
    same = {n.output[0]: n.input[0] for n in graph.node if n.op_type in ("Identity", "Cast")}
    values = {}
    for name in {*stored, *same}:
        source = name
        while source in same:
            source = same[source]
        if source in stored:
            values[name.removeprefix("net.")] = stored[source]
    return values


def _fill(parameter: nn.Parameter, value: np.ndarray) -> None:
    if tuple(parameter.shape) != value.shape:
        raise ValueError(f"{value.shape} in place of {tuple(parameter.shape)}")
    with torch.no_grad():
        parameter.copy_(torch.from_numpy(value.astype(np.float32)))


def _shape(values: dict[str, np.ndarray]) -> Shape:
    """Widths and depths, as the weights have them."""
    widths = [values["stem.0.weight"].shape[0]]
    depths = []
    for stage in range(4):
        layers = [k for k in values if k.startswith(f"stages.{stage}.") and k.endswith("weight")]
        widths.append(values[f"stages.{stage}.0.0.weight"].shape[0])
        depths.append(len(layers) - 1)
    pyramid = values["lateral.0.0.weight"].shape[0]
    return Shape(tuple(widths), tuple(depths), pyramid, values["heat.0.0.weight"].shape[0])


@torch.no_grad()
def restore(net: Net, images: np.ndarray, batch: int = 8) -> None:
    """Gives the norms mean and variance on these crops (uint8 [N, S, S, 3] BGR); the answer stays.

    A norm that adds `b` to a convolution's output becomes one with the output's mean m and
    variance v, scale sqrt(v + eps) and shift b + m: the same function.
    """
    sums: dict[nn.Module, list[torch.Tensor]] = {}

    def count(module: nn.Module, _: tuple, output: torch.Tensor) -> None:
        values = output.double()
        now = [values.mean((0, 2, 3)), values.square().mean((0, 2, 3)), torch.ones(())]
        now = [part * len(output) for part in now]
        sums[module] = [a + b for a, b in zip(sums[module], now)] if module in sums else now

    parts = [m for m in net.modules() if isinstance(m, ConvBnRelu)]
    hooks = [part[0].register_forward_hook(count) for part in parts]
    for at in range(0, len(images), batch):
        net(torch.from_numpy(as_input(images[at : at + batch])))
    for hook in hooks:
        hook.remove()
    for part in parts:
        total, square, number = sums[part[0]]
        mean = total / number
        variance = (square / number - mean.square()).clamp(min=0.0)
        norm = part[1]
        norm.running_mean.copy_(mean)
        norm.running_var.copy_(variance)
        norm.weight.copy_((variance + norm.eps).sqrt())
        norm.bias.add_(mean)
