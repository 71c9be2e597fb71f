"""The float ONNX file: batch norm folded, sigmoid, exp and the scaling of pixels inside."""

from __future__ import annotations

import copy
import warnings
from pathlib import Path

import numpy as np
import onnx
import torch
from onnx import TensorProto, helper, numpy_helper
from torch import Tensor, nn

from .net import INPUT_PX, ConvBnRelu, Net

OPSET = 15


class _Product(nn.Module):
    """The contract with the product: raw pixels in, scores and distances out."""

    def __init__(self, net: Net) -> None:
        super().__init__()
        self.net = net

    def forward(self, images: Tensor) -> tuple[Tensor, Tensor]:
        heat, boxes = self.net(images)
        return torch.sigmoid(heat), torch.exp(boxes)


def folded(net: Net) -> Net:
    """A copy in which batch norms, and the 1/255 of the pixels, are part of the convolutions."""
    net = copy.deepcopy(net).eval().to(memory_format=torch.contiguous_format)
    for module in net.modules():
        if isinstance(module, ConvBnRelu):
            module[0] = torch.nn.utils.fusion.fuse_conv_bn_eval(module[0], module[1])
            module[1] = nn.Identity()
    with torch.no_grad():
        # The stem pads with black, which is 0 before and after scaling: nothing else changes.
        net.stem[0].weight.mul_(net.scale)
    net.scale = 1.0
    return net


def write(net: Net, path: Path) -> None:
    """Writes the file; the batch is free."""
    free = {name: {0: "n"} for name in ("images", "heat", "boxes")}
    example = torch.zeros(1, 3, INPUT_PX, INPUT_PX)
    with warnings.catch_warnings(), torch.no_grad():
        warnings.simplefilter("ignore")
        torch.onnx.export(
            _Product(folded(net)),
            example,
            str(path),
            opset_version=OPSET,
            input_names=["images"],
            output_names=["heat", "boxes"],
            dynamic_axes=free,
        )
    model = onnx.load(str(path))
    _name_shapes(model)
    model.producer_name, model.producer_version, model.doc_string = "wayside", "", ""
    onnx.checker.check_model(model)
    onnx.save(model, str(path))


def _name_shapes(model: onnx.ModelProto) -> None:
    """Sets the outputs' shapes, which the exporter leaves partly open."""
    cells = INPUT_PX // 8
    for output, channels in zip(model.graph.output, (6, 8)):
        shape = ("n", channels, cells, cells)
        value = helper.make_tensor_value_info(output.name, TensorProto.FLOAT, shape)
        output.CopyFrom(value)


def halve(path: Path, out: Path) -> None:
    """Stores the weights in 16 bits; each is widened when the model is loaded.

    The arithmetic stays 32 bit: the runtime folds the casts. Weights change by at most one part in
    2,000, and the file is half as large.
    """
    model = onnx.load(str(path))
    kept, casts = [], []
    for tensor in model.graph.initializer:
        values = numpy_helper.to_array(tensor)
        if values.dtype != np.float32 or values.size < 256:
            kept.append(tensor)
            continue
        small = numpy_helper.from_array(values.astype(np.float16), tensor.name + "_half")
        kept.append(small)
        casts.append(helper.make_node("Cast", [small.name], [tensor.name], to=TensorProto.FLOAT))
    del model.graph.initializer[:]
    model.graph.initializer.extend(kept)
    nodes = list(model.graph.node)
    del model.graph.node[:]
    model.graph.node.extend(casts + nodes)
    onnx.checker.check_model(model)
    onnx.save(model, str(out))
