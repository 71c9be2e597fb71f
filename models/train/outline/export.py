"""Writes a checkpoint as ONNX (opset 15) and holds the file against the net.

    python models/train outline-export CHECKPOINT OUT.onnx

Batch norm and the scaling of pixels are folded into the convolutions; weights are stored in 16 bits and widened when the
file is loaded. The arithmetic is 32 bit. The same checkpoint gives the same bytes. Prints size and SHA-256 for
the manifest.
"""

from __future__ import annotations

import argparse
import copy
import hashlib
import sys
import tempfile
import warnings
from pathlib import Path

import numpy as np
import onnx
import torch
from torch import Tensor, nn

from detector.onnx_file import halve
from embedder.export import session

from . import INPUT_PX
from .net import ConvBnRelu, Net, load

OPSET = 15
DIFFERENCE_MAX = 0.02
"""Largest difference of a share between net and file, which 16-bit weights make."""


class _Product(nn.Module):
    """The contract with the product: raw pixels in, shares of the three kinds out."""

    def __init__(self, net: Net) -> None:
        super().__init__()
        self.net = net

    def forward(self, images: Tensor) -> Tensor:
        """[N, 3, 128, 128] to shares of background, vehicle, others."""
        return torch.softmax(self.net(images), 1)


def folded(net: Net) -> Net:
    """A copy in which batch norms are part of the convolutions."""
    net = copy.deepcopy(net).eval().to(memory_format=torch.contiguous_format)
    for module in net.modules():
        if isinstance(module, ConvBnRelu):
            module[0] = torch.nn.utils.fusion.fuse_conv_bn_eval(module[0], module[1])
            module[1] = nn.Identity()
    return net


def export(net: Net, out: Path) -> None:
    """Writes the file; the batch is free."""
    out.parent.mkdir(parents=True, exist_ok=True)
    free = {name: {0: "n"} for name in ("images", "shares")}
    with tempfile.TemporaryDirectory() as folder:
        whole = Path(folder) / "whole.onnx"
        with warnings.catch_warnings(), torch.no_grad():
            warnings.simplefilter("ignore")
            torch.onnx.export(
                _Product(folded(net)),
                torch.zeros(1, 3, INPUT_PX, INPUT_PX),
                str(whole),
                opset_version=OPSET,
                input_names=["images"],
                output_names=["shares"],
                dynamic_axes=free,
            )
        model = onnx.load(str(whole))
        shape = ("n", 3, INPUT_PX, INPUT_PX)
        value = onnx.helper.make_tensor_value_info("shares", onnx.TensorProto.FLOAT, shape)
        model.graph.output[0].CopyFrom(value)
        model.producer_name, model.producer_version, model.doc_string = "wayside", "", ""
        for node in model.graph.node:
            node.doc_string = ""
        onnx.save(model, str(whole))
        halve(whole, out)


def difference(net: Net, file: Path, seed: int = 3) -> float:
    """Largest difference between net and file over pictures of noise and one of a single colour."""
    rng = np.random.default_rng(seed)
    images = rng.integers(0, 256, (5, 3, INPUT_PX, INPUT_PX)).astype(np.float32)
    images[-1] = 114
    with torch.no_grad():
        wanted = torch.softmax(net.eval()(torch.from_numpy(images)), 1).numpy()
    return float(np.abs(session(file).run(["shares"], {"images": images})[0] - wanted).max())


def main(arguments: list[str] | None = None) -> int:
    """The command line."""
    parser = argparse.ArgumentParser(prog="outline-export", description=__doc__.split("\n")[0])
    parser.add_argument("checkpoint", type=Path)
    parser.add_argument("out", type=Path)
    given = parser.parse_args(arguments)
    torch.set_num_threads(1)
    try:
        net, _ = load(str(given.checkpoint))
    except (OSError, ValueError) as error:
        parser.error(str(error))
    export(net, given.out)
    apart = difference(net, given.out)
    if apart > DIFFERENCE_MAX:
        print(f"{given.out} differs from the net by {apart:.2g}", file=sys.stderr)
        return 1
    content = given.out.read_bytes()
    print(f"{given.out.name}: differs from the net by at most {apart:.2g}")
    print(f'sha256 = "{hashlib.sha256(content).hexdigest()}"\nsize_bytes = {len(content)}')
    return 0


if __name__ == "__main__":
    sys.exit(main())
