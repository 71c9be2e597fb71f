"""Speed, in one interleaved run: decode alone, inference alone, `wayside replay`, a plain Python loop.

    benches/run.py [--video FILE --site FILE] [--rounds 5] [--json FILE]

Without --video the example junction is scaled up to 1080p first. Each round runs every contestant once, so
that a slow minute of the machine hits all of them. Times are without start-up (opening model and file).
"""

import argparse
import json
import os
import pathlib
import statistics
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parent))

import clip  # noqa: E402
import table  # noqa: E402
from watch import watch  # noqa: E402

ROOT = pathlib.Path(__file__).resolve().parent.parent
WORK = ROOT / "out" / "bench"
WAYSIDE = ROOT / "target" / "release" / "wayside"
PYTHON = ROOT / ".wayside" / "peer" / "bin" / "python"


MODEL = ["--model", "yolox-nano"]
"""Named, so that both sides run the same detector on the same regions whatever the site file says."""


def model_file():
    """The file of MODEL, where `wayside` itself would find it."""
    folders = [os.environ.get("WAYSIDE_MODELS"), ROOT / ".wayside" / "models"]
    for folder in filter(None, folders):
        file = pathlib.Path(folder) / "yolox_nano.onnx"
        if file.is_file():
            return file
    sys.exit("no yolox_nano.onnx: set WAYSIDE_MODELS to its folder, or run `wayside models pull yolox-nano`")


def contestants(site, video, frames):
    """Name, command, and how its JSON line gives frames and seconds."""
    regions = json.loads(watch([WAYSIDE, "bench", "regions", site])["output"])["regions"]
    own = ("frames", "seconds")
    replay = [WAYSIDE, "replay", site, "--video", video, "--json", *MODEL]
    return [
        ("decode alone", [WAYSIDE, "bench", "decode", video], own),
        ("inference alone", [WAYSIDE, "bench", "inference", site, video, "--frames", str(frames), *MODEL], own),
        ("wayside replay --no-pictures", [*replay, "--no-pictures", "--out", WORK / "bare"], ("frames", "took_s")),
        ("wayside replay", [*replay, "--out", WORK / "full"], ("frames", "took_s")),
        (
            "plain Python loop",
            [PYTHON, ROOT / "benches" / "peer" / "loop.py", "--video", video, "--model", model_file()]
            + ["--regions", json.dumps(regions)],
            own,
        ),
    ]


def one(name, command, keys):
    seen = watch(command)
    if seen["exit"] != 0:
        sys.exit(f"{name} ended with {seen['exit']}:\n{seen['errors']}")
    said = json.loads(seen["output"].strip().splitlines()[-1])
    frames, seconds = said[keys[0]], said[keys[1]]
    if not frames:
        sys.exit(f"{name} worked on no frame")
    return {
        "frames": frames,
        "ms": 1000 * seconds / frames,
        "cpu_ms": 1000 * seen["cpu_s"] / frames,
        "wall_s": seen["wall_s"],
        "memory_mib": seen["memory_mib"],
        "threads": seen["threads"],
    }


def summary(runs):
    milliseconds = [run["ms"] for run in runs]
    return {
        "frames": runs[0]["frames"],
        "ms": statistics.median(milliseconds),
        "ms_low": min(milliseconds),
        "ms_high": max(milliseconds),
        "cpu_ms": statistics.median(run["cpu_ms"] for run in runs),
        "memory_mib": max(run["memory_mib"] for run in runs),
        "threads": max(run["threads"] for run in runs),
    }


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--video", type=pathlib.Path, help="a recording that fits --site")
    parser.add_argument("--site", type=pathlib.Path, help="its site file")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--frames", type=int, default=200, help="frames that inference alone keeps in memory")
    parser.add_argument("--json", type=pathlib.Path, help="write every figure there too")
    arguments = parser.parse_args()
    if (arguments.video is None) != (arguments.site is None):
        parser.error("--video and --site go together")
    WORK.mkdir(parents=True, exist_ok=True)
    site, video = arguments.site, arguments.video
    if video is None:
        site, video = clip.scaled(ROOT / "examples" / "junction", WORK, 1920, 1080)

    runs = {}
    loads = [os.getloadavg()[0]]
    entries = contestants(site, video, arguments.frames)
    for number in range(1, arguments.rounds + 1):
        for name, command, keys in entries:
            print(f"round {number} of {arguments.rounds}: {name}", file=sys.stderr)
            runs.setdefault(name, []).append(one(name, command, keys))
        loads.append(os.getloadavg()[0])
    result = {
        "video": str(video.name),
        "rounds": arguments.rounds,
        "load_before": loads[0],
        "load_after": loads[-1],
        "contestants": {name: summary(of) for name, of in runs.items()},
    }
    print(table.render(result))
    if arguments.json:
        arguments.json.write_text(json.dumps({**result, "runs": runs}, indent=1) + "\n")


if __name__ == "__main__":
    main()
