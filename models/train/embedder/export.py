"""Writes a checkpoint as ONNX (opset 15) and holds the file against the net.

    python -m embedder.export CHECKPOINT OUT.onnx

Batch norm is folded into the convolutions. Weights are stored in 16 bits and widened when the file is
loaded, so that it is half as large; the arithmetic is 32 bit. Not int8: the embedder looks at a
vehicle a few times in its life, so its speed does not matter and its ranking does. The same
checkpoint gives the same bytes. Prints the manifest's entry.
"""

from __future__ import annotations

import argparse
import hashlib
import io
import sys
import tempfile
import warnings
from pathlib import Path

import numpy as np
import onnx
import torch
from torch import Tensor, nn

from detector.onnx_file import halve

from . import INPUT_PX, STORED_PX
from .batches import middle, to_tensor
from .net import DIMENSIONS, Net, load

OPSET = 15
DIFFERENCE_MAX = 2e-3
"""Largest difference of a coordinate between net and file, which 16-bit weights make."""


class Plain(nn.Module):
    """The net with unit length by plain arithmetic: a norm of 0 gives zeros, not NaN."""

    def __init__(self, net: Net) -> None:
        super().__init__()
        self.net = net

    def forward(self, images: Tensor) -> Tensor:
        """[N, 3, 64, 64] to [N, 64]."""
        x = self.net.body(images * (1.0 / 127.5) - 1.0)
        places = self.net.narrow(x).flatten(1)
        vector = self.net.head(torch.cat((places, x.mean((2, 3))), 1))
        return vector / (vector * vector).sum(1, keepdim=True).clamp(min=1e-12).sqrt()


def export(net: Net, out: Path) -> None:
    """Writes the net as ONNX."""
    buffer = io.BytesIO()
    plain = Plain(net.eval()).to(memory_format=torch.contiguous_format)
    with warnings.catch_warnings(), torch.no_grad():
        warnings.simplefilter("ignore")
        torch.onnx.export(
            plain,
            torch.zeros(2, 3, INPUT_PX, INPUT_PX),
            buffer,
            input_names=["images"],
            output_names=["embedding"],
            dynamic_axes={"images": {0: "N"}, "embedding": {0: "N"}},
            opset_version=OPSET,
            do_constant_folding=True,
        )
    model = onnx.load_from_string(buffer.getvalue())
    # What torch writes about itself, and names of source lines, are no part of the model.
    model.producer_name, model.producer_version = "wayside", ""
    for node in model.graph.node:
        node.doc_string = ""
    model.graph.output[0].CopyFrom(
        onnx.helper.make_tensor_value_info("embedding", onnx.TensorProto.FLOAT, ("N", DIMENSIONS))
    )
    out.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        whole = Path(folder) / "whole.onnx"
        onnx.save(model, str(whole))
        halve(whole, out)


def session(file: Path):
    """An ONNX Runtime session on one thread of the processor."""
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.log_severity_level = 3
    return onnxruntime.InferenceSession(str(file), options, providers=["CPUExecutionProvider"])


def run(file: Path, pixels: np.ndarray) -> np.ndarray:
    """Vectors float32 [N, 64] that the file gives for stored crops uint8 [N, 72, 72, 3] RGB."""
    opened = session(file)
    parts = [np.zeros((0, DIMENSIONS), np.float32)]
    for start in range(0, len(pixels), 64):
        images = middle(to_tensor(pixels[start : start + 64])).contiguous().numpy()
        parts.append(opened.run(["embedding"], {"images": images})[0])
    return np.concatenate(parts)


def difference(net: Net, file: Path, seed: int = 3) -> float:
    """Largest difference between net and file over random images and one of a single colour."""
    rng = np.random.default_rng(seed)
    pixels = rng.integers(0, 256, (9, STORED_PX, STORED_PX, 3), dtype=np.uint8)
    pixels[-1] = 114
    with torch.no_grad():
        wanted = net.eval()(middle(to_tensor(pixels)).contiguous()).numpy()
    return float(np.abs(run(file, pixels) - wanted).max())


ENTRY = """[[model]]
name = "wayside-vehicle-embed"
task = "vehicle_embedding"
file = "{name}"
sha256 = "{digest}"
size_bytes = {size}
licence = "Apache-2.0"
source = "Wayside's own, trained on renderings of its own (models/train/embedder)"
footage = "simulated"
card = "wayside-vehicle-embed.md"

[model.input]
name = "images"
shape = [-1, 3, {side}, {side}]
colour = "bgr"
range = [0, 255]
letterbox = "stretch"

[[model.output]]
name = "embedding"
shape = [-1, 64]
"""


def main(arguments: list[str] | None = None) -> int:
    """The command line."""
    parser = argparse.ArgumentParser(prog="embedder.export", description=__doc__.split("\n")[0])
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
    digest = hashlib.sha256(content).hexdigest()
    print(f"# differs from the net by at most {apart:.2g}")
    print(ENTRY.format(name=given.out.name, digest=digest, size=len(content), side=INPUT_PX))
    return 0


if __name__ == "__main__":
    sys.exit(main())
