import { expect, it } from "vitest";
import { lampPath } from "./lamps";

it("draws a square for each lit lamp", () => {
  expect(lampPath(["..#", "#.."])).toEqual({
    width: 3,
    height: 2,
    path: "M2.1 0.1h.8v.8h-.8zM0.1 1.1h.8v.8h-.8z",
  });
  expect(lampPath([])).toEqual({ width: 0, height: 0, path: "" });
});
