"""Reads the text format of Prometheus, and takes quantiles out of histograms."""

from __future__ import annotations

import math
import re
from typing import Optional

LINE = re.compile(r"^(\w+)(?:\{(.*)\})? (\S+)$")
LABEL = re.compile(r'(\w+)="((?:[^"\\]|\\.)*)"')

Series = dict[str, list[tuple[dict[str, str], float]]]


def parse(text: str) -> Series:
    """Every sample by its name: labels and value."""
    series: Series = {}
    for line in text.splitlines():
        found = LINE.match(line)
        if found:
            labels = dict(LABEL.findall(found.group(2) or ""))
            series.setdefault(found.group(1), []).append((labels, float(found.group(3))))
    return series


def total(series: Series, name: str, **labels: str) -> float:
    """Sum of the samples of this name that have these labels."""
    return sum(
        value
        for of, value in series.get(name, [])
        if all(of.get(key) == wanted for key, wanted in labels.items())
    )


def grown(before: Series, after: Series, name: str, **labels: str) -> float:
    """How much a counter grew."""
    return total(after, name, **labels) - total(before, name, **labels)


def values(series: Series, name: str, label: str) -> list[str]:
    """Values of a label, in order, each once."""
    return sorted({of[label] for of, _ in series.get(name, []) if label in of})


def buckets(before: Series, after: Series, name: str, **labels: str) -> list[tuple[float, float]]:
    """Upper bounds and how many observations between two looks were at or below."""
    bounds = values(after, f"{name}_bucket", "le")
    found = [(float(le), grown(before, after, f"{name}_bucket", le=le, **labels)) for le in bounds]
    return sorted(found)


def quantile(cumulative: list[tuple[float, float]], share: float) -> Optional[float]:
    """As Prometheus' `histogram_quantile`: linear within a bucket; none of nothing. In the bucket without
    an end it is that bucket's lower bound."""
    if not cumulative or cumulative[-1][1] <= 0:
        return None
    rank = share * cumulative[-1][1]
    low, below = 0.0, 0.0
    for bound, count in cumulative:
        if count >= rank and count > below:
            if math.isinf(bound):
                return low
            return low + (bound - low) * (rank - below) / (count - below)
        low, below = bound, count
    return low


def mean(before: Series, after: Series, name: str, **labels: str) -> Optional[float]:
    """Mean of a histogram between two looks; none of nothing."""
    count = grown(before, after, f"{name}_count", **labels)
    return grown(before, after, f"{name}_sum", **labels) / count if count else None
