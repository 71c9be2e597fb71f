import { describe, expect, it } from "vitest";
import { doubts, readPlate } from "./plate";

describe("a plate", () => {
  it("is taken as people write it", () => {
    for (const [text, plate] of [
      ["W-12345 X", "W12345X"],
      [" m\u2011ab 1234e ", "MAB1234E"],
      ["AB\u00b712", "AB12"],
    ]) {
      expect(readPlate(text ?? "")).toEqual({ plate });
    }
  });

  it("is refused with the place, and never with the text", () => {
    expect(readPlate("TÜ-AB 12")).toEqual({ problem: { kind: "character", place: 2 } });
    expect(readPlate("W")).toEqual({ problem: { kind: "length", found: 1 } });
    expect(readPlate("- -")).toEqual({ problem: { kind: "empty" } });
    expect(readPlate("ABCDEFGHIJKLM")).toEqual({ problem: { kind: "length", found: 13 } });
  });
});

describe("doubts", () => {
  const of = (...readings: [string, number][]) =>
    doubts(readings.map(([plate, confidence]) => ({ plate, confidence })));

  it("are where other readings say something else", () => {
    const found = of(["W12345X", 0.6], ["WI2345X", 0.3], ["WI2345K", 0.1]);
    expect(found.map((one) => one.character).join("")).toBe("W12345X");
    expect(found.map((one) => Math.round(one.doubt * 10))).toEqual([0, 4, 0, 0, 0, 0, 1]);
    expect(found[1]?.others).toEqual(["I"]);
    expect(found[6]?.others).toEqual(["K"]);
  });

  it("stay at their place where a reading is longer or shorter", () => {
    const shorter = of(["W12345X", 0.6], ["W1234X", 0.4]);
    expect(shorter.map((one) => one.doubt > 0)).toEqual([
      false,
      false,
      false,
      false,
      false,
      true,
      false,
    ]);
    expect(shorter[5]?.others).toEqual([""]);
    const longer = of(["W12345X", 0.6], ["VV12345X", 0.4]);
    expect(longer.slice(1).every((one) => one.doubt === 0)).toBe(true);
  });

  it("are none without another reading, or without any", () => {
    expect(of(["W12345X", 0.6]).every((one) => one.doubt === 0)).toBe(true);
    expect(of()).toEqual([]);
  });
});
