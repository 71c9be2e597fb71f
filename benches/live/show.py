"""Tables for people."""

from __future__ import annotations

import os
import pathlib
import platform
from typing import Optional, Sequence

from places import CORES


def table(head: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    """Rows under a head, each column as wide as its widest cell."""
    cells = [[str(cell) for cell in row] for row in (head, *rows)]
    widths = [max(len(row[column]) for row in cells) for column in range(len(head))]
    lines = ["| " + " | ".join(cell.ljust(width) for cell, width in zip(row, widths)) + " |" for row in cells]
    lines.insert(1, "|" + "|".join("-" * (width + 2) for width in widths) + "|")
    return "\n".join(lines)


def ms(seconds: Optional[float]) -> str:
    """Seconds as milliseconds; a dash where there were none."""
    return "-" if seconds is None else f"{1000 * seconds:.1f}"


def ratio(above: Optional[float], below: Optional[float]) -> Optional[float]:
    """None where it has no meaning."""
    return above / below if above is not None and below else None


def number(value: Optional[float], digits: int = 1) -> str:
    """A dash where there is none."""
    return "-" if value is None else f"{value:.{digits}f}"


def machine() -> dict[str, object]:
    """What the figures were taken on."""
    name = platform.machine()
    try:
        lines = pathlib.Path("/proc/cpuinfo").read_text().splitlines()
        name = next(line.split(":", 1)[1].strip() for line in lines if line.startswith("model name"))
    except (OSError, StopIteration):
        pass
    return {"processor": name, "processors": CORES, "load": round(os.getloadavg()[0], 2)}
