"""Judges an embedder on vehicles and cameras that it has not seen.

    python -m embedder.score DATA MODEL [--json OUT]

MODEL is a checkpoint (.pt) or an ONNX file. A look of camera 0 is compared with looks of camera 1.
Whoever stands in the same gallery was seen in the same light, as in a section: telling night from
day is no merit. Intervals are 95 %, from drawing the vehicles again (bootstrap).
"""

from __future__ import annotations

import argparse
import json
import sys
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from . import CLASSES
from .data import Crops, read
from .lights import LIGHTS

GALLERY = 20
"""Vehicles among which the right one has to be the nearest."""


@dataclass(frozen=True)
class Share:
    """A share with its interval, and the vehicles that it is from."""

    value: float
    low: float
    high: float
    vehicles: int

    def __str__(self) -> str:
        return f"{self.value:.3f} ({self.low:.3f} to {self.high:.3f}, {self.vehicles} vehicles)"


def passages(crops: Crops, vectors: np.ndarray) -> tuple[Crops, np.ndarray]:
    """One vector for all looks of a camera at a vehicle, their mean: what a passage has."""
    keys = crops.identity * 2 + crops.camera
    _, first, which = np.unique(keys, return_index=True, return_inverse=True)
    total = np.zeros((len(first), vectors.shape[1]))
    np.add.at(total, which, vectors)
    return crops.of(first), total / np.linalg.norm(total, axis=1, keepdims=True)


def rank1(
    crops: Crops, vectors: np.ndarray, gallery: int = GALLERY, same_class: bool = False,
    wanted: np.ndarray | None = None, seed: int = 5,
) -> Share:  # fmt: skip
    """How often the right vehicle is the nearest among `gallery` of the same light.

    Each look of camera 0 (that `wanted` [N] holds) is asked about. The other vehicles are drawn
    from all of the same light, each with one look of camera 1; the probability that none of
    `gallery - 1` drawn ones is nearer is computed, not sampled. Ties count as lost.
    """
    rng = np.random.default_rng(seed)
    ours = np.nonzero(crops.camera == 0)[0]
    theirs = np.nonzero(crops.camera == 1)[0]
    order = rng.permutation(theirs)
    _, first = np.unique(crops.identity[order], return_index=True)
    pool = order[first]
    per: dict[int, list[float]] = {}
    for query in ours:
        if wanted is not None and not wanted[query]:
            continue
        fair = (crops.light[pool] == crops.light[query]) & (
            crops.identity[pool] != crops.identity[query]
        )
        if same_class:
            fair &= crops.class_number[pool] == crops.class_number[query]
        others = np.sort(vectors[pool[fair]] @ vectors[query])
        if len(others) < gallery - 1:
            continue
        for right in theirs[crops.identity[theirs] == crops.identity[query]]:
            below = int(np.searchsorted(others, vectors[right] @ vectors[query], "left"))
            per.setdefault(int(crops.identity[query]), []).append(
                _all_below(below, len(others), gallery - 1)
            )
    return _share(np.array([np.mean(values) for values in per.values()]), rng)


def _all_below(below: int, total: int, drawn: int) -> float:
    """Probability that all of `drawn` out of `total` are among the `below` lesser ones."""
    steps = np.arange(drawn)
    return float(np.prod(np.maximum(below - steps, 0) / (total - steps)))


def _share(values: np.ndarray, rng: np.random.Generator) -> Share:
    if len(values) == 0:
        return Share(float("nan"), float("nan"), float("nan"), 0)
    means = values[rng.integers(len(values), size=(1000, len(values)))].mean(1)
    low, high = np.quantile(means, [0.025, 0.975])
    return Share(float(values.mean()), float(low), float(high), len(values))


