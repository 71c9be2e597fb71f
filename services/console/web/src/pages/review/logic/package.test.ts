// The desk reads what `services/package` writes: the sample package of that crate's own tests.
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { derivations } from "./derivations";
import { frameAt, frameIndex, jump, nearestFrame, seekSeconds } from "./frames";
import { micros } from "./instants";
import { manifestOf, planOf, stateNear, trackStates } from "./package";
import { bands, signalRecords, stateAt } from "./signals";

const zip = readFileSync(new URL("../../../../../../package/tests/sample.zip", import.meta.url));

/** A part of the package, which is a ZIP without compression. */
function part(name: string): string {
  for (let at = 0; at + 30 < zip.length; ) {
    if (zip.readUInt32LE(at) !== 0x04034b50) break;
    const [size, nameLength, extra] = [
      zip.readUInt32LE(at + 18),
      zip.readUInt16LE(at + 26),
      zip.readUInt16LE(at + 28),
    ];
    const from = at + 30 + nameLength + extra;
    if (zip.toString("utf8", at + 30, at + 30 + nameLength) === name) {
      return zip.toString("utf8", from, from + size);
    }
    at = from + size;
  }
  throw new Error(`${name} is not in the sample`);
}

const us = (time: string): number => micros(`2026-06-01T${time}Z`) ?? Number.NaN;

describe("a package", () => {
  it("says how each quantity arises, and which limit it is held to", () => {
    const page = derivations(part("quantities.md"));
    expect(page.sentence).toMatch(/^A vehicle's front crosses the stop line on red/);
    expect(page.facts).toContain("rule: red_light, version 1");
    expect(page.quantities.map(({ name, figure, limit }) => ({ name, figure, limit }))).toEqual([
      { name: "time_into_red", figure: "3 s (2.984 to 3.016)", limit: { value: 0.3, unit: "s" } },
      { name: "speed_at_line", figure: "10 m/s (9.902 to 10.098)", limit: null },
    ]);
    expect(page.quantities[0]?.words).toHaveLength(1);
    expect(page.quantities[0]?.formula).toMatch(/^time_into_red = t_line - t_red/);
    expect(page.closing[0]).toMatch(/^Intervals are 95% intervals/);
  });

  it("never gives anything but the words that are there", () => {
    const page = derivations("# x\n\n<script>a</script>\n\n## q: 1 s\n\n<img src=x onerror=y>");
    expect(page.sentence).toBe("<script>a</script>");
    expect(page.quantities[0]?.words).toEqual(["<img src=x onerror=y>"]);
  });

  it("shows what the signal was before, at and after the crossing", () => {
    const { records, unread } = signalRecords(JSON.parse(part("signals.json")));
    expect(unread).toBe(0);
    expect(bands(records, "S", us("12:00:01"), us("12:00:06"))).toEqual([
      { from: us("12:00:01"), to: us("12:00:02"), state: "green", since: us("11:59:00") },
      { from: us("12:00:02"), to: us("12:00:05"), state: "yellow", since: us("12:00:02") },
      { from: us("12:00:05"), to: us("12:00:06"), state: "red", since: us("12:00:05") },
    ]);
    // The instant at which it changes belongs to the new state.
    expect(stateAt(records, "S", us("12:00:05")).state).toBe("red");
    expect(stateAt(records, "S", us("12:00:04.999999")).state).toBe("yellow");
    expect(stateAt(records, "X", us("12:00:05"))).toMatchObject({ state: "unknown", since: null });
  });

  it("numbers the frames of its clip by the instants at which they were taken", () => {
    const index = frameIndex(JSON.parse(part("clip-frames.json")), null);
    if (!index) throw new Error("no index");
    expect(index.taken).toHaveLength(41);
    expect(index.exact).toBe(false);
    const crossing = nearestFrame(index, us("12:00:08"));
    expect(crossing).toBe(20);
    for (let frame = 0; frame < 41; frame += 1) {
      expect(frameAt(index, seekSeconds(index, frame))).toBe(frame);
      expect(frameAt(index, index.shown[frame] ?? -1)).toBe(frame);
    }
    const moments = [us("12:00:07"), us("12:00:08"), us("12:00:09")];
    expect(jump(index, 0, moments, 1)).toBe(10);
    expect(jump(index, 10, moments, 1)).toBe(20);
    expect(jump(index, 15, moments, -1)).toBe(10);
    expect(jump(index, 30, moments, 1)).toBe(30);
  });

  it("knows where the vehicle was, and nothing where the track has nothing", () => {
    const track = trackStates(JSON.parse(part("track.json")));
    expect(stateNear(track, us("12:00:08"))?.front).toEqual([0, -1.75]);
    expect(stateNear(track, us("12:00:08"))?.speed).toBeCloseTo(10);
    expect(stateNear(track, us("11:59:00"))).toBeNull();
  });

  it("has the plan under which it was judged, and the instants of its stills", () => {
    const plan = planOf(part("site.toml"));
    expect(plan?.timezone).toBe("Europe/Vienna");
    expect(plan?.lanes).toHaveLength(5);
    expect(plan?.stopLines).toEqual([
      {
        id: "main",
        line: [
          [0, 0],
          [0, -7],
        ],
      },
    ]);
    expect(plan?.areas.map(({ id, kind }) => `${id} ${kind}`)).toEqual([
      "box conflict",
      "kerb no_stopping",
    ]);
    const manifest = manifestOf(JSON.parse(part("manifest.json")));
    expect(manifest.clip).toEqual({ width: 1280, height: 720 });
    expect(manifest.stills.at_line).toBe(us("12:00:08"));
    expect(manifest.calibration[0]?.residual).toBeCloseTo(0.004836);
  });

  it("is left out where it is damaged, and breaks nothing", () => {
    expect(planOf("this is = not [ toml")).toBeNull();
    for (const wrong of [null, 1, "x", [], {}, { frames: ["x"] }, { states: [null, {}] }]) {
      expect(frameIndex(wrong, null)).toBeNull();
      expect(trackStates(wrong)).toEqual([]);
      expect(signalRecords(wrong).records).toEqual([]);
      expect(manifestOf(wrong).stills).toEqual({});
    }
    const backwards = { frames: ["2026-06-01T12:00:02Z", "2026-06-01T12:00:01Z"] };
    expect(frameIndex(backwards, null)).toBeNull();
  });
});
