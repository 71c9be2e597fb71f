"""Trains the detector: `python -m detector.fit --data DIR --out net.pt --minutes 70`.

The schedule follows the share of the crops or minutes that are over, so that a run of any length
ends with a small learning rate. Throughput decides the result here, hence bfloat16 and the layout
with channels last (2.5 times float32 with channels first on a CPU with AVX-512 BF16), and crops
smaller than the final input for most of the run: the net is convolutional, and a crop of 288 costs
half of one of 416 while it shows as many chosen objects.
"""

from __future__ import annotations

import argparse
import csv
import math
import sys
import time
from pathlib import Path

import torch

from . import checkpoint, quick
from .crops import Cropper, Mix
from .dataset import Dataset, DatasetError
from .loader import Loader, Plan
from .loss import losses
from .net import Net, Shape, parameters

LOG_S = 10.0
SAVE_S = 120.0
COLUMNS = "seconds crops rate lr heat modal amodal gradient".split()


def rate(share: float, peak: float, warm: float = 0.02, last: float = 0.02) -> float:
    """Learning rate at a share of the run: a linear rise, then half a cosine down."""
    if share < warm:
        return peak * (0.05 + 0.95 * share / warm)
    fall = min((share - warm) / (1 - warm), 1.0)
    return peak * (last + (1 - last) * 0.5 * (1 + math.cos(math.pi * fall)))


def optimizer_of(net: Net, lr: float, decay: float) -> torch.optim.Optimizer:
    """AdamW; weight decay on the convolutions' weights only."""
    plain = [p for p in net.parameters() if p.ndim == 1]
    weights = [p for p in net.parameters() if p.ndim > 1]
    groups = [{"params": weights, "weight_decay": decay}, {"params": plain, "weight_decay": 0.0}]
    return torch.optim.AdamW(groups, lr=lr)


def step(net: Net, images: torch.Tensor, targets: torch.Tensor, half: bool):
    """Losses of one batch. Images [N, S, S, 3] uint8, as the loader gives them."""
    # The permuted view of [N, H, W, C] is what "channels last" means: no copy.
    x = images.permute(0, 3, 1, 2).float()
    with torch.autocast("cpu", torch.bfloat16, enabled=half):
        features = net.features(x)
    logits, logs = net.heads(*(f.float() for f in features))
    return losses(logits, logs, targets)


