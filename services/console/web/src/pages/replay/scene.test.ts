import { expect, test } from "vitest";
import type { EventScene } from "@/api/shapes";
import { frameAt, signalsAt } from "./scene";

const at = (s: number): string => new Date(Date.UTC(2026, 5, 1, 7, 0, s)).toISOString();
const scene = {
  from: at(0),
  to: at(16),
  frames: [1, 2, 5].map((s) => ({ time: at(s), tracks: [] })),
  signals: [
    {
      group: "N",
      history: [
        { time: at(0), state: "green" },
        { time: at(4), state: "red" },
      ],
    },
    { group: "E", history: [{ time: at(9), state: "red" }] },
  ],
} as unknown as EventScene;

test("the newest frame counts", () => {
  expect(frameAt(scene, Date.parse(at(0)))).toBeUndefined();
  expect(frameAt(scene, Date.parse(at(1)))?.time).toBe(at(1));
  expect(frameAt(scene, Date.parse(at(4)))?.time).toBe(at(2));
  expect(frameAt(scene, Date.parse(at(60)))?.time).toBe(at(5));
});

test("signals hold until they change", () => {
  expect(signalsAt(scene, Date.parse(at(3)))).toEqual({ N: "green" });
  expect(signalsAt(scene, Date.parse(at(9)))).toEqual({ N: "red", E: "red" });
});
