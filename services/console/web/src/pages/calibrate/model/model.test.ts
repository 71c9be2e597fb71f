import { describe, expect, test } from "vitest";
import { toSiteJson } from "./compose";
import { diff, hunks } from "./diff";
import {
  addGroundPoint,
  addPicturePoint,
  draftOf,
  pairsOf,
  removeDraftPoint,
  switchCamera,
} from "./draft";
import * as edit from "./edit";
import { exampleSite, repositoryFile } from "./example";
import { begin, canRedo, canUndo, redo, settle, step, undo } from "./history";
import { isId, suggestId, toId } from "./ids";
import { RULES, rulesToOffer } from "./rules";
import { newSite, pointsOf, thingsOf } from "./site";
import { snap } from "./snap";
import { forget, keep, kept } from "./store";
import { placeOf, todo } from "./todo";

describe("undo and redo", () => {
  test("go back and forth, and a change drops what was undone", () => {
    let h = begin(0);
    for (const n of [1, 2, 3]) h = step(h, n);
    h = undo(undo(h));
    expect(h.present).toBe(1);
    expect(canRedo(h)).toBe(true);
    h = redo(h);
    expect(h.present).toBe(2);
    h = step(h, 9);
    expect(canRedo(h)).toBe(false);
    expect(undo(undo(undo(undo(h)))).present).toBe(0);
    expect(canUndo(begin(1))).toBe(false);
  });

  test("a drag is one step, the next drag another", () => {
    let h = begin(0);
    for (const n of [1, 2, 3]) h = step(h, n, "drag-a");
    h = settle(h);
    for (const n of [4, 5]) h = step(h, n, "drag-a");
    expect(undo(h).present).toBe(3);
    expect(undo(undo(h)).present).toBe(0);
    expect(step(h, 5)).toBe(h);
  });

  test("the site's edits are undone whole", () => {
    const site = exampleSite();
    let h = begin(site);
    h = step(h, edit.removeThing(h.present, "exit_line", 0));
    h = step(h, edit.movePoint(h.present, "lane", 0, 0, [1, 2]));
    h = step(h, edit.renameThing(h.present, "conflict_area", 0, "centre"));
    expect(undo(undo(undo(h))).present).toBe(site);
  });
});

describe("edits", () => {
  test("names are followed", () => {
    let site = edit.renameThing(exampleSite(), "lane", 0, "north_kerb");
    expect(site.stop_line?.[0]?.lanes).toEqual(["north_kerb", "Nin_2"]);
    site = edit.renameThing(site, "exit_line", 2, "south");
    expect(site.lane?.[0]?.exits).toEqual(["south", "Wout"]);
    site = edit.renameThing(site, "conflict_area", 0, "box");
    expect(site.stop_line?.every((line) => line.conflict_area === "box")).toBe(true);
    site = edit.renameGroup(site, "N", "K1");
    expect(site.stop_line?.[0]?.signal_group).toBe("K1");
    site = edit.renameGroup(site, "K1", null);
    expect(site.stop_line?.[0]?.signal_group).toBeNull();
  });

  test("what is removed is no longer referred to", () => {
    let site = edit.removeThing(exampleSite(), "lane", 0);
    expect(site.stop_line?.[0]?.lanes).toEqual(["Nin_2"]);
    site = edit.removeThing(site, "conflict_area", 0);
    expect(site.stop_line?.[0]?.conflict_area).toBeNull();
    for (const index of [0, 0, 0, 0]) site = edit.removeThing(site, "exit_line", index);
    expect(site.lane?.every((lane) => !lane.exits)).toBe(true);
  });

  test("points come, go and round to millimetres", () => {
    let site = edit.insertPoint(exampleSite(), "lane", 0, 0, [215.20049, 300]);
    expect(pointsOf(site, "lane", 0)).toEqual([
      [215.2, 440],
      [215.2, 300],
      [215.2, 230.4],
    ]);
    site = edit.removePoint(site, "lane", 0, 1);
    expect(pointsOf(site, "lane", 0)).toHaveLength(2);
    expect(thingsOf(edit.removePoint(site, "lane", 0, 0), "lane")).toHaveLength(15);
    expect(edit.insertPoint(site, "stop_line", 0, 0, [0, 0])).toBe(site);
    expect(pointsOf(edit.turnAround(site, "lane", 0), "lane", 0)[0]).toEqual([215.2, 230.4]);
    expect(pointsOf(edit.moveThing(site, "exit_line", 0, [1, -1]), "exit_line", 0)).toEqual([
      [221, 229.4],
      [227.4, 229.4],
    ]);
  });
});

