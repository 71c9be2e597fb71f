"""Compares found boxes with the truth: recall, false boxes, thresholds, intervals.

Classes are judged in three groups, because each has a threshold of its own: motor vehicles on more
than two wheels, two-wheelers, and people (who are found only to be blurred and counted). A truth
box counts as found when a box of its group overlaps it by an IoU of 0.5; whether the class is right
is told apart. A found box is false when it overlaps nothing that is there: neither a truth box of
any class, however hidden or small, nor an ignored region.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field

import numpy as np

from .decode import Found, overlap

GROUPS = ("vehicle", "two_wheeler", "person")
GROUP_OF = np.array([0, 0, 0, 1, 1, 2])
"""Group of each class."""

FALSE_MAX = (0.03, 0.03, 0.10)
"""Share of false boxes that sets each group's threshold."""

MATCH_IOU = 0.5
TOUCH_IOU = 0.3
TOUCH_SHARE = 0.5
"""A found box with half of itself inside a truth box is a part of it, not false."""

VISIBLE_MIN = 0.5
BORDER_PX = 2.0


@dataclass
class Truth:
    """What is there in one picture."""

    label: np.ndarray
    """int [n], -1 for ignored regions."""
    box: np.ndarray
    """float32 [n, 4]."""
    visible: np.ndarray
    """float32 [n], 0 to 1."""
    size: tuple[int, int]
    """Width and height of the picture; boxes that touch its border do not count."""
    light: str = ""

    def counted(self) -> np.ndarray:
        """bool [n]: which boxes recall is about."""
        low, high = self.box[:, :2], self.box[:, 2:]
        inside = (low > BORDER_PX).all(1) & (high < np.array(self.size) - BORDER_PX).all(1)
        return (self.label >= 0) & (self.visible >= VISIBLE_MIN) & inside


@dataclass(frozen=True)
class Band:
    """A cell of the table: some classes and a range of heights."""

    name: str
    labels: tuple[int, ...]
    low_px: float
    high_px: float = math.inf

    def group(self) -> int:
        """The group whose threshold applies."""
        return int(GROUP_OF[self.labels[0]])


BANDS = (
    Band("car 32+", (0,), 32),
    Band("car 16-32", (0,), 16, 32),
    Band("truck+bus 48+", (1, 2), 48),
    Band("truck+bus 24-48", (1, 2), 24, 48),
    Band("truck 48+", (1,), 48),
    Band("bus 48+", (2,), 48),
    Band("motorcycle+bicycle 48+", (3, 4), 48),
    Band("motorcycle+bicycle 24-48", (3, 4), 24, 48),
    Band("person 48+", (5,), 48),
    Band("person 24-48", (5,), 24, 48),
)


@dataclass
class Judge:
    """Collects picture after picture."""

    truths: list[tuple[int, float, float, int, str, int]] = field(default_factory=list)
    """label, height, score of its match (-1: none), label of the match, light, picture."""
    boxes: list[tuple[int, float, bool, bool]] = field(default_factory=list)
    """group, score, false, matched."""
    pictures: int = 0

    def add(self, truth: Truth, found: Found) -> None:
        """Takes in one picture."""
        box, score, label = found
        order = np.argsort(-score, kind="stable")
        box, score, label = box[order], score[order], label[order]
        iou, share = overlap(box, truth.box)
        group = GROUP_OF[label] if len(label) else label
        theirs = np.where(truth.label >= 0, GROUP_OF[np.maximum(truth.label, 0)], -1)
        fits = np.where(group[:, None] == theirs[None], iou, 0.0)
        touches = (iou >= TOUCH_IOU) | (share >= TOUCH_SHARE)
        match = np.full(len(truth.label), -1)
        for i in range(len(box)):
            matched = False
            if len(match):
                free = np.where(match < 0, fits[i], 0.0)
                best = int(free.argmax())
                matched = bool(free[best] >= MATCH_IOU)
                if matched:
                    match[best] = i
            false = not matched and not bool(touches[i].any())
            self.boxes.append((int(group[i]), float(score[i]), false, matched))
        for t in np.flatnonzero(truth.counted()):
            height, m = float(truth.box[t, 3] - truth.box[t, 1]), match[t]
            got = (float(score[m]), int(label[m])) if m >= 0 else (-1.0, -1)
            self.truths.append((int(truth.label[t]), height, *got, truth.light, self.pictures))
        self.pictures += 1

    def threshold(self, group: int, false_max: float) -> float:
        """Lowest score at which at most this share of the group's boxes is false; 1 if none."""
        rows = sorted(((s, f) for g, s, f, _ in self.boxes if g == group), reverse=True)
        if not rows:
            return 1.0
        false = np.cumsum([f for _, f in rows]) / np.arange(1, len(rows) + 1)
        good = np.flatnonzero(false <= false_max)
        return rows[good[-1]][0] if len(good) else 1.0

    def report(self, false_max: tuple[float, ...] = FALSE_MAX, bands=BANDS) -> dict:
        """All figures as plain values."""
        limit = [self.threshold(g, false_max[g]) for g in range(len(GROUPS))]
        out: dict = {"pictures": self.pictures, "groups": {}, "recall": {}, "class_right": {}}
        for g, name in enumerate(GROUPS):
            kept = [(f, m) for group, s, f, m in self.boxes if group == g and s >= limit[g]]
            false, matched = sum(f for f, _ in kept), sum(m for _, m in kept)
            count = max(len(kept), 1)
            out["groups"][name] = {
                "threshold": round(limit[g], 4),
                "boxes": len(kept),
                "false": round(false / count, 4),
                "doubles": round((len(kept) - false - matched) / count, 4),
            }
        lights = sorted({t[4] for t in self.truths})
        for band in bands:
            rows = [t for t in self.truths if t[0] in band.labels]
            rows = [t for t in rows if band.low_px <= t[1] < band.high_px]
            cell = _cell(rows, limit[band.group()])
            if len(lights) > 1:
                by = {k: [t for t in rows if t[4] == k] for k in lights}
                cell["lights"] = {k: _cell(v, limit[band.group()]) for k, v in by.items()}
            out["recall"][band.name] = cell
        for name, labels, low in (("car", (0,), 32), ("truck+bus", (1, 2), 48)):
            rows = [t for t in self.truths if t[0] in labels and t[2] >= limit[0] and t[1] >= low]
            out["class_right"][name] = _share(sum(t[0] == t[3] for t in rows), len(rows))
        return out


def _cell(rows: list, limit: float) -> dict:
    cell = _share(sum(t[2] >= limit for t in rows), len(rows))
    cell["frames"] = len({t[5] for t in rows})
    return cell


def _share(hits: int, count: int) -> dict:
    low, high = wilson(hits, count)
    share = round(hits / count, 4) if count else None
    return {"share": share, "low": round(low, 4), "high": round(high, 4), "boxes": count}


def wilson(hits: int, count: int, z: float = 1.96) -> tuple[float, float]:
    """95 % interval of a share (Wilson 1927); 0 to 1 where nothing was counted."""
    if count == 0:
        return 0.0, 1.0
    share, square = hits / count, z * z / count
    middle = (share + square / 2) / (1 + square)
    reach = z / (1 + square) * math.sqrt(share * (1 - share) / count + square / (4 * count))
    return max(middle - reach, 0.0), min(middle + reach, 1.0)
