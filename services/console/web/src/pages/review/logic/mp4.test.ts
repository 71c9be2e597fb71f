import { describe, expect, it } from "vitest";
import { frameSeconds } from "./mp4";

const u32 = (...values: number[]): number[] =>
  values.flatMap((v) => [(v >>> 24) & 255, (v >>> 16) & 255, (v >>> 8) & 255, v & 255]);
const box = (kind: string, body: number[]): number[] => [
  ...u32(body.length + 8),
  ...[...kind].map((c) => c.charCodeAt(0)),
  ...body,
];

function film(of: { stts: number[]; ctts?: number[]; elst?: number[] }): ArrayBuffer {
  const handler = box("hdlr", [
    ...u32(0, 0),
    ...[..."vide"].map((c) => c.charCodeAt(0)),
    ...u32(0, 0, 0),
  ]);
  const table = box("stbl", [
    ...box("stts", [...u32(0, of.stts.length / 2), ...u32(...of.stts)]),
    ...(of.ctts ? box("ctts", [...u32(0, of.ctts.length / 2), ...u32(...of.ctts)]) : []),
  ]);
  const media = box("mdia", [
    ...box("mdhd", u32(0, 0, 0, 1000, 0, 0)),
    ...handler,
    ...box("minf", table),
  ]);
  const edits = of.elst ? box("edts", box("elst", [...u32(0, 1), ...u32(...of.elst)])) : [];
  const bytes = [...box("ftyp", u32(0)), ...box("moov", box("trak", [...edits, ...media]))];
  return new Uint8Array(bytes).buffer;
}

describe("frames of a film", () => {
  it("come at uneven times, as a live camera gives them", () => {
    expect(frameSeconds(film({ stts: [2, 80, 1, 120, 1, 80] }))).toEqual([0, 0.08, 0.16, 0.28]);
  });

  it("are shown in another order than they are decoded, less what an edit cuts off", () => {
    const shown = frameSeconds(
      film({ stts: [3, 40], ctts: [1, 80, 1, 120, 1, 40], elst: [120, 80, 65536] }),
    );
    expect(shown).toEqual([0, 0.04, 0.08]);
  });

  it("are none where the bytes are no film, or damaged anywhere", () => {
    expect(frameSeconds(new ArrayBuffer(0))).toBeNull();
    const whole = new Uint8Array(film({ stts: [4, 80] }));
    for (let length = 0; length < whole.length; length += 1) {
      expect(frameSeconds(whole.slice(0, length).buffer) ?? []).toEqual([]);
    }
    for (let at = 0; at < whole.length; at += 1) {
      const damaged = whole.slice();
      damaged[at] = 255;
      const found = frameSeconds(damaged.buffer);
      expect(found === null || found.every(Number.isFinite)).toBe(true);
    }
  });
});
