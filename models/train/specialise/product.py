"""Runs the program `wayside`: where a detector looks, and what tracking makes of it."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import tomllib
from datetime import datetime
from pathlib import Path

from .observations import Seen, read

REPOSITORY = Path(__file__).resolve().parents[3]


class ProductError(Exception):
    """The program is missing, or refused; the message holds what it said."""


def find(named: str | None) -> Path:
    """The program: as named, as WAYSIDE_PROGRAM says, on the path, or as cargo built it."""
    named = named or os.environ.get("WAYSIDE_PROGRAM")
    if named:
        found = shutil.which(named)
        if not found:
            raise ProductError(f"{named} is not a program that can be run")
        return Path(found)
    built = [REPOSITORY / "target" / kind / "wayside" for kind in ("release", "debug")]
    for path in (shutil.which("wayside"), *built):
        if path and Path(path).is_file():
            return Path(path)
    raise ProductError(
        "the program wayside was not found: build it (cargo build --release)"
        " or name it with --wayside"
    )


def _environment() -> dict[str, str]:
    """With the ONNX Runtime library of this Python's package, unless the user chose another."""
    env = dict(os.environ)
    if "WAYSIDE_ONNXRUNTIME" not in env:
        import onnxruntime

        folder = Path(onnxruntime.__file__).parent / "capi"
        library = next(iter(sorted(folder.glob("libonnxruntime.so*"))), None)
        if library:
            env["WAYSIDE_ONNXRUNTIME"] = str(library)
    return env


def _run(command: list[str], show: bool = False) -> str:
    """Standard output; `show` leaves its progress on standard error to be seen."""
    errors = None if show else subprocess.PIPE
    try:
        ran = subprocess.run(
            command, env=_environment(), stdout=subprocess.PIPE, stderr=errors, text=True
        )
    except OSError as error:
        raise ProductError(f"{command[0]} cannot be run: {error}") from None
    if ran.returncode != 0:
        said = (ran.stderr or "").strip() or "see above"
        raise ProductError(f"`{' '.join(command[:3])}` ended with {ran.returncode}: {said}")
    return ran.stdout


def start_us(site: Path, camera: str) -> int:
    """The instant of the camera's recording at time 0, microseconds since 1970, as a replay of the
    site file has it."""
    try:
        file = tomllib.loads(site.read_text())
        own = next(c for c in file["camera"] if c["id"] == camera)
        start = datetime.fromisoformat(file["site"]["start"])
        return round(start.timestamp() * 1e6) + round(own.get("offset_s", 0.0) * 1e6)
    except (OSError, KeyError, StopIteration, TypeError, ValueError) as error:
        raise ProductError(f"{site}: the camera's start cannot be read: {error!r}") from None


def regions(
    program: Path, site: Path, camera: str | None, model: str, models_dir: Path | None
) -> tuple[str, list[tuple]]:
    """The camera's id, and the tiles (x, y, width, height in pixels of the picture)."""
    command = [str(program), "site", "regions", str(site), "--model", model, "--json"]
    command += ["--models-dir", str(models_dir)] if models_dir else []
    command += ["--camera", camera] if camera else []
    told = json.loads(_run(command))
    tiles = [(r["x"], r["y"], r["width"], r["height"]) for r in told["regions"]]
    return told["camera"], tiles


def replay(
    program: Path,
    site: Path,
    camera: str,
    model: str,
    models_dir: Path | None,
    video: Path,
    out: Path,
) -> list[Seen]:
    """What the product saw in each frame of `video` with the detector `model`."""
    command = [str(program), "replay", str(site), "--camera", camera, "--model", model]
    command += ["--models-dir", str(models_dir)] if models_dir else []
    command += ["--video", str(video), "--out", str(out), "--no-pictures"]
    _run(command, show=True)
    return read(out / "observations.binpb")
