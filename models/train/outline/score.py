"""How many pixels are told right: `python models/train outline-score CROPS OUTLINE.pt` (crops of seeds not trained on)."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

import numpy as np
import torch

from . import INPUT_PX, MARGIN, OTHER, OWN
from .batches import middle, read, to_tensor
from .net import Net, load

SURE_OWN = (0.5, 0.7, 0.9)
"""Shares of the vehicle from which a pixel would be shown."""


@torch.no_grad()
def shares(net: Net, scenes: list[np.ndarray], most: int | None = None) -> dict[str, float]:
    """In the vehicle's box: of its pixels the share shown, and of others' pixels the share shown, by threshold."""
    crops = np.concatenate(scenes)
    if most and len(crops) > most:
        crops = crops[np.linspace(0, len(crops) - 1, most).astype(int)]
    reach = INPUT_PX / 2 * 0.5 / (0.5 + MARGIN)
    off = np.abs(np.arange(INPUT_PX) + 0.5 - INPUT_PX / 2)
    box = (off[:, None] < reach) & (off[None] < reach)
    counts = {f"{name} {level}": 0 for name in ("own", "other") for level in SURE_OWN}
    owns = others = 0
    for start in range(0, len(crops), 32):
        pictures, kinds = middle(crops[start : start + 32])
        given = torch.softmax(net(to_tensor(pictures)), 1).numpy()
        own, other = (kinds == OWN) & box, (kinds == OTHER) & box
        owns, others = owns + own.sum(), others + other.sum()
        for level in SURE_OWN:
            shown = given[:, 1] >= level
            counts[f"own {level}"] += (own & shown).sum()
            counts[f"other {level}"] += (other & shown).sum()
    return {key: float(value / max(1, owns if key.startswith("own") else others)) for key, value in counts.items()}


def line(found: dict[str, float]) -> str:
    """In one line: at each threshold the vehicle's and the others' share that is shown."""
    return ", ".join(f"{level}: own {found[f'own {level}']:.4f} others {found[f'other {level}']:.4f}" for level in SURE_OWN)


def main(arguments: list[str] | None = None) -> int:
    """The command line."""
    parser = argparse.ArgumentParser(prog="outline-score", description=__doc__)
    parser.add_argument("data", type=Path)
    parser.add_argument("checkpoint", type=Path)
    given = parser.parse_args(arguments)
    torch.set_num_threads(1)
    try:
        net, _ = load(str(given.checkpoint))
        scenes = read([given.data])
    except (OSError, ValueError) as error:
        parser.error(str(error))
    print(f"{sum(map(len, scenes))} crops: {line(shares(net, scenes))}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
