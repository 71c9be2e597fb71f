import { describe, expect, it } from "vitest";
import { command, KEYS } from "./keys";

describe("keys", () => {
  it("are one command each", () => {
    const all = Object.values(KEYS).flat();
    expect(new Set(all).size).toBe(all.length);
  });

  it("give a reason only while one is asked for", () => {
    expect(command("look", "3")).toEqual({ act: "enlarge", picture: 3 });
    expect(command("look", "7")).toBeNull();
    expect(command("reason", "3")).toEqual({ act: "reason", number: 3 });
    expect(command("reason", "0")).toEqual({ act: "reason", number: 10 });
  });

  it("decide nothing else while a reason is chosen", () => {
    for (const key of ["a", "A", "s", "x", "u", "n", "Enter", "p"]) {
      expect(command("reason", key)).toBeNull();
    }
    expect(command("reason", "r")).toEqual({ act: "back" });
    expect(command("reason", ".")).toEqual({ act: "step", frames: 1 });
  });

  it("work with Shift and on German keyboards", () => {
    expect(command("look", "A")).toEqual(command("look", "a"));
    expect(command("look", ":")).toEqual({ act: "step", frames: 10 });
    expect(command("look", "ö")).toEqual({ act: "jump", way: -1 });
  });
});
