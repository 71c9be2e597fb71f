"""The model's card and its manifest."""

from __future__ import annotations

import shlex
from pathlib import Path

import manifest_entry

from .teacher import Entry

LICENCE = "LicenseRef-own-footage"
"""Weights that a user trained are the user's; the card names what they were made from."""


def manifest(
    names: dict[str, Path], card: str, source: str, footage: str, score_min: float, teacher: Entry
) -> str:
    """A manifest of these files (name to path), as `wayside` reads it."""
    text = "# Models for one camera. Keys are those of models/manifest.toml.\n"
    if teacher.curve:
        text += "# found_by_height_px is the teacher's: the student learnt on the same tiles.\n"
    text += "schema = 1\n"
    for name, path in names.items():
        text += "\n" + manifest_entry.entry(
            manifest_entry.Entry(
                name=name,
                file=path,
                footage=footage,
                licence=LICENCE,
                source="".join(c if c.isprintable() else " " for c in source),
                card=card,
                score_min=round(score_min, 3),
                score_low=round(max(min(0.1, score_min / 2), 0.02), 3),
                found_by_height_px=[list(point) for point in teacher.curve] or None,
            )
        )
    return text


def _words(cell: dict | None) -> str:
    if cell is None:
        return "none"
    return f"{cell['share']:.3f} ({cell['low']:.2f} to {cell['high']:.2f})"


def table(reports: dict[str, dict]) -> str:
    """Markdown: recall by class and height, a column per model."""
    first = next(iter(reports.values()))
    lines = ["| the teacher's boxes | boxes | road users | " + " | ".join(reports) + " |"]
    lines.append("| --- " * (len(reports) + 3) + "|")
    for name, cell in first["recall"].items():
        own = " | ".join(_words(r["recall"].get(name)) for r in reports.values())
        lines.append(f"| {name} | {cell['boxes']} | {cell['road_users']} | {own} |")
    for name in first["class_right"]:
        own = " | ".join(_words(r["class_right"].get(name)) for r in reports.values())
        lines.append(f"| same class: {name} | | | {own} |")
    for name, key in (("over 24 px", "unmatched"), ("any height", "unmatched_any_height")):
        own = " | ".join(f"{r[key]['share']:.3f} of {r[key]['boxes']}" for r in reports.values())
        lines.append(f"| unmatched boxes, {name} | | | {own} |")
    lines.append(
        "| score | | | " + " | ".join(f"{r['threshold']:.2f}" for r in reports.values()) + " |"
    )
    return "\n".join(lines)


def times(milliseconds: dict[str, float], teacher: str) -> str:
    """Markdown: time of a tile beside the teacher's."""
    lines = ["| model | ms a tile | times as fast as the teacher |", "| --- | --- | --- |"]
    for name, value in milliseconds.items():
        lines.append(f"| {name} | {value:.2f} | {milliseconds[teacher] / value:.2f} |")
    return "\n".join(lines)


def card(facts: dict) -> str:
    """Markdown. `facts` are those that `main` collects."""
    learnt = ", ".join(f"{n} {k}" for k, n in facts["boxes"].items() if n) or "none"
    files = "\n".join(f"- `{f['name']}`, {f['length_s']:.1f} s" for f in facts["files"])
    mixed = f", beside {facts['mixed']} rendered frames" if facts["mixed"] else ""
    return f"""# {facts['name']}

A detector of road users for one camera: `{facts['camera']}` of the site `{facts['site']}`. It was trained
from `{facts['student']}` by `models/train specialise` on what `{facts['teacher']}` found in the camera's own
recording and tracking confirmed. Nobody labelled anything by hand.

Footage, {facts['length_s']:.1f} s in all:

{files}

- Learnt: the first {facts['learn_until_s']:.1f} s, {facts['frames']} frames that differ{mixed}; boxes: {learnt}; {facts['ignored']} boxes
  that tracking did not confirm count neither way.
- Judged: everything from {facts['judge_from_s']:.1f} s on, {facts['held_frames']} frames, evenly spread.
- Training: {facts['crops']} crops in {facts['minutes']:.1f} minutes, seed {facts['seed']}.

## Agreement with the teacher

Share of the teacher's boxes over 24 pixels high in the picture that the student finds too (IoU 0.5),
at the score from which one in ten of the student's boxes over 24 pixels is unmatched: it fits no box of
the teacher. In brackets: 95 % intervals over road users, since many boxes are of one of them. The tiles
are the same for all: {len(facts['tiles'])}, as the site file implies.

{facts['table']}

{facts['times']}

All were timed in turns in one run, one thread, on {facts['processor']}.

## What these figures do not say

- **Agreement is not truth.** Where the teacher is blind or wrong, so is the student, and an unmatched
  box may be a road user that the teacher missed. Nothing here was counted by hand.
- The part that was judged is the same camera's, {facts['apart_s']:.0f} s after the part that was learnt: the same light,
  the same parked vehicles ("there while learning"). Other weather, another hour, or the camera moved by
  a hand's breadth are not covered. The rows "new" say more.
- The threshold was set on the same footage.
- Classes with few boxes above were hardly learnt; a class that is not listed was not there at all.
- **Not for redaction.** A person whom this model does not find is not hidden by it.
- Not for another camera. The whole-body boxes that the file also gives are not trained.

## How to make it again

```
{shlex.join(facts['command'])}
```

with files of these SHA-256: {', '.join(f"`{f['name']}` {f['sha256'][:16]}" for f in facts['files'])}; site file {facts['site_sha256'][:16]};
start {facts['student_sha256'][:16]}; teacher {facts['teacher_sha256'][:16]}. The length in minutes makes the number of crops depend
on the machine: `--crops {facts['crops']}` repeats it.

Teacher: {facts['teacher_source']} ({facts['teacher_licence']}).
"""