def pairs(crops: Crops, vectors: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Similarities across the cameras, under the same light: of the same vehicle, of others."""
    same, other = [], []
    theirs = np.nonzero(crops.camera == 1)[0]
    for query in np.nonzero(crops.camera == 0)[0]:
        match = theirs[crops.identity[theirs] == crops.identity[query]]
        same.append(vectors[match] @ vectors[query])
        fair = (crops.light[theirs] == crops.light[query]) & (
            crops.identity[theirs] != crops.identity[query]
        )
        other.append(vectors[theirs[fair]] @ vectors[query])
    return np.concatenate(same), np.concatenate(other)


def equal_error(same: np.ndarray, other: np.ndarray) -> tuple[float, float]:
    """The rate at which as many of the same are refused as of others are accepted, and the
    similarity at which that is."""
    same, other = np.sort(same), np.sort(other)
    at = np.quantile(np.concatenate((same, other)), np.linspace(0, 1, 4001))
    refused = np.searchsorted(same, at, "left") / len(same)
    accepted = 1 - np.searchsorted(other, at, "left") / len(other)
    best = int(np.argmin(np.abs(refused - accepted)))
    return float((refused[best] + accepted[best]) / 2), float(at[best])


def threshold(same: np.ndarray, other: np.ndarray, false_matches: float) -> tuple[float, float]:
    """The similarity that a share `false_matches` of other vehicles reaches, and the share of the
    same vehicle that reaches it."""
    at = float(np.quantile(other, 1 - false_matches))
    return at, float(np.mean(same > at))


def figures(crops: Crops, vectors: np.ndarray) -> dict[str, str]:
    """All figures of the card, by name."""
    day = crops.light == LIGHTS.index("day")
    by_day, together = crops.of(day), passages(crops, vectors)
    passed_day = together[0].light == LIGHTS.index("day")
    out = {
        "vehicles, crops": f"{crops.identities()}, {len(crops.identity)}",
        "rank-1 of 20, day at both cameras": str(rank1(by_day, vectors[day])),
        "rank-1 of 20, all lights": str(rank1(crops, vectors)),
        "rank-1 of 20, day at both cameras, a passage": str(
            rank1(together[0].of(passed_day), together[1][passed_day])
        ),
        "rank-1 of 20, all lights, a passage": str(rank1(*together)),
        "rank-1 of 50, all lights": str(rank1(crops, vectors, 50)),
    }
    for number, light in enumerate(LIGHTS):
        chosen = crops.light == number
        out[f"rank-1 of 20, {light} at camera 0"] = str(rank1(crops, vectors, wanted=chosen))
    for number, name in enumerate(CLASSES):
        chosen = crops.class_number == number
        out[f"rank-1 of 20, {name} among all"] = str(rank1(crops, vectors, wanted=chosen))
        out[f"rank-1 of 20, {name} among its class"] = str(
            rank1(crops, vectors, same_class=True, wanted=chosen)
        )
    front = np.abs(crops.azimuth_deg) < 90
    ends = {}
    for who, camera, is_front in zip(crops.identity, crops.camera, front):
        ends.setdefault(int(who), [set(), set()])[camera].add(bool(is_front))
    same_end = np.array([ends[int(who)][0] == ends[int(who)][1] for who in crops.identity])
    cuts = {
        "both cameras at the same end": same_end,
        "cameras at opposite ends": ~same_end,
        "no patches": crops.patched == 0,
        "box under 48 px": crops.size_px < 48,
        "box 96 px and more": crops.size_px >= 96,
    }
    for name, chosen in cuts.items():
        out[f"rank-1 of 20, {name}"] = str(rank1(crops, vectors, wanted=chosen))
    for name, (some, values) in {"a look": (crops, vectors), "a passage": together}.items():
        same, other = pairs(some, values)
        rate, at = equal_error(same, other)
        out[f"equal error rate, {name}"] = f"{rate:.4f} at similarity {at:.3f}"
        at, kept = threshold(same, other, 1e-3)
        out[f"one false match in 1,000, {name}"] = f"similarity {at:.3f}, finds {kept:.3f} of the same"
    return out


def vectors_of(model: Path, crops: Crops) -> np.ndarray:
    """Vectors float32 [N, 64] from a checkpoint or an ONNX file."""
    if model.suffix == ".onnx":
        from .export import run

        return run(model, crops.pixels)
    from .fit import embed
    from .net import load

    return embed(load(str(model))[0], crops.pixels)


def main(arguments: list[str] | None = None) -> int:
    """The command line."""
    parser = argparse.ArgumentParser(prog="embedder.score", description=__doc__.split("\n")[0])
    parser.add_argument("data", type=Path, help="folder that embedder.crops wrote")
    parser.add_argument("model", type=Path, help="checkpoint or ONNX file")
    parser.add_argument("--json", type=Path, help="file to write the figures to")
    given = parser.parse_args(arguments)
    try:
        crops = read(given.data).both_cameras()
        vectors = vectors_of(given.model, crops)
    except (OSError, ValueError) as error:
        parser.error(str(error))
    found = figures(crops, vectors)
    for name, value in found.items():
        print(f"{name}: {value}")
    if given.json:
        given.json.write_text(json.dumps(found, indent=1) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
