"""Facts for the card: what a file is, and which processor this is."""

from __future__ import annotations

import platform
from hashlib import sha256
from pathlib import Path


def digest(path: Path) -> str:
    """SHA-256 of a file."""
    found = sha256()
    with open(path, "rb") as file:
        while data := file.read(1 << 20):
            found.update(data)
    return found.hexdigest()


def processor() -> str:
    """Name of the processor."""
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
        return next(x.split(":", 1)[1].strip() for x in lines if x.startswith("model name"))
    except (OSError, StopIteration):
        return platform.processor() or "an unknown processor"
