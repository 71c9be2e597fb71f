"""`python models/train COMMAND ...`: render, fit, export, score, embed, specialise, redaction-truth, smoke."""

from __future__ import annotations

import importlib
import sys
from pathlib import Path

COMMANDS = {
    "render": ("render.dataset", "draw a dataset of junctions"),
    "fit": ("detector.fit", "train the detector on datasets"),
    "export": ("detector.export", "write a checkpoint as ONNX, in floats and in int8"),
    "score": ("detector.score", "recall by class, size and light, beside other detectors"),
    "embed-crops": ("embedder.crops", "draw crops of vehicles seen by two cameras"),
    "embed-fit": ("embedder.fit", "train the embedder"),
    "embed-export": ("embedder.export", "write the embedder as ONNX"),
    "embed-score": ("embedder.score", "rank-1, equal error rate and thresholds of the embedder"),
    "embed-pairs": ("embedder.pairs", "vectors of vehicles at both cameras, for tests of sections"),
    "specialise": ("specialise.main", "train the detector for one camera from its own recording"),
    "outline-crops": ("outline.crops", "draw crops around vehicles that tell who each pixel belongs to"),
    "outline-fit": ("outline.fit", "train the outline of a vehicle in its box"),
    "outline-export": ("outline.export", "write the outline's net as ONNX"),
    "outline-score": ("outline.score", "shares of pixels told right, on crops of other seeds"),
    "redaction-truth": ("redaction.film", "film clips that tell who each pixel belongs to"),
    "smoke": ("smoke", "a small run of everything, two minutes"),
    "manifest-entry": ("manifest_entry", "the lines of the manifest for a model's file"),
}


def usage() -> str:
    """What there is to run."""
    width = max(map(len, COMMANDS))
    lines = [f"  {name:{width}}  {what}" for name, (_, what) in COMMANDS.items()]
    return "usage: python models/train COMMAND [OPTION...]\n\n" + "\n".join(lines)


def main() -> int:
    """Runs one command; 2 where there is no such."""
    sys.path.insert(0, str(Path(__file__).parent))
    if len(sys.argv) < 2 or sys.argv[1] in ("-h", "--help"):
        print(usage())
        return 0 if len(sys.argv) > 1 else 2
    name, rest = sys.argv[1], sys.argv[2:]
    if name not in COMMANDS:
        print(f"error: no command is called '{name}'\n\n{usage()}", file=sys.stderr)
        return 2
    module = importlib.import_module(COMMANDS[name][0])
    return module.main(rest) or 0


if __name__ == "__main__":
    sys.exit(main())
