"""Where things are, and what every subcommand shares."""

from __future__ import annotations

import os
import pathlib

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
WORK = ROOT / "out" / "bench" / "live"
EXAMPLE = ROOT / "examples" / "junction"

CORES = os.cpu_count() or 1
"""Processors that the system shows; hyperthreads count."""


def program() -> pathlib.Path:
    """The program that is measured: the release build, or what WAYSIDE_PROGRAM names."""
    named = os.environ.get("WAYSIDE_PROGRAM")
    path = pathlib.Path(named) if named else ROOT / "target" / "release" / "wayside"
    if not path.is_file():
        raise SystemExit(f"{path} is not there: cargo build --release -p wayside")
    return path
