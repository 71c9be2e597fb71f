"""One run, step by step. Pictures lie in OUT/work while it lasts."""

from __future__ import annotations

import argparse
import re
import shutil
import time
import tomllib
from pathlib import Path

from detector import checkpoint, export, fit
from detector.dataset import IGNORE
from detector.net import CLASSES, INPUT_PX

from . import card, footage, label, product, start, teacher, thin
from .compare import Held, compare, tile_ms
from .machine import digest, processor
from .write import Writer, learnt, rendered


class SpecialiseError(Exception):
    """A run that cannot go on; the message says why."""


class Run:
    """State and order of a run."""

    def __init__(self, args: argparse.Namespace, given: list[str]) -> None:
        self.args, self.work = args, args.out / "work"
        self.facts: dict = {
            "command": ["python", "models/train", "specialise", *given],
            "seed": args.seed,
        }

    def all(self) -> dict:
        """The whole of it; returns the figures."""
        self.check()
        self.watch()
        self.label()
        self.train()
        self.export()
        report = self.judge()
        self.describe()
        if not self.args.keep:
            shutil.rmtree(self.work)
        return report

    def check(self) -> None:
        """Finds everything that is needed before anything long begins."""
        args = self.args
        if not args.site.is_file():
            raise SpecialiseError(f"there is no site file {args.site}")
        start.check(args.student)
        self.files = footage.files(args.footage)
        entry = teacher.entry(args.models_dir, args.teacher)
        path = teacher.locate(entry, teacher.folders(args.models_dir))
        self.teacher = teacher.Teacher(entry, path)
        self.program = product.find(args.wayside)
        self.camera, self.tiles = product.regions(
            self.program, args.site, args.camera, args.teacher, args.models_dir
        )
        site = tomllib.loads(args.site.read_text()).get("site", {}).get("id", "site")
        name = args.name or f"wayside-{site}-{self.camera}"
        self.name = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")
        self.work.mkdir(parents=True, exist_ok=True)
        self.facts |= {
            "name": self.name,
            "site": site,
            "camera": self.camera,
            "teacher": entry.name,
        }

    def watch(self) -> None:
        """The product tracks what the teacher finds, in every file."""
        args, before_s = self.args, 0.0
        self.clips: list[label.Clip] = []
        start_us = product.start_us(args.site, self.camera)
        for number, path in enumerate(self.files):
            print(f"tracking {path.name} ({number + 1} of {len(self.files)})", flush=True)
            out = self.work / f"replay-{number:03}"
            seen = product.replay(
                self.program, args.site, self.camera, args.teacher, args.models_dir, path, out
            )
            clip = label.clip(path, seen, start_us, before_s)
            self.clips.append(clip)
            before_s = clip.end_s
        self.length_s = before_s
        self.parts = label.split(before_s, args.hold, args.apart)

    def label(self) -> None:
        """Writes the dataset of the first part."""
        args, parts = self.args, self.parts
        chosen = []
        for number, clip in enumerate(self.clips):
            kept = thin.choose(clip.seen, args.step, args.still)
            chosen += [(number, i) for i in kept if self._at(number, i) < parts.learn_until_s]
        chosen = thin.spread(chosen, args.frames)
        if not chosen:
            raise SpecialiseError(
                f"no frame lies in the first {parts.learn_until_s:.1f} s, which are learnt"
            )
        self.data = self.work / "dataset"
        writer, labelled, worlds = None, [], []
        progress = label.Progress("labelled frames", len(chosen))
        for number, clip in enumerate(self.clips):
            looked = []
            indexes = [i for n, i in chosen if n == number]
            if not indexes:
                continue
            for index, picture, found in label.look(
                clip, indexes, self.teacher, self.tiles, progress
            ):
                writer = writer or Writer(self.data, len(chosen), picture.shape[1::-1])
                writer.picture(picture[:, :, ::-1])
                looked.append((index, found))
            frames = label.labels(clip, looked)
            labelled += frames
            worlds += [number] * len(frames)
        writer.finish([learnt(frame) for frame in labelled], worlds)
        every = [int(v) for frame in labelled for v in frame.label]
        counts = {name: every.count(i) for i, name in enumerate(CLASSES)}
        if sum(counts.values()) == 0:
            raise SpecialiseError(
                f"tracking confirmed nothing in {len(labelled)} frames that"
                f" {self.facts['teacher']} labelled:"
                " is the site file this camera's, and does its first part show traffic?"
            )
        self.labelled, self.worlds = labelled, worlds
        ignored = every.count(IGNORE)
        self.facts |= {"frames": len(labelled), "boxes": counts, "ignored": ignored, "mixed": 0}
        print(f"{len(labelled)} frames, boxes: {counts}, ignored: {ignored}", flush=True)
        self.folders = [self.data]
        if args.mix:
            count = round(len(labelled) * args.mix_share / (1 - args.mix_share))
            self.facts["mixed"] = rendered(args.mix, self.work / "mix", max(count, 1), args.seed)
            self.folders.append(self.work / "mix")

    def train(self) -> None:
        """Fine-tunes the student."""
        args, self.weights = self.args, self.work / "student.pt"
        folders = [str(folder) for folder in self.folders]
        first = start.prepare(args.student, self.work / "start.pt", folders, args.seed)
        command = ["--out", str(self.weights), "--init", str(first), "--lr", str(args.lr)]
        command += ["--objects", str(args.objects), "--threads", str(args.threads)]
        command += ["--loaders", str(args.loaders), "--seed", str(args.seed), "--mean", "0.995"]
        command += (
            ["--minutes", str(args.minutes)] if args.minutes else ["--crops", str(args.crops)]
        )
        for folder in self.folders:
            command += ["--data", str(folder)]
        began = time.monotonic()
        fit.main(command)
        crops = checkpoint.load(self.weights)["progress"]["crops"]
        self.facts |= {"crops": crops, "minutes": (time.monotonic() - began) / 60}

    def export(self) -> None:
        """Writes the ONNX files."""
        command = [str(self.weights), "--out", str(self.args.out), "--name", self.name]
        for folder in self.folders:
            command += ["--data", str(folder)]
        export.main(command)
        self.int8 = self.args.out / f"{self.name}.onnx"
        self.single = self.args.out / f"{self.name}-fp32.onnx"

    def judge(self) -> dict:
        """Compares student and teacher on the part that was held back."""
        helds, chosen = [], []
        for number, clip in enumerate(self.clips):
            late = [
                i for i in range(len(clip.seen)) if self._at(number, i) >= self.parts.judge_from_s
            ]
            chosen += [(number, i) for i in late]
        chosen = thin.spread(chosen, self.args.judged)
        if not chosen:
            raise SpecialiseError("no frame is held back to judge on: the recording is too short")
        for number, clip in enumerate(self.clips):
            indexes = [i for n, i in chosen if n == number]
            if indexes:
                own = [f for f, w in zip(self.labelled, self.worlds) if w == number]
                tracks = {int(t) for f in own for t in f.track if t >= 0}
                helds.append(Held(clip, number, indexes, self.labelled[-1], tracks))
        students = {"int8": self.int8, "fp32": self.single, "before": self.args.student}
        compared = compare(helds, self.teacher, students, self.tiles)
        reports = {name: agreement.report(self.args.seed) for name, agreement in compared.items()}
        entry = self.teacher.entry
        models = {entry.name: (self.teacher.path, entry.size_px)}
        models |= {"int8": (self.int8, INPUT_PX), "fp32": (self.single, INPUT_PX)}
        milliseconds = tile_ms(models)
        self.score_min = reports["int8"]["threshold"]
        self.facts |= {"held_frames": reports["int8"]["frames"]}
        self.facts |= {"table": card.table(reports), "times": card.times(milliseconds, entry.name)}
        print(self.facts["table"] + "\n\n" + self.facts["times"], flush=True)
        return {"name": self.name, "agreement": reports, "tile_ms": milliseconds}

    def describe(self) -> None:
        """Writes the card and the manifest."""
        args, entry = self.args, self.teacher.entry
        starts = [clip.before_s for clip in self.clips]
        self.facts |= {
            "files": [
                {"name": c.path.name, "length_s": c.end_s - s, "sha256": digest(c.path)}
                for c, s in zip(self.clips, starts)
            ],
            "length_s": self.length_s,
            "learn_until_s": self.parts.learn_until_s,
            "judge_from_s": self.parts.judge_from_s,
            "apart_s": args.apart,
            "tiles": self.tiles,
            "student": args.student.name,
            "student_sha256": digest(args.student),
            "site_sha256": digest(args.site),
            "teacher_sha256": entry.sha256,
            "teacher_source": entry.source,
            "teacher_licence": entry.licence,
            "processor": processor(),
        }
        page = args.out / f"{self.name}.md"
        page.write_text(card.card(self.facts))
        names = {self.name: self.int8, f"{self.name}-fp32": self.single}
        source = (
            f"trained by its user for the camera {self.camera} of {self.facts['site']}"
            f" on {self.length_s:.0f} s of its footage, labelled by {entry.name}"
        )
        text = card.manifest(names, page.name, source, "real", self.score_min, entry)
        (args.out / "manifest.toml").write_text(text)
        print(f"{page} describes {self.int8.name}; its manifest is {args.out / 'manifest.toml'}")

    def _at(self, number: int, index: int) -> float:
        return self.clips[number].before_s + self.clips[number].time_s(index)
