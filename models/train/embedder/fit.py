"""Trains the embedder on pairs of views of the same vehicle (InfoNCE).

    python -m embedder.fit DATA OUT.pt --steps 2400 --seed 1

Prints the loss and rank-1 among 20 on vehicles held back from training. Nothing is chosen by that
figure: the weights are always the last ones, averaged (EMA).
"""

from __future__ import annotations

import argparse
import copy
import math
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional as F

from .batches import Pairs, middle, to_tensor
from .data import Crops, read
from .net import Net, Shape, parameters
from .score import rank1

TEMPERATURE = 0.07


@dataclass(frozen=True)
class Plan:
    """How to train."""

    steps: int = 2400
    vehicles: int = 96
    """Vehicles in a batch; two crops of each."""
    rate: float = 3e-3
    decay: float = 0.02
    ema: float = 0.998
    renew: int = 400
    """Steps between looks at which vehicles the net itself finds alike."""
    seed: int = 1
    autocast: bool = True


def loss(vectors: Tensor, temperature: float = TEMPERATURE) -> Tensor:
    """InfoNCE both ways. `vectors` [2 V, D]: row i and row V + i are the same vehicle; every other
    row, of either camera, is another one."""
    count = len(vectors)
    half = count // 2
    alike = vectors @ vectors.T / temperature
    alike = alike.masked_fill(torch.eye(count, dtype=torch.bool), float("-inf"))
    target = (torch.arange(count) + half) % count
    return F.cross_entropy(alike, target)


@torch.no_grad()
def embed(net: Net, pixels: np.ndarray, autocast: bool = False) -> np.ndarray:
    """Vectors float32 [N, 64] of stored crops uint8 [N, 72, 72, 3] RGB."""
    net.eval()
    parts = []
    for start in range(0, len(pixels), 256):
        images = middle(to_tensor(pixels[start : start + 256]))
        images = images.contiguous(memory_format=torch.channels_last)
        with torch.autocast("cpu", dtype=torch.bfloat16, enabled=autocast):
            parts.append(net(images).float().numpy())
    return np.concatenate(parts)


def train(crops: Crops, held: Crops, plan: Plan, say=print) -> Net:
    """The averaged net after `plan.steps` steps."""
    torch.manual_seed(plan.seed)
    rng = np.random.default_rng((plan.seed, 7))
    pairs = Pairs(crops)
    net = Net(Shape()).to(memory_format=torch.channels_last)
    mean = copy.deepcopy(net)
    kernels = [p for p in net.parameters() if p.ndim > 1]
    others = [p for p in net.parameters() if p.ndim <= 1]
    optimizer = torch.optim.AdamW(
        [{"params": kernels, "weight_decay": plan.decay}, {"params": others, "weight_decay": 0.0}],
        lr=plan.rate,
    )
    start, total = time.monotonic(), 0.0
    for step in range(plan.steps):
        warm = min(1.0, (step + 1) / max(1, min(100, plan.steps // 10)))
        rate = plan.rate * warm * (0.01 + 0.99 * 0.5 * (1 + math.cos(math.pi * step / plan.steps)))
        for group in optimizer.param_groups:
            group["lr"] = rate
        net.train()
        with torch.autocast("cpu", dtype=torch.bfloat16, enabled=plan.autocast):
            vectors = net(pairs.batch(rng, plan.vehicles))
        value = loss(vectors)
        optimizer.zero_grad(set_to_none=True)
        value.backward()
        torch.nn.utils.clip_grad_norm_(net.parameters(), 5.0)
        optimizer.step()
        _average(mean, net, min(plan.ema, (step + 1) / (step + 10)))
        total += float(value.detach())
        if (step + 1) % plan.renew == 0 or step + 1 == plan.steps:
            seconds = time.monotonic() - start
            line = f"step {step + 1} loss {total / (step % plan.renew + 1):.3f} seconds {seconds:.0f}"
            if len(held.identity):
                found = rank1(held, embed(mean, held.pixels, plan.autocast))
                line += f" held-back rank-1 of 20 {found.value:.3f}"
            say(line)
            total = 0.0
            if step + 1 < plan.steps:
                pairs.remember(embed(mean, crops.pixels, plan.autocast))
    return mean.eval()


@torch.no_grad()
def _average(mean: Net, net: Net, keep: float) -> None:
    for ours, theirs in zip(mean.parameters(), net.parameters()):
        ours.lerp_(theirs, 1 - keep)
    for ours, theirs in zip(mean.buffers(), net.buffers()):
        if ours.dtype.is_floating_point:
            ours.lerp_(theirs, 1 - keep)
        else:
            ours.copy_(theirs)


def main(arguments: list[str] | None = None) -> int:
    """The command line."""
    parser = argparse.ArgumentParser(prog="embedder.fit", description=__doc__.split("\n")[0])
    parser.add_argument("data", type=Path, help="folder that embedder.crops wrote")
    parser.add_argument("out", type=Path, help="checkpoint to write")
    parser.add_argument("--steps", type=int, default=Plan.steps)
    parser.add_argument("--vehicles", type=int, default=Plan.vehicles, help="in a batch")
    parser.add_argument("--identities", type=int, help="train on so many vehicles only")
    parser.add_argument("--held", type=int, default=200, help="vehicles held back, the last ones")
    parser.add_argument("--seed", type=int, default=Plan.seed)
    parser.add_argument("--threads", type=int, default=1)
    given = parser.parse_args(arguments)
    torch.set_num_threads(given.threads)
    try:
        crops = read(given.data).both_cameras()
    except (OSError, ValueError) as error:
        parser.error(str(error))
    numbers = np.unique(crops.identity)
    most = len(numbers) - given.held
    count = most if given.identities is None else given.identities
    if not 2 <= count <= most:
        parser.error(f"{count} vehicles cannot be trained on: {given.data} leaves {most}")
    held = crops.of(np.isin(crops.identity, numbers[most:]))
    crops = crops.of(np.isin(crops.identity, numbers[:count]))
    plan = Plan(steps=given.steps, vehicles=given.vehicles, seed=given.seed)
    print(f"{count} vehicles, {len(crops.identity)} crops, {parameters(Net())} parameters", flush=True)
    net = train(crops, held, plan, lambda line: print(line, flush=True))
    state = {"net": net.state_dict(), "shape": net.shape.to_dict(), "vehicles": count}
    state |= {"crops": len(crops.identity), "steps": plan.steps, "seed": plan.seed}
    given.out.parent.mkdir(parents=True, exist_ok=True)
    torch.save(state, given.out)
    return 0


if __name__ == "__main__":
    sys.exit(main())
