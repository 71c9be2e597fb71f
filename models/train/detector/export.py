"""Writes the ONNX files of a checkpoint: `python -m detector.export net.pt --data DIR --out DIR`.

Two files: float with 16-bit weights, and int8. The same checkpoint and data give the same bytes.
Both are run and compared with the checkpoint before the command says that they are done.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from pathlib import Path

import cv2
import numpy as np
import onnxruntime
import torch

from . import onnx_file
from .checkpoint import load_net
from .crops import Cropper, Mix
from .dataset import Dataset, DatasetError
from .net import INPUT_PX, Net, parameters
from .quantise import as_input, quantise

NAME = "wayside-junction"
FLOAT_ERROR_MAX = 0.02
"""Largest difference of a score between the checkpoint and the float file (16-bit weights)."""
INT8_ERROR_MAX = 0.05
"""Largest mean difference of the scores over 0.2 between the checkpoint and the int8 file."""


def session(path: str | Path, threads: int = 1) -> onnxruntime.InferenceSession:
    """A session as the product's: one thread, no spinning."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    options.log_severity_level = 3
    return onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])


def tiles(folders: list[str], count: int, seed: int) -> list[np.ndarray]:
    """Crops as training saw them, half of them with their pixels changed: uint8 [S, S, 3] BGR."""
    try:
        datasets = [Dataset(folder) for folder in folders]
    except DatasetError as error:
        raise SystemExit(f"error: {error}") from error
    if sum(len(dataset) for dataset in datasets) == 0:
        raise SystemExit(f"error: {', '.join(folders)}: no frames to calibrate on")
    croppers = [Cropper(datasets, Mix(augment=changed)) for changed in (False, True)]
    rng = np.random.default_rng(seed)
    return [croppers[i % 2].draw(INPUT_PX, rng)[0] for i in range(count)]


@torch.no_grad()
def answers(net: Net, images: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Heat and distances of the checkpoint itself, in float."""
    heat, boxes = net(torch.from_numpy(as_input(images)))
    return torch.sigmoid(heat).numpy(), boxes.exp().numpy()


def compare(net: Net, path: Path, images: np.ndarray) -> dict[str, float]:
    """Differences between the file and the checkpoint, where something was found."""
    heat, boxes = answers(net, images)
    got_heat, got_boxes = session(path).run(None, {"images": as_input(images)})
    if got_heat.shape != heat.shape or got_boxes.shape != boxes.shape:
        raise SystemExit(f"{path} answers {got_heat.shape} and {got_boxes.shape}")
    found = heat.max(1) > 0.2
    result = {"heat_max": float(np.abs(heat - got_heat).max()), "cells": int(found.sum())}
    if found.any():
        difference = np.abs(heat.max(1) - got_heat.max(1))[found]
        side = np.abs(np.log(got_boxes[:, :4]) - np.log(boxes[:, :4])).transpose(0, 2, 3, 1)[found]
        result["heat_mean_of_found"] = float(difference.mean())
        result["log_distance_mean_of_found"] = float(side.mean())
    return {k: round(v, 5) for k, v in result.items()}


def tile_times(paths: dict[str, Path], runs: int) -> dict[str, float]:
    """Median milliseconds for a tile, the models taking turns in one run."""
    sessions = {name: session(path) for name, path in paths.items()}
    image = np.random.default_rng(5).uniform(0, 255, (1, 3, INPUT_PX, INPUT_PX)).astype(np.float32)
    times: dict[str, list[float]] = {name: [] for name in sessions}
    for turn in range(runs + 3):
        for name, model in sessions.items():
            start = time.perf_counter()
            model.run(None, {"images": image})
            if turn >= 3:
                times[name].append(time.perf_counter() - start)
    return {name: round(1000 * float(np.median(t)), 2) for name, t in times.items()}


def main(argv: list[str] | None = None) -> None:
    """The command line."""
    parser = argparse.ArgumentParser(prog="detector.export", description=__doc__.split("\n")[0])
    add = parser.add_argument
    add("checkpoint")
    add("--data", action="append", required=True, help="dataset folder to calibrate on")
    add("--out", type=Path, required=True, help="folder of the ONNX files")
    add("--name", default=NAME)
    add("--images", type=int, default=96, help="crops to calibrate on")
    add("--seed", type=int, default=3)
    add("--percentile", type=float, help="clip activations at this percentile instead of MinMax")
    add("--reduce-range", action="store_true", help="7-bit weights, for CPUs without VNNI")
    add("--quantise-stem", action="store_true")
    add("--time", action="append", default=[], metavar="ONNX", help="another model to time")
    add("--runs", type=int, default=30)
    args = parser.parse_args(argv)
    torch.set_num_threads(1)
    cv2.setNumThreads(1)
    net = load_net(args.checkpoint)
    args.out.mkdir(parents=True, exist_ok=True)
    single = args.out / f"{args.name}-fp32.onnx"
    int8 = args.out / f"{args.name}.onnx"
    whole = args.out / f".{args.name}-whole.onnx"
    onnx_file.write(net, whole)
    images = tiles(args.data, args.images, args.seed)
    quantise(whole, int8, images, args.percentile, args.reduce_range, args.quantise_stem)
    onnx_file.halve(whole, single)
    whole.unlink()
    judged = np.stack(tiles(args.data, 8, args.seed + 1))
    report: dict = {"parameters": parameters(net), "files": {}}
    for path in (single, int8):
        report["files"][path.name] = {"bytes": path.stat().st_size, **compare(net, path, judged)}
    paths = {single.name: single, int8.name: int8} | {Path(p).name: Path(p) for p in args.time}
    report["tile_ms"] = tile_times(paths, args.runs)
    print(json.dumps(report, indent=2))
    if report["files"][single.name]["heat_max"] > FLOAT_ERROR_MAX:
        raise SystemExit(f"{single} does not answer as the checkpoint does")
    if report["files"][int8.name].get("heat_mean_of_found", 0.0) > INT8_ERROR_MAX:
        raise SystemExit(f"{int8} lost too much: try --percentile 99.99 or more --images")


if __name__ == "__main__":
    sys.exit(main())
