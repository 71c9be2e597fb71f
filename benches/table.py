"""The table that `make bench` prints."""

import os
import pathlib
import platform

HEAD = ("what", "frames/s", "ms a frame (range)", "processor ms a frame", "memory MiB", "threads")


def processor():
    try:
        for line in pathlib.Path("/proc/cpuinfo").read_text().splitlines():
            if line.startswith("model name"):
                return line.split(":", 1)[1].strip()
    except OSError:
        pass
    return platform.machine()


def ratio(above, below):
    return f"{above / below:.2f}"


def render(result):
    rows = [HEAD]
    of = result["contestants"]
    for name, figures in of.items():
        rows.append(
            (
                name,
                f"{1000 / figures['ms']:.1f}",
                f"{figures['ms']:.2f} ({figures['ms_low']:.2f} to {figures['ms_high']:.2f})",
                f"{figures['cpu_ms']:.2f}",
                f"{figures['memory_mib']:.0f}",
                str(figures["threads"]),
            )
        )
    widths = [max(len(row[column]) for row in rows) for column in range(len(HEAD))]
    lines = ["| " + " | ".join(cell.ljust(width) for cell, width in zip(row, widths)) + " |" for row in rows]
    lines.insert(1, "|" + "|".join("-" * (width + 2) for width in widths) + "|")
    floor = of["decode alone"]["ms"] + of["inference alone"]["ms"]
    peer = of["plain Python loop"]["ms"]
    lines.append("")
    for name in ("wayside replay --no-pictures", "wayside replay"):
        own = of[name]["ms"]
        lines.append(f"{name}: {ratio(own, floor)} of decode plus inference, {ratio(own, peer)} of the Python loop")
    lines.append(
        f"{result['video']}, medians of {result['rounds']} interleaved rounds; {processor()}, "
        f"{os.cpu_count()} processors, load {result['load_before']:.2f} before, {result['load_after']:.2f} after; "
        "processor time and memory are of the whole process, start-up included"
    )
    return "\n".join(lines)
