"""A small run of everything: `python models/train smoke`.

Draws a few pictures, trains detector, embedder and outline for moments, exports and quantises them, loads what
came out and looks at a picture with it. The nets learn next to nothing; what is shown is that each
step takes what the one before it wrote.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import onnxruntime

import detector.export
import detector.fit
import embedder.crops
import embedder.export
import embedder.fit
import outline.crops
import outline.export
import outline.fit
from render.dataset import Order, write


def run_once(model: Path, size_px: int) -> dict[str, np.ndarray]:
    """The outputs for a grey picture."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    session = onnxruntime.InferenceSession(str(model), options, providers=["CPUExecutionProvider"])
    names = [output.name for output in session.get_outputs()]
    picture = np.full((2, 3, size_px, size_px), 114, np.float32)
    return dict(zip(names, session.run(names, {"images": picture})))


def expect(holds: bool, what: str) -> None:
    """Stops with what did not hold."""
    if not holds:
        raise SystemExit(f"smoke: {what}")


def smoke_detector(folder: Path, crops: int) -> None:
    """Pictures, training, both files, both run."""
    data, state = folder / "data", folder / "detector.pt"
    write(data, Order(frames=16, seed=5, width=480, height=270, installed=False), quiet=True)
    rows = (data / "boxes.csv").read_text().count("\n")
    expect(rows > 40, f"16 pictures hold {rows} boxes")
    detector.fit.main(
        ["--data", str(data), "--out", str(state), "--crops", str(crops), "--sizes", "288"]
        + ["--final", "0.1", "--seed", "3"]
    )
    detector.export.main([str(state), "--data", str(data), "--out", str(folder), "--images", "8", "--runs", "2"])
    sizes = 0
    for name in ("wayside-junction.onnx", "wayside-junction-fp32.onnx"):
        found = run_once(folder / name, 416)
        expect(found["heat"].shape == (2, 6, 52, 52), f"{name}: heat {found['heat'].shape}")
        expect(found["boxes"].shape == (2, 8, 52, 52), f"{name}: boxes {found['boxes'].shape}")
        expect(bool(np.isfinite(found["boxes"]).all()), f"{name}: boxes are not finite")
        sizes += (folder / name).stat().st_size
    expect(sizes < 3 << 20, f"both files have {sizes} bytes")


def smoke_embedder(folder: Path, steps: int) -> None:
    """Crops, training, the file, run."""
    data, state, out = folder / "crops", folder / "embedder.pt", folder / "embedder.onnx"
    embedder.crops.main([str(data), "--identities", "24", "--per-camera", "2"])
    embedder.fit.main(
        [str(data), str(state), "--steps", str(steps), "--vehicles", "8", "--held", "8"]
    )
    embedder.export.main([str(state), str(out)])
    length = np.linalg.norm(run_once(out, 64)["embedding"], axis=1)
    expect(bool(np.allclose(length, 1, atol=1e-3)), f"embeddings of length {length}")


def smoke_outline(folder: Path, steps: int) -> None:
    """Crops, training, the file, run."""
    data, state, out = folder / "outline", folder / "outline.pt", folder / "outline.onnx"
    size = ["--width", "480", "--height", "270"]
    outline.crops.main([str(data), "--scenes", "3", "--pictures", "1", "--first", "5", *size])
    outline.fit.main([str(data), str(state), "--steps", str(steps), "--batch", "4", "--held", "1"])
    outline.export.main([str(state), str(out)])
    shares = run_once(out, 128)["shares"]
    expect(shares.shape == (2, 3, 128, 128), f"shares {shares.shape}")
    expect(bool(np.allclose(shares.sum(1), 1, atol=1e-3)), "shares do not add up")


def main(argv: list[str] | None = None) -> None:
    """The command line."""
    parser = argparse.ArgumentParser(prog="smoke", description=__doc__.split("\n")[0])
    parser.add_argument("--crops", type=int, default=480)
    parser.add_argument("--steps", type=int, default=20)
    args = parser.parse_args(argv)
    start = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        smoke_detector(Path(folder), args.crops)
        smoke_embedder(Path(folder), args.steps)
        smoke_outline(Path(folder), args.steps // 2)
    print(f"smoke: rendered, trained, exported, quantised and loaded in {time.monotonic() - start:.0f} s")


if __name__ == "__main__":
    sys.exit(main())
