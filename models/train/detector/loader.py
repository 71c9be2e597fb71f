"""Batches of crops and targets, in this thread or from processes of their own.

A process hands its batches over in shared memory: copying 5 MB through a pipe would cost as much
as making them.
"""

from __future__ import annotations

import multiprocessing as mp
import queue
from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np

from .crops import Cropper, Mix
from .dataset import Dataset
from .net import STRIDE
from .targets import CHANNELS, draw

SLOTS = 4
"""Batches that a process may be ahead."""

Batch = tuple[np.ndarray, np.ndarray]
"""Images uint8 [N, S, S, 3] BGR and targets float32 [N, CHANNELS, S/8, S/8]."""


@dataclass(frozen=True)
class Plan:
    """What to load."""

    folders: tuple[str, ...]
    batch: int = 16
    sizes: tuple[int, ...] = (416,)
    """Sides of the crops; each batch draws one."""
    seed: int = 1
    growing: bool = False
    refresh_every: int = 40
    """Batches between looks for new frames of a growing dataset."""
    mix: Mix = field(default_factory=Mix)


def generate(plan: Plan, images: list[np.ndarray], targets: list[np.ndarray]) -> Iterator[Batch]:
    """Fills the given buffers in turn, endlessly: [batch, S, S, 3] flat for the largest S."""
    rng = np.random.default_rng(plan.seed)
    cropper = Cropper([Dataset(f) for f in plan.folders], plan.mix)
    for number in range(1 << 62):
        if plan.growing and number and number % plan.refresh_every == 0:
            cropper.refresh()
        size = int(plan.sizes[rng.integers(len(plan.sizes))])
        cells = size // STRIDE
        shape, packed = (plan.batch, size, size, 3), (plan.batch, CHANNELS, cells, cells)
        slot = number % len(images)
        image = images[slot][: int(np.prod(shape))].reshape(shape)
        target = targets[slot][: int(np.prod(packed))].reshape(packed)
        for i in range(plan.batch):
            image[i], boxes = cropper.draw(size, rng)
            draw(boxes, size, target[i])
        yield image, target


def _lengths(plan: Plan) -> tuple[int, int]:
    size = max(plan.sizes)
    return plan.batch * size * size * 3, plan.batch * CHANNELS * (size // STRIDE) ** 2


class Loader:
    """`with Loader(plan, processes) as loader: images, targets = loader.next()`.

    The arrays are valid until the following `next`.
    """

    def __init__(self, plan: Plan, processes: int = 0) -> None:
        self._plan = plan
        self._workers: list[_Worker] = []
        self._turn = 0
        if processes == 0:
            pixels, cells = _lengths(plan)
            buffers = [np.empty(pixels, np.uint8)], [np.empty(cells, np.float32)]
            self._local = generate(plan, *buffers)
        for k in range(processes):
            self._workers.append(_Worker(plan, k))

    def next(self) -> Batch:
        """The next batch; raises what went wrong in a worker."""
        if not self._workers:
            return next(self._local)
        self._turn = (self._turn + 1) % len(self._workers)
        return self._workers[self._turn].next()

    def close(self) -> None:
        """Ends the processes."""
        for worker in self._workers:
            worker.close()

    def __enter__(self) -> "Loader":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


class _Worker:
    """One process and the memory that it shares."""

    def __init__(self, plan: Plan, number: int) -> None:
        context = mp.get_context("fork")
        pixels, cells = _lengths(plan)
        raw = [context.RawArray("B", pixels) for _ in range(SLOTS)]
        packed = [context.RawArray("f", cells) for _ in range(SLOTS)]
        self._images = [np.frombuffer(r, np.uint8) for r in raw]
        self._targets = [np.frombuffer(p, np.float32) for p in packed]
        self._free, self._ready = context.Semaphore(SLOTS), context.Queue()
        self._slot = -1
        seeded = Plan(**{**plan.__dict__, "seed": plan.seed * 1009 + number})
        self._process = context.Process(target=self._run, args=(seeded,), daemon=True)
        self._process.start()

    def _run(self, plan: Plan) -> None:
        import cv2

        cv2.setNumThreads(1)
        try:
            batches = generate(plan, self._images, self._targets)
            while True:
                self._free.acquire()
                images, targets = next(batches)
                self._ready.put((images.shape, targets.shape))
        except KeyboardInterrupt:
            pass
        except Exception as error:  # Told to the trainer, which stops.
            self._ready.put(error)

    def next(self) -> Batch:
        if self._slot >= 0:
            self._free.release()
        self._slot = (self._slot + 1) % SLOTS
        while True:
            try:
                message = self._ready.get(timeout=10)
                break
            except queue.Empty:
                if not self._process.is_alive():
                    raise RuntimeError("the loader's process ended without a word") from None
        if isinstance(message, Exception):
            raise message
        shape, packed = message
        image = self._images[self._slot][: int(np.prod(shape))].reshape(shape)
        return image, self._targets[self._slot][: int(np.prod(packed))].reshape(packed)

    def close(self) -> None:
        self._process.terminate()
        self._process.join(5)