class Run:
    """One training run: state, clock, log."""

    def __init__(self, args: argparse.Namespace) -> None:
        self.args, self.out = args, Path(args.out)
        self.crops, self.before_s = 0, 0.0
        state = None
        if args.resume and self.out.exists():
            state = checkpoint.load(self.out)
        elif args.init:
            state = checkpoint.load(args.init)
        self.net = Net(Shape.from_dict(state["shape"]) if state else Shape())
        if state:
            self.net.load_state_dict(state["net" if args.resume else "mean"])
        self.net = self.net.to(memory_format=torch.channels_last)
        self.mean = checkpoint.Mean(self.net, args.mean)
        self.optimizer = optimizer_of(self.net, args.lr, args.decay)
        if state and args.resume and state["optimizer"]:
            self.mean.net.load_state_dict(state["mean"])
            self.mean.steps = state["mean_steps"]
            self.optimizer.load_state_dict(state["optimizer"])
            self.crops = state["progress"]["crops"]
            self.before_s = state["progress"]["seconds"]
        self.start = time.monotonic()

    @property
    def seconds(self) -> float:
        """Training time so far, with that before a resume."""
        return self.before_s + time.monotonic() - self.start

    @property
    def share(self) -> float:
        """How much of the run is over, 0 to 1."""
        if self.args.minutes:
            return self.seconds / (self.args.minutes * 60)
        return self.crops / self.args.crops

    def save(self) -> None:
        progress = {"crops": self.crops, "seconds": self.seconds, "args": vars(self.args).copy()}
        checkpoint.save(self.out, self.net, self.mean, self.optimizer, progress)

    def train(self) -> None:
        """Trains to the end; keeps checkpoints, the log and the learning curve."""
        args = self.args
        self.out.parent.mkdir(parents=True, exist_ok=True)
        curve = quick.Curve(args.hold, self.out.with_suffix(".curve.csv"), args.hold_tiles)
        phases = [(1.0 - args.final, tuple(args.sizes)), (1.0, (416,))]
        fresh = not (args.resume and self.crops)
        with open(self.out.with_suffix(".log.csv"), "w" if fresh else "a", newline="") as file:
            log = csv.writer(file)
            if fresh:
                log.writerow(COLUMNS)
            for number, (until, sizes) in enumerate(phases):
                if self.share >= until:
                    continue
                seed = args.seed * 7919 + self.crops + number
                mix = Mix(objects=args.objects, augment=not args.plain)
                plan = Plan(tuple(args.data), args.batch, sizes, seed, args.growing, mix=mix)
                with Loader(plan, args.loaders) as loader:
                    self._phase(loader, until, log, file, curve)
            self.save()
            curve.measure(self)
        print(f"done: {self.crops} crops in {self.seconds:.0f} s, {self.out}", flush=True)

    def _phase(self, loader: Loader, until: float, log, file, curve: "quick.Curve") -> None:
        args = self.args
        sums, count, since = torch.zeros(4), 0, (time.monotonic(), self.crops)
        saved = time.monotonic()
        next_hold = (self.crops // args.every + 1) * args.every
        while self.share < until:
            lr = rate(self.share, args.lr)
            for group in self.optimizer.param_groups:
                group["lr"] = lr
            images, targets = loader.next()
            found = step(
                self.net, torch.from_numpy(images), torch.from_numpy(targets), not args.float32
            )
            self.optimizer.zero_grad(set_to_none=True)
            found.total().backward()
            norm = torch.nn.utils.clip_grad_norm_(self.net.parameters(), args.clip)
            if not torch.isfinite(norm):
                print(f"skipped a step at {self.crops} crops: the gradient is {norm}", flush=True)
                continue
            self.optimizer.step()
            self.mean.update(self.net)
            self.crops += len(images)
            sums += torch.stack((found.heat, found.modal, found.amodal, norm)).detach()
            count += 1
            now = time.monotonic()
            if now - since[0] >= LOG_S:
                heat, modal, amodal, gradient = (sums / count).tolist()
                speed = (self.crops - since[1]) / (now - since[0])
                row = [round(self.seconds), self.crops, round(speed, 1), f"{lr:.2e}"]
                row += [round(v, 4) for v in (heat, modal, amodal, gradient)]
                log.writerow(row)
                file.flush()
                print(
                    f"{row[0]:6d} s {self.crops:7d} crops {speed:5.1f}/s lr {lr:.1e} heat {heat:.3f}"
                    f" modal {modal:.3f} amodal {amodal:.3f} gradient {gradient:.2f}",
                    flush=True,
                )
                sums, count, since = torch.zeros(4), 0, (now, self.crops)
            if now - saved >= SAVE_S:
                self.save()
                saved = now
            if args.hold and self.crops >= next_hold:
                next_hold += args.every
                before = time.monotonic()
                curve.measure(self)
                # The pause is not part of the speed.
                since = (since[0] + time.monotonic() - before, since[1])


def wait_for_frames(folders: list[str], frames: int, growing: bool) -> None:
    """Waits until a growing dataset has enough; else says what is there."""
    said = False
    while True:
        try:
            cropper = Cropper([Dataset(f) for f in folders])
            have = cropper.refresh()
            if have >= max(frames, 1) or (not growing and have > 0):
                print(f"{have} frames, boxes: {cropper.counts()}", flush=True)
                return
            problem = f"{have} frames in {', '.join(folders)}, {frames} wanted"
        except DatasetError as error:
            problem = str(error)
        if not growing:
            raise SystemExit(problem)
        if not said:
            print(f"waiting: {problem}", flush=True)
            said = True
        time.sleep(5)


def main(argv: list[str] | None = None) -> None:
    """The command line."""
    parser = argparse.ArgumentParser(prog="detector.fit", description=__doc__.split("\n")[0])
    add = parser.add_argument
    add("--data", action="append", required=True, help="dataset folder; may be given again")
    add("--out", required=True, help="checkpoint to write; the log goes beside it")
    add("--minutes", type=float, help="length of the run")
    add("--crops", type=int, help="length of the run instead")
    add("--init", help="checkpoint to start from")
    add("--resume", action="store_true", help="go on from --out where it exists")
    add("--hold", help="dataset folder to judge on while training")
    add("--every", type=int, default=15000, help="crops between judgements")
    add("--hold-tiles", type=int, default=240, help="tiles of a judgement")
    add("--growing", action="store_true", help="the datasets are still being written")
    add("--frames-min", type=int, default=100, help="frames of a growing dataset to wait for")
    add("--batch", type=int, default=16)
    add("--sizes", type=_sizes, default=(288, 352, 416), help="sides of the crops, by commas")
    add("--final", type=float, default=0.15, help="share of the run at the end with 416 only")
    add("--objects", type=float, default=0.5, help="share of crops that choose an object")
    add("--lr", type=float, default=2e-3)
    add("--decay", type=float, default=0.02, help="weight decay")
    add("--mean", type=float, default=0.9985, help="decay of the running mean of the weights")
    add("--clip", type=float, default=10.0, help="longest gradient")
    add("--threads", type=int, default=1)
    add("--loaders", type=int, default=0, help="processes that make crops; 0: this thread")
    add("--seed", type=int, default=1)
    add("--float32", action="store_true", help="no bfloat16")
    add("--plain", action="store_true", help="no changes of the pixels")
    args = parser.parse_args(argv)
    if (args.minutes is None) == (args.crops is None):
        parser.error("give either --minutes or --crops")
    torch.set_num_threads(args.threads)
    # Squares of tiny gradients in the optimiser are denormal, and those are slow.
    torch.set_flush_denormal(True)
    torch.manual_seed(args.seed)
    import cv2

    cv2.setNumThreads(1)
    wait_for_frames(args.data, args.frames_min if args.growing else 1, args.growing)
    run = Run(args)
    print(f"{parameters(run.net)} parameters, from {run.crops} crops", flush=True)
    try:
        run.train()
    except DatasetError as error:
        raise SystemExit(f"error: {error}") from error


def _sizes(text: str) -> tuple[int, ...]:
    sizes = tuple(int(part) for part in text.split(","))
    if any(size % 32 or not 64 <= size <= 416 for size in sizes):
        raise argparse.ArgumentTypeError("sizes are multiples of 32 from 64 to 416")
    return sizes


if __name__ == "__main__":
    sys.exit(main())