describe("ids", () => {
  test("are suggested from where a lane comes from", () => {
    const site = {
      ...newSite("x", "2026-06-01T07:00:00Z", "UTC"),
      conflict_area: exampleSite().conflict_area ?? [],
    };
    expect(
      suggestId(site, "lane", [
        [215, 440],
        [215, 231],
      ]),
    ).toBe("Nin_1");
    expect(
      suggestId(exampleSite(), "lane", [
        [215, 440],
        [215, 231],
      ]),
    ).toBe("Nin_3");
    expect(
      suggestId(exampleSite(), "stop_line", [
        [213.6, 231],
        [220, 231],
      ]),
    ).not.toBe("Nin");
    expect(suggestId(newSite("x", "", "UTC"), "conflict_area", [])).toBe("middle");
  });
  test("are what the check takes", () => {
    expect(toId("Große Straße / Nord 1")).toBe("Grosse-Strasse-Nord-1");
    expect(isId("Nin_1")).toBe(true);
    expect(isId("a b")).toBe(false);
    expect(isId("a".repeat(65))).toBe(false);
  });
});

interface SchemaNode {
  $ref?: string;
  anyOf?: SchemaNode[];
  properties?: Record<string, SchemaNode & { default?: unknown }>;
}

describe("rules", () => {
  test("are those of the site file's JSON schema, with its defaults", () => {
    const snapshot = repositoryFile("site/tests/snapshots/schema__the_schema_is_pinned.snap");
    const schema = JSON.parse(snapshot.slice(snapshot.indexOf("{\n"))) as {
      $defs: Record<string, SchemaNode>;
    };
    const listed = schema.$defs.Rules?.properties ?? {};
    expect(RULES.map((rule) => rule.name).sort()).toEqual(Object.keys(listed).sort());
    for (const rule of RULES) {
      const node = listed[rule.name];
      const ref = node?.$ref ?? node?.anyOf?.find((n) => n.$ref)?.$ref ?? "";
      const keys = schema.$defs[ref.split("/").pop() ?? ""]?.properties ?? {};
      const standards = Object.fromEntries(
        Object.entries(keys).map(([key, value]) => [key, value.default]),
      );
      expect(Object.fromEntries(rule.thresholds.map((t) => [t.key, t.standard]))).toEqual(
        standards,
      );
    }
  });

  test("only rules that can fire are offered", () => {
    const empty = newSite("x", "", "UTC");
    expect(rulesToOffer(empty)).toEqual([]);
    const bare = { ...exampleSite(), rules: {} };
    expect(rulesToOffer(bare).map((r) => r.name)).toEqual([
      "red_light",
      "stop_line",
      "wrong_way",
      "illegal_turn",
      "box_junction",
      "reserved_lane",
      "no_stopping",
      "crossing_yield",
      "pedestrian_on_red",
      "flow",
    ]);
  });
});

describe("drafts", () => {
  test("the example goes through the editor unchanged", () => {
    const site = exampleSite();
    expect(toSiteJson(draftOf(site, "north"))).toEqual(site);
  });

  test("a draft from nothing has no empty lists", () => {
    const draft = draftOf(newSite("corner", "2026-06-01T07:00:00Z", "UTC"), "c");
    expect(toSiteJson(draft)).toEqual({
      schema: 1,
      site: {
        id: "corner",
        start: "2026-06-01T07:00:00Z",
        timezone: "UTC",
        driving_side: "right",
        footage: "real",
      },
    });
  });

  test("clicks in picture and plan pair up in either order", () => {
    let draft = draftOf(newSite("x", "", "UTC"), "c");
    draft = addPicturePoint(draft, [10, 20]).draft;
    draft = addGroundPoint(draft, [1, 2]).draft;
    draft = addGroundPoint(draft, [3, 4]).draft;
    expect(pairsOf(draft)).toEqual([{ image_px: [10, 20], ground_m: [1, 2] }]);
    draft = addPicturePoint(draft, [30, 40]).draft;
    expect(pairsOf(draft)).toHaveLength(2);
    draft = removeDraftPoint(draft, draft.points[0]?.key ?? "");
    expect(pairsOf(draft)).toEqual([{ image_px: [30, 40], ground_m: [3, 4] }]);
  });

  test("changing the camera keeps the points of the first", () => {
    const site = exampleSite();
    const second = {
      ...site.camera?.[0],
      id: "south",
      calibration: { points: [] },
    } as unknown as never;
    let draft = draftOf({ ...site, camera: [...(site.camera ?? []), second] }, "north");
    draft = removeDraftPoint(draft, draft.points[0]?.key ?? "");
    draft = switchCamera(draft, "south");
    expect(draft.points).toEqual([]);
    expect(draft.site.camera?.[0]?.calibration.points).toHaveLength(9);
  });

  test("survive a reload, for their own account only", () => {
    const cells = new Map<string, string>();
    const storage = {
      getItem: (k: string) => cells.get(k) ?? null,
      setItem: (k: string, v: string) => void cells.set(k, v),
      removeItem: (k: string) => void cells.delete(k),
    } as unknown as Storage;
    const draft = draftOf(exampleSite(), "north");
    const origin = {
      site: "junction",
      sha256: "ab",
      toml: "",
      picture: "d1",
      width_px: 1280,
      height_px: 720,
    };
    expect(keep(storage, "eva", draft, origin, 2, new Date(0))).toBe(true);
    expect(kept(storage, "eva")?.draft).toEqual(draft);
    expect(kept(storage, "otto")).toBeNull();
    cells.set("wayside.calibrate.draft", "{broken");
    expect(kept(storage, "eva")).toBeNull();
    forget(storage);
    expect(cells.size).toBe(0);
  });
});

