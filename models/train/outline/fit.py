"""Trains the outline on crops.

    python models/train outline-fit CROPS OUT.pt --minutes 22 --seed 1

The last scenes are held back; what is told right there is printed as it goes. Nothing is chosen by it: the weights are
always the last ones, averaged (EMA).
"""

from __future__ import annotations

import argparse
import copy
import math
import sys
import time
from pathlib import Path

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional as F

from . import INPUT_PX, MARGIN, OTHER
from .batches import Batches, classes, read
from .net import Net, Shape, parameters
from .score import line, shares

WEIGHTS = (1.0, 1.0, 2.0)
"""Of a pixel in the loss: background, the vehicle, others. To show another is worse than to hide the vehicle."""

OUTSIDE = 0.4
"""Of a pixel beyond the box by more than a tenth."""

TOUCHING = 3.0
"""Of a pixel where the vehicle meets another."""

RATE, DECAY, EMA = 3e-3, 0.01, 0.998
TAKEN = 0.2
"""Rate of the stages that the detector gave, as a share."""


def loss(logits: Tensor, kinds: Tensor, near: Tensor) -> Tensor:
    """Cross entropy, weighted by kind, place and whether the vehicle meets another there."""
    each = F.cross_entropy(logits, kinds, torch.tensor(WEIGHTS), reduction="none")
    own = F.max_pool2d((kinds == 1).float()[:, None], 5, 1, 2)
    other = F.max_pool2d((kinds == OTHER).float()[:, None], 5, 1, 2)
    weight = near * (1 + (TOUCHING - 1) * (own * other)[:, 0])
    return (each * weight).sum() / weight.sum()


def near_box() -> Tensor:
    """[128, 128]: 1 in the box and close by, less beyond."""
    reach = INPUT_PX / 2 * (0.5 + 0.1) / (0.5 + MARGIN)
    off = (torch.arange(INPUT_PX) + 0.5 - INPUT_PX / 2).abs()
    inside = ((off[:, None] < reach) & (off[None] < reach)).float()
    return inside + OUTSIDE * (1 - inside)


@torch.no_grad()
def _average(mean: Net, net: Net, keep: float) -> None:
    for ours, theirs in zip(mean.parameters(), net.parameters()):
        ours.lerp_(theirs, 1 - keep)
    for ours, theirs in zip(mean.buffers(), net.buffers()):
        if ours.dtype.is_floating_point:
            ours.lerp_(theirs, 1 - keep)
        else:
            ours.copy_(theirs)


def train(scenes: list[np.ndarray], held: list[np.ndarray], given: argparse.Namespace, say=print) -> tuple[Net, int]:
    """The averaged net and how many steps it took. By steps, or until the minutes are over."""
    torch.manual_seed(given.seed)
    batches = Batches(scenes, given.seed, given.names)
    net = Net(Shape()).to(memory_format=torch.channels_last)
    if given.start:
        net.load_state_dict(torch.load(given.start, map_location="cpu")["net"])
    else:
        net.start_from()
    mean = copy.deepcopy(net)
    taken = [value for name, value in net.named_parameters() if name.startswith(("stem.", "stages."))]
    fresh = [value for name, value in net.named_parameters() if not name.startswith(("stem.", "stages."))]
    groups = [{"params": fresh, "share": 1.0}, {"params": taken, "share": TAKEN}]
    optimizer = torch.optim.AdamW(groups, lr=RATE, weight_decay=DECAY)
    near = near_box()
    start, step, total, told = time.monotonic(), 0, 0.0, 0
    while True:
        spent = (time.monotonic() - start) / 60
        done = step / given.steps if given.steps else spent / given.minutes
        if done >= 1:
            break
        rate = given.rate * min(1.0, (step + 1) / 100) * (0.01 + 0.99 * 0.5 * (1 + math.cos(math.pi * done)))
        for group in optimizer.param_groups:
            group["lr"] = rate * group["share"]
        net.train()
        images, kinds = batches.batch(given.batch)
        with torch.autocast("cpu", dtype=torch.bfloat16, enabled=given.bfloat16):
            seen = net.features(images)
        value = loss(net.heads(seen), kinds, near)
        optimizer.zero_grad(set_to_none=True)
        value.backward()
        torch.nn.utils.clip_grad_norm_(net.parameters(), 5.0)
        optimizer.step()
        step += 1
        _average(mean, net, min(EMA, step / (step + 10)))
        total, told = total + float(value.detach()), told + 1
        if step % given.tell == 0:
            text = f"step {step} minutes {spent:.1f} loss {total / told:.4f}"
            if held:
                text += " held back: " + line(shares(mean.eval(), held, 400))
            say(text)
            total, told = 0.0, 0
            save(mean, step, given)
    return mean.eval(), step


def save(net: Net, step: int, given: argparse.Namespace) -> None:
    given.out.parent.mkdir(parents=True, exist_ok=True)
    state = {"net": net.state_dict(), "shape": net.shape.to_dict(), "steps": step, "seed": given.seed}
    torch.save(state, given.out)


def main(arguments: list[str] | None = None) -> int:
    """The command line."""
    parser = argparse.ArgumentParser(prog="outline-fit", description=__doc__.split("\n")[0])
    parser.add_argument("data", type=Path, nargs="+", help="folders that outline-crops wrote, then OUT.pt")
    parser.add_argument("--minutes", type=float, default=22.0)
    parser.add_argument("--steps", type=int, help="so many steps, however long they take")
    parser.add_argument("--batch", type=int, default=24)
    parser.add_argument("--rate", type=float, default=RATE)
    parser.add_argument("--held", type=int, default=12, help="scenes held back, the last ones")
    parser.add_argument("--start", type=Path, help="goes on from a checkpoint")
    parser.add_argument("--tell", type=int, default=200, help="steps between two lines")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--bfloat16", action="store_true", help="where the processor has it")
    given = parser.parse_args(arguments)
    *folders, given.out = given.data
    torch.set_num_threads(given.threads)
    try:
        scenes, given.names = read(folders), classes(folders)
    except (OSError, ValueError) as error:
        parser.error(str(error))
    if given.names and len(given.names) < sum(map(len, scenes)):
        parser.error(f"{len(given.names)} rows of crops-*.csv are not for {sum(map(len, scenes))} crops")
    if given.held >= len(scenes):
        parser.error(f"{len(scenes)} scenes leave none to train on where {given.held} are held back")
    cut = len(scenes) - given.held
    crops = sum(map(len, scenes[:cut]))
    print(f"{cut} scenes, {crops} crops, {parameters(Net())} parameters", flush=True)
    net, step = train(scenes[:cut], scenes[cut:], given, lambda text: print(text, flush=True))
    save(net, step, given)
    print(f"{step} steps, {step * given.batch} crops", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
