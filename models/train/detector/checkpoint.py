"""What training leaves: weights, their running mean, and enough to go on."""

from __future__ import annotations

import copy
import os
from pathlib import Path
from typing import Any

import torch

from .net import CLASSES, Net, Shape


class Mean:
    """Running mean of the weights (EMA). Early on it forgets faster, else it would lag."""

    def __init__(self, net: Net, decay: float = 0.9985) -> None:
        self.net = copy.deepcopy(net).eval()
        self.decay, self.steps = decay, 0
        for value in self.net.parameters():
            value.requires_grad_(False)

    @torch.no_grad()
    def update(self, net: Net) -> None:
        """Takes in the weights after one step."""
        self.steps += 1
        decay = min(self.decay, (1 + self.steps) / (10 + self.steps))
        for mean, now in zip(self.net.state_dict().values(), net.state_dict().values()):
            if mean.dtype.is_floating_point:
                mean.mul_(decay).add_(now, alpha=1 - decay)
            else:
                mean.copy_(now)


def save(path: Path, net: Net, mean: Mean, optimizer: Any, progress: dict) -> None:
    """Writes beside and renames: a reader never sees half a file."""
    state = {
        "classes": CLASSES,
        "shape": net.shape.to_dict(),
        "net": net.state_dict(),
        "mean": mean.net.state_dict(),
        "mean_steps": mean.steps,
        "optimizer": optimizer.state_dict() if optimizer else None,
        "progress": progress,
    }
    beside = path.with_name(path.name + ".part")
    torch.save(state, beside)
    os.replace(beside, path)


def load(path: str | Path) -> dict:
    """The state of a checkpoint; a clear error where it does not fit."""
    try:
        state = torch.load(path, map_location="cpu")
    except (OSError, RuntimeError, EOFError, ValueError) as error:
        raise SystemExit(f"{path} is not a checkpoint of the detector: {error}") from error
    if not isinstance(state, dict) or tuple(state.get("classes", ())) != CLASSES:
        raise SystemExit(f"{path} is not a checkpoint of the detector with classes {CLASSES}")
    return state


def load_net(path: str | Path) -> Net:
    """The net with the mean weights, ready to judge or export."""
    state = load(path)
    net = Net(Shape.from_dict(state["shape"]))
    net.load_state_dict(state["mean"])
    return net.eval()
