"""What tracking confirms of what the teacher found.

Confirmed is a box that belongs to a track which was really seen most of the time; it gets the class
that the whole track voted for. People are also believed without a track (they may stand where no
road is) when they are found with a good score in several frames. Everything else the teacher saw,
and everything that was only predicted, is neither positive nor negative.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from detector.dataset import IGNORE
from detector.decode import Found, group_of, overlap
from detector.net import CLASSES

from .observations import Seen, Track

HITS_MIN = 5
"""Detections that a track must have."""

SEEN_SHARE_MIN = 0.5
"""Share of its life in which a track must have been detected, not predicted."""

SCORE_MEAN_MIN = 0.3
"""Mean score that the detections of a track must have."""

MATCH_IOU = 0.5

PERSON = CLASSES.index("person")
PERSON_SCORE_MIN = 0.5
PERSON_OTHER_SCORE_MIN = 0.3
PERSON_FRAMES_MIN = 2
"""Other frames in which the person must be found."""
PERSON_IOU = 0.3
PERSON_NEAR_S = 1.0


@dataclass
class Labels:
    """What one frame teaches."""

    time_s: float
    label: np.ndarray
    """int64 [n], index into CLASSES or IGNORE."""
    box: np.ndarray
    """float32 [n, 4], pixels of the picture."""
    score: np.ndarray
    """float32 [n], the teacher's; 0 for what was only predicted."""
    track: np.ndarray
    """int64 [n], the confirmed track or -1."""


def reliable(seen: list[Seen]) -> dict[int, int]:
    """Tracks of one recording that are believed, with the class of their last vote."""
    hits: dict[int, int] = {}
    states: dict[int, int] = {}
    scores: dict[int, float] = {}
    label: dict[int, int] = {}
    for frame in seen:
        for track in frame.tracks:
            states[track.id] = states.get(track.id, 0) + 1
            label[track.id] = track.label
            if track.measured:
                hits[track.id] = hits.get(track.id, 0) + 1
                scores[track.id] = scores.get(track.id, 0.0) + track.score
    return {
        i: label[i]
        for i, n in hits.items()
        if n >= HITS_MIN and n >= SEEN_SHARE_MIN * states[i] and scores[i] >= SCORE_MEAN_MIN * n
    }


def confirm(time_s: float, found: Found, tracks: list[Track], believed: dict[int, int]) -> Labels:
    """Labels of one frame."""
    box, score, label = found
    confirmed = np.full(len(box), IGNORE, np.int64)
    owner = np.full(len(box), -1, np.int64)
    predicted = []
    theirs = np.array([t.box for t in tracks], np.float32).reshape(-1, 4)
    kinds = np.array([t.label for t in tracks], int)
    fits = np.where(group_of(label)[:, None] == group_of(kinds)[None], overlap(box, theirs)[0], 0.0)
    for i, track in enumerate(tracks):
        if not track.measured:
            predicted.append(track.box)
    # The best pairs first, each box and each track once.
    for flat in np.argsort(-fits, axis=None, kind="stable"):
        f, t = np.unravel_index(flat, fits.shape)
        if fits[f, t] < MATCH_IOU:
            break
        track = tracks[t]
        if owner[f] < 0 and track.measured and track.id not in owner:
            owner[f] = track.id
            confirmed[f] = believed.get(track.id, IGNORE)
    owner[confirmed == IGNORE] = -1
    more = np.array(predicted, np.float32).reshape(-1, 4)
    return Labels(
        time_s,
        np.concatenate((confirmed, np.full(len(more), IGNORE))),
        np.concatenate((box, more)).astype(np.float32),
        np.concatenate((score, np.zeros(len(more)))).astype(np.float32),
        np.concatenate((owner, np.full(len(more), -1))),
    )


def people(frames: list[Labels], found: list[Found]) -> None:
    """Confirms people that are found well in several neighbouring frames; changes `frames`."""
    persons = [f[0][(f[2] == PERSON) & (f[1] >= PERSON_OTHER_SCORE_MIN)] for f in found]
    for i, (labels, (box, score, label)) in enumerate(zip(frames, found)):
        for k in np.flatnonzero((label == PERSON) & (score >= PERSON_SCORE_MIN)):
            if labels.label[k] != IGNORE:
                continue
            others = 0
            for step in (-1, 1):
                j = i + step
                while (
                    0 <= j < len(frames) and abs(frames[j].time_s - labels.time_s) <= PERSON_NEAR_S
                ):
                    others += bool((overlap(box[k : k + 1], persons[j])[0] >= PERSON_IOU).any())
                    j += step
            if others >= PERSON_FRAMES_MIN:
                labels.label[k] = PERSON


def agreement(found: Found, tracks: list[Track]) -> float:
    """Mean overlap of measured tracks with what the teacher found in the same frame; nan where
    there are none. Near 1 unless the frames are not the same."""
    boxes = np.array([t.box for t in tracks if t.measured], np.float32).reshape(-1, 4)
    if len(boxes) == 0:
        return float("nan")
    return float(overlap(boxes, found[0])[0].max(1, initial=0.0).mean())
