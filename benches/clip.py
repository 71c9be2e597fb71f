"""Scales an example up: the clip with GStreamer, and the pixels in its site file with it."""

import re
import shutil
import subprocess

PIXEL_KEYS = r"(image_px|red_px|yellow_px|green_px|width_px|height_px|focal_px)"


def scaled_site(text, factor):
    """The site file's text with every value in pixels multiplied."""

    def number(match):
        value = float(match.group()) * factor
        return f"{value:.0f}" if match.group().isdigit() else f"{value:.2f}"

    def entry(match):
        return match.group(1) + match.group(2) + re.sub(r"\d+(\.\d+)?", number, match.group(3))

    return re.sub(PIXEL_KEYS + r"(\s*=\s*)(\[[^\]]*\]|[\d.]+)", entry, text)


def scaled(example, work, width, height):
    """Site file and clip of `example` at another size of the same shape. The clip is made once."""
    text = (example / "site.toml").read_text()
    own_width, own_height = (int(re.search(rf"{key}\s*=\s*(\d+)", text).group(1)) for key in ("width_px", "height_px"))
    if own_width * height != own_height * width:
        raise SystemExit(f"{own_width}x{own_height} and {width}x{height} differ in shape")
    site = work / "site.toml"
    site.write_text(scaled_site(text, width / own_width))
    shutil.copy(example / "signals.csv", work / "signals.csv")
    video = work / f"clip-{height}p.mp4"
    if not video.exists():
        print(f"scaling the example up to {width}x{height}, once")
        part = video.with_suffix(".part")
        pipeline = (
            f"filesrc location={example / 'clip.mp4'} ! decodebin ! videoconvert ! videoscale "
            f"! video/x-raw,width={width},height={height} ! openh264enc bitrate=6000000 complexity=low "
            f"! h264parse ! mp4mux ! filesink location={part}"
        )
        subprocess.run(["gst-launch-1.0", "-q", *pipeline.split(" ")], check=True, stdin=subprocess.DEVNULL)
        part.rename(video)
    return site, video