describe("notes", () => {
  test("the example has nothing to say", () => {
    expect(todo(exampleSite(), true).filter((n) => n.serious)).toEqual([]);
  });
  test("a new site is told what is missing", () => {
    const texts = todo(newSite("", "", "UTC"), false).map((n) => n.text);
    expect(texts).toEqual(["site_id", "points", "no_lane", "no_rule"]);
  });
  test("a bow tie and a rule that cannot fire are seen", () => {
    let site = exampleSite();
    site = edit.setPoints(site, "conflict_area", 0, [
      [0, 0],
      [4, 4],
      [4, 0],
      [0, 4],
    ]);
    site = { ...site, no_stopping_zone: [] };
    const texts = todo(site, true).map((n) => n.text);
    expect(texts).toContain("crosses_itself");
    expect(texts).toContain("rule_cannot_fire");
  });
  test("keys of the server's errors lead to things", () => {
    const site = exampleSite();
    expect(placeOf(site, "lane.Nin_2.centreline_m", "north")).toEqual({
      what: "thing",
      kind: "lane",
      index: 1,
    });
    expect(placeOf(site, "rules.red_light.grace_s", "north")).toEqual({
      what: "rule",
      rule: "red_light",
    });
    expect(placeOf(site, "camera.north.calibration.points", "north")).toEqual({ what: "points" });
    expect(placeOf(site, "camera.north.lamp.0.red_px", "north")).toEqual({ what: "lamps" });
    expect(placeOf(site, "camera.south.calibration.points", "north")).toBeNull();
    expect(placeOf(site, "site.id", "north")).toEqual({ what: "head" });
  });
});

describe("snapping", () => {
  const site = exampleSite();
  test("points before edges before nothing", () => {
    expect(snap(site, [213.7, 230.5], 0.5, undefined)).toEqual({ at: [213.6, 230.4], to: "point" });
    expect(snap(site, [217, 250.1], 0.5, undefined).to).toBe("none");
    expect(snap(site, [215.3, 300], 0.5, undefined)).toEqual({ at: [215.2, 300], to: "edge" });
    // A stop line would end in the middle of a lane.
    expect(snap(site, [215.3, 300], 0.5, "stop_line").to).toBe("none");
  });
  test("a point does not pull itself", () => {
    const own = { kind: "no_stopping_zone" as const, index: 2, point: 1 };
    expect(snap(site, [219.9, 154.7], 0.3, "no_stopping_zone", own).to).not.toBe("point");
  });
  test("right angles", () => {
    const empty = newSite("x", "", "UTC");
    expect(
      snap(empty, [10.2, 8], 0.5, "lane", undefined, [
        [0, 0],
        [10, 0],
      ]),
    ).toEqual({ at: [10, 8], to: "square" });
  });
});

describe("differences", () => {
  test("lines that went, came and stayed", () => {
    const all = diff("a\nb\nc\nd\n", "a\nc\nx\nd\n");
    expect(all.map((l) => `${l.kind[0]}${l.text}`)).toEqual(["sa", "gb", "sc", "nx", "sd"]);
    expect(all[3]).toEqual({ kind: "new", text: "x", old: null, now: 3 });
    expect(diff("a\n", "a\n").every((l) => l.kind === "same")).toBe(true);
  });
  test("hunks leave out what is far", () => {
    const text = Array.from({ length: 40 }, (_, i) => `line ${i}`).join("\n");
    const shown = hunks(diff(text, text.replace("line 20", "LINE 20")), 2);
    expect(shown.filter((l) => l === null)).toHaveLength(2);
    expect(shown.filter((l) => l !== null)).toHaveLength(6);
  });
});
