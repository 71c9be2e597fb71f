"""How far a student agrees with its teacher.

A student's box is matched when a box of the teacher of the same group (vehicles, two-wheelers,
people) overlaps it by an IoU of 0.5, one to one, the student's best scores first. A box that meets
only what the teacher itself doubts (scores below its `score_min`) counts neither way. All others
are unmatched, doubles and parts included: some of them are road users that the teacher missed.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field

import numpy as np

from detector.decode import Found, overlap
from detector.judge import GROUP_OF, MATCH_IOU, wilson
from detector.net import CLASSES

UNMATCHED_MAX = 0.10
HEIGHT_MIN_PX = 24.0
STRICT = "all, if one in ten of any height is unmatched"
DOUBT_IOU = 0.3
DOUBT_SHARE = 0.5


@dataclass
class Reference:
    """What the teacher says of one frame."""

    box: np.ndarray
    """float32 [n, 4], pixels of the picture."""
    label: np.ndarray
    """int [n]."""
    sure: np.ndarray
    """bool [n]: score of at least `score_min`; the others are doubted."""
    confirmed: np.ndarray
    """bool [n]: tracking confirms it."""
    old: np.ndarray
    """bool [n]: it stood there already in the part that was learnt."""
    thing: np.ndarray
    """int [n]: boxes of one road user share a number, within the recording."""


@dataclass
class Row:
    """One box that the student should have found."""

    label: int
    height: float
    score: float
    """Of the student's box; -1 where there is none."""
    said: int
    """Class of the student's box."""
    confirmed: bool
    old: bool
    thing: int


@dataclass
class Agreement:
    """Collects frame after frame."""

    rows: list[Row] = field(default_factory=list)
    boxes: list[tuple[float, bool, float]] = field(default_factory=list)
    """Score of a student's box, whether it is matched, height; doubtful ones are left out."""
    frames: int = 0

    def add(self, reference: Reference, found: Found) -> None:
        """Takes in one frame."""
        self.frames += 1
        order = np.argsort(-found[1], kind="stable")
        box, score, label = (part[order] for part in found)
        iou, share = overlap(box, reference.box)
        same = GROUP_OF[label][:, None] == GROUP_OF[reference.label][None]
        fits = np.where(same & reference.sure[None], iou, 0.0)
        doubted = ((iou >= DOUBT_IOU) | (share >= DOUBT_SHARE)) & ~reference.sure[None]
        match = np.full(len(reference.label), -1)
        for i in range(len(box)):
            free = np.where(match < 0, fits[i], 0.0)
            best = int(free.argmax()) if len(free) else -1
            matched = best >= 0 and free[best] >= MATCH_IOU
            if matched:
                match[best] = i
            if matched or not doubted[i].any():
                self.boxes.append((float(score[i]), bool(matched), float(box[i, 3] - box[i, 1])))
        for r in np.flatnonzero(reference.sure):
            m = match[r]
            got = (float(score[m]), int(label[m])) if m >= 0 else (-1.0, -1)
            height = float(reference.box[r, 3] - reference.box[r, 1])
            flags = (bool(reference.confirmed[r]), bool(reference.old[r]), int(reference.thing[r]))
            self.rows.append(Row(int(reference.label[r]), height, *got, *flags))

    def threshold(
        self, unmatched_max: float = UNMATCHED_MAX, height_min: float = HEIGHT_MIN_PX
    ) -> float:
        """Lowest score from which at most this share of the boxes over this height is unmatched; 1
        if there is none."""
        ranked = sorted(((s, m) for s, m, h in self.boxes if h > height_min), reverse=True)
        wrong = np.cumsum([not matched for _, matched in ranked])
        good = np.flatnonzero(wrong <= unmatched_max * np.arange(1, len(ranked) + 1))
        return ranked[good[-1]][0] if len(good) else 1.0

    def unmatched(self, limit: float, height_min: float) -> dict:
        """Share of unmatched boxes of this score and height, and how many boxes there are."""
        kept = [m for s, m, h in self.boxes if s >= limit and h > height_min]
        return {"share": round(1 - sum(kept) / max(len(kept), 1), 4), "boxes": len(kept)}

    def report(self, seed: int = 1) -> dict:
        """All figures as plain values."""
        limit, strict = self.threshold(), self.threshold(height_min=0.0)
        tall = [r for r in self.rows if r.height > HEIGHT_MIN_PX]
        cells = {"all": tall, "tracking confirms": [r for r in tall if r.confirmed]}
        cells["there while learning"] = [r for r in tall if r.old]
        cells["new"] = [r for r in tall if not r.old]
        for label, name in enumerate(CLASSES):
            cells[name] = [r for r in tall if r.label == label]
        for low, high in ((24, 48), (48, 96), (96, math.inf)):
            name = f"{low} to {high} px" if high < math.inf else f"over {low} px"
            cells[name] = [r for r in tall if low < r.height <= high]
        found = [r for r in tall if r.score >= limit]
        right = {"all": found} | {
            n: [r for r in found if r.label == i] for i, n in enumerate(CLASSES)
        }
        rng = np.random.default_rng(seed)
        recall = {k: share(v, [r.score >= limit for r in v], rng) for k, v in cells.items() if v}
        if tall:
            recall[STRICT] = share(tall, [r.score >= strict for r in tall], rng)
        return {
            "frames": self.frames,
            "threshold": round(limit, 4),
            "unmatched": self.unmatched(limit, HEIGHT_MIN_PX),
            "unmatched_any_height": self.unmatched(limit, 0.0),
            "recall": recall,
            "class_right": {
                k: share(v, [r.said == r.label for r in v], rng) for k, v in right.items() if v
            },
        }


def share(rows: list[Row], hits: list[bool], rng: np.random.Generator, draws: int = 1000) -> dict:
    """Share with a 95 % interval over road users, not boxes: boxes of one car are not independent.

    Bootstrap over road users; with fewer than ten of them the wider of that and Wilson's interval
    for so many independent draws.
    """
    things, place = np.unique([r.thing for r in rows], return_inverse=True)
    count = np.bincount(place, minlength=len(things))
    hit = np.bincount(place, weights=np.array(hits, float), minlength=len(things))
    value = float(hit.sum() / count.sum())
    drawn = rng.integers(len(things), size=(draws, len(things)))
    shares = hit[drawn].sum(1) / count[drawn].sum(1)
    low, high = (float(v) for v in np.quantile(shares, (0.025, 0.975)))
    if len(things) < 10:
        plain = wilson(round(value * len(things)), len(things))
        low, high = min(low, plain[0], value), max(high, plain[1], value)
    return {
        "share": round(value, 4),
        "low": round(low, 4),
        "high": round(high, 4),
        "boxes": len(rows),
        "road_users": len(things),
    }
