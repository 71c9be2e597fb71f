import { expect, test } from "vitest";
import { bytesText, refusal } from "./upload";

const limits = { bytes_max: 1_000, bytes_left: 600, extensions: ["mp4", "mkv"] };

test("limits are said before anything is sent", () => {
  expect(refusal({ name: "a.MP4", size: 500 }, limits)).toBeNull();
  expect(refusal({ name: "a.exe", size: 500 }, limits)).toBe("extension");
  expect(refusal({ name: "mp4", size: 500 }, limits)).toBe("extension");
  expect(refusal({ name: "a.mp4", size: 2_000 }, limits)).toBe("too_large");
  expect(refusal({ name: "a.mp4", size: 700 }, limits)).toBe("no_room");
  expect(refusal({ name: "a.mp4", size: 0 }, limits)).toBe("empty");
  expect(refusal({ name: "a.bin", size: 700 }, { bytes_max: 1_000, extensions: [] })).toBeNull();
});

test("sizes are short", () => {
  const number = (value: number, digits = 0) => value.toFixed(digits);
  expect(bytesText(999, number)).toBe("999\u00a0B");
  expect(bytesText(1_500, number)).toBe("1.5\u00a0kB");
  expect(bytesText(2_147_483_648, number)).toBe("2.1\u00a0GB");
  expect(bytesText(52_000_000, number)).toBe("52\u00a0MB");
});
