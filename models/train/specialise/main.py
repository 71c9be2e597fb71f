"""`python models/train specialise --footage DIR --site SITE --out OUT`: a detector for one camera.

The first part of the camera's recording is labelled by a larger detector on the tiles that the site
file implies; what the product's tracking confirms trains the small net, and on the rest student and
teacher are compared. OUT gets the model (int8 and float), its card, a manifest and the figures.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from pathlib import Path

from detector.dataset import DatasetError

from .footage import FootageError
from .observations import ObservationError
from .product import REPOSITORY, ProductError
from .run import Run, SpecialiseError
from .start import StartError
from .teacher import TeacherError


def parser() -> argparse.ArgumentParser:
    """The command line."""
    made = argparse.ArgumentParser(prog="specialise", description=__doc__.split("\n\n")[0])
    add = made.add_argument
    add("--footage", type=Path, required=True, help="recording of one camera, or a folder of them")
    add("--site", type=Path, required=True, help="the site file")
    add("--camera", help="which camera of the site")
    add("--out", type=Path, required=True, help="folder for the model")
    add("--name", help="of the model; made from site and camera if not given")
    add("--teacher", default="yolox-nano", help="detector of the manifest that labels")
    add(
        "--models-dir",
        type=Path,
        default=os.environ.get("WAYSIDE_MODELS"),
        help="folder of the teacher's file, as for wayside; a manifest.toml in it adds models",
    )
    add(
        "--student",
        type=Path,
        default=REPOSITORY / "models" / "wayside-junction-fp32.onnx",
        help="checkpoint, or float ONNX file of this detector, to start from",
    )
    add("--mix", type=Path, help="rendered dataset to mix in")
    add("--mix-share", type=float, default=0.2, help="share of rendered frames")
    length = made.add_mutually_exclusive_group()
    length.add_argument("--minutes", type=float, help="length of the training (20)")
    length.add_argument("--crops", type=int, help="length of the training instead")
    add("--hold", type=float, default=0.5, help="share of the recording, its end, to judge on")
    add("--apart", type=float, default=1.0, help="seconds between the two parts")
    add("--step", type=float, default=0.12, help="least seconds between two frames that are learnt")
    add("--still", type=float, default=10.0, help="seconds between frames where nothing moves")
    add("--frames", type=int, default=2000, help="most frames that are learnt")
    add("--judged", type=int, default=300, help="most frames that are judged")
    add("--lr", type=float, default=1e-3, help="peak of the learning rate")
    add("--objects", type=float, default=0.1, help="share of crops that choose an object")
    add("--threads", type=int, default=1)
    add("--loaders", type=int, default=0, help="processes that make crops")
    add("--seed", type=int, default=1)
    add("--wayside", help="the program; looked for on the path and in target/")
    add("--keep", action="store_true", help="keep OUT/work, with pictures of people as they are")
    return made


def main(argv: list[str] | None = None) -> int:
    """Runs the command; 3 where an input is refused."""
    given = list(sys.argv[1:] if argv is None else argv)
    args = parser().parse_args(given)
    problems = {
        "--hold": 0.05 <= args.hold <= 0.95,
        "--mix-share": 0.0 < args.mix_share < 1.0,
        "--step": args.step >= 0.0,
        "--frames": args.frames > 0,
        "--judged": args.judged > 0,
        "--apart": args.apart >= 0.0,
    }
    for name, good in problems.items():
        if not good:
            parser().error(f"{name} is out of range")
    if args.minutes is None and args.crops is None:
        args.minutes = 20.0
    try:
        report = Run(args, given).all()
    except (
        FootageError,
        TeacherError,
        ProductError,
        ObservationError,
        DatasetError,
        SpecialiseError,
        StartError,
    ) as error:
        print(f"error: {error}", file=sys.stderr)
        return 3
    args.out.joinpath("figures.json").write_text(json.dumps(report, indent=1))
    return 0


if __name__ == "__main__":
    sys.exit(main())
