"""The int8 file: static quantisation in QDQ form, calibrated on crops like those of training.

Weights int8 per output channel, activations uint8 per tensor with the range seen (MinMax). What is
left in float: the stem, because three input channels make poor int8 kernels (1.9 ms in int8 and
1.2 ms in float here), and the two last convolutions with what follows, because ranking lives there.

`reduce_range` (7-bit weights) is off. With AVX2 and no VNNI the kernel for uint8 by int8 adds two
products in 16 bits and may saturate. It takes weights near 127 at many neighbouring inputs that are
near 255; after ReLU most activations are small, and every server since 2019 and client since 2021
has VNNI. `--reduce-range` makes a file for older ones.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import onnx
from onnxruntime.quantization import (
    CalibrationDataReader,
    CalibrationMethod,
    QuantFormat,
    QuantType,
    quantize_static,
)

KINDS = ("Conv", "Add", "Concat", "MaxPool", "Resize", "Relu")


class _Reader(CalibrationDataReader):
    def __init__(self, images: Iterable[np.ndarray]) -> None:
        self._images = iter(images)

    def get_next(self) -> dict | None:
        image = next(self._images, None)
        return None if image is None else {"images": as_input(image[None])}


def as_input(images: np.ndarray) -> np.ndarray:
    """uint8 [N, S, S, 3] BGR to what the model takes: float32 [N, 3, S, S], 0 to 255."""
    return np.ascontiguousarray(images.transpose(0, 3, 1, 2), dtype=np.float32)


def quantise(
    source: Path,
    out: Path,
    images: Iterable[np.ndarray],
    percentile: float | None = None,
    reduce_range: bool = False,
    stem: bool = False,
) -> None:
    """Writes `out` from the float file. Images are uint8 [S, S, 3] BGR. `percentile` clips the
    activations' ranges instead of MinMax; `stem` quantises the stem too."""
    extra: dict = {}
    method = CalibrationMethod.MinMax
    if percentile is not None:
        method, extra["CalibPercentile"] = CalibrationMethod.Percentile, percentile
    logging.getLogger().setLevel(logging.ERROR)
    with TemporaryDirectory() as folder:
        ready = Path(folder) / "ready.onnx"
        onnx.save(onnx.shape_inference.infer_shapes(onnx.load(str(source))), str(ready))
        quantize_static(
            str(ready),
            str(out),
            _Reader(images),
            quant_format=QuantFormat.QDQ,
            per_channel=True,
            reduce_range=reduce_range,
            activation_type=QuantType.QUInt8,
            weight_type=QuantType.QInt8,
            op_types_to_quantize=list(KINDS),
            nodes_to_exclude=left_in_float(onnx.load(str(source)), stem),
            calibrate_method=method,
            extra_options=extra,
        )


def left_in_float(model: onnx.ModelProto, stem: bool) -> list[str]:
    """Names of the nodes that are not quantised."""
    nodes = list(model.graph.node)
    made_by = {output: node for node in nodes for output in node.output}
    left: list[str] = []
    if not stem:
        first = next(node for node in nodes if node.op_type == "Conv")
        left += [first.name] + [n.name for n in nodes if first.output[0] in n.input]
    for output in model.graph.output:
        node = made_by[output.name]
        while node.op_type != "Conv":
            left.append(node.name)
            node = made_by[node.input[0]]
        left.append(node.name)
    return left
