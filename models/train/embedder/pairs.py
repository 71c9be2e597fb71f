"""Writes what the matching of sections is tested on: each vehicle's vector at both cameras.

    python -m embedder.pairs CROPS MODEL OUT.jsonl

One vehicle a line: its number, class and light, and the mean of its looks at the entry and at the
exit, of unit length, as signed bytes (127-fold) in base64. The light is that at the entry.
"""

from __future__ import annotations

import argparse
import base64
import json
import sys
from pathlib import Path

import numpy as np

from . import CLASSES
from .data import Crops, read
from .lights import LIGHTS
from .score import passages, vectors_of


def packed(vector: np.ndarray) -> str:
    """A vector of unit length as signed bytes in base64."""
    return base64.b64encode(np.round(vector * 127).astype(np.int8).tobytes()).decode()


def lines(crops: Crops, vectors: np.ndarray) -> list[str]:
    """One line a vehicle, by its number."""
    seen, means = passages(crops, vectors)
    out = []
    for entry in np.nonzero(seen.camera == 0)[0]:
        exits = np.nonzero((seen.identity == seen.identity[entry]) & (seen.camera == 1))[0]
        for leaving in exits:
            pair = {
                "vehicle": int(seen.identity[entry]),
                "class": CLASSES[seen.class_number[entry]],
                "light": LIGHTS[seen.light[entry]],
                "entry": packed(means[entry]),
                "exit": packed(means[leaving]),
            }
            out.append(json.dumps(pair, separators=(",", ":")))
    return out


def main(arguments: list[str] | None = None) -> int:
    """The command line."""
    parser = argparse.ArgumentParser(prog="embedder.pairs", description=__doc__.split("\n")[0])
    parser.add_argument("data", type=Path, help="folder that embedder.crops wrote")
    parser.add_argument("model", type=Path, help="checkpoint or ONNX file")
    parser.add_argument("out", type=Path, help="file to write")
    given = parser.parse_args(arguments)
    try:
        crops = read(given.data).both_cameras()
        written = lines(crops, vectors_of(given.model, crops))
    except (OSError, ValueError) as error:
        parser.error(str(error))
    given.out.write_text("\n".join(written) + "\n")
    print(f"{len(written)} vehicles")
    return 0


if __name__ == "__main__":
    sys.exit(main())
