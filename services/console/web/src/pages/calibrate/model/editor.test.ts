import { describe, expect, test } from "vitest";
import { draftOf } from "./draft";
import { type Action, reduce } from "./editor";
import { exampleSite } from "./example";
import { lanesAt } from "./new_thing";
import { nudgePicture } from "./nudge";
import { newCamera, newSite, thingsOf } from "./site";
import { beginEditor, type Editor } from "./state";

function run(editor: Editor, ...actions: Action[]): Editor {
  return actions.reduce(reduce, editor);
}

function empty(): Editor {
  const site = {
    ...newSite("x", "2026-06-01T07:00:00Z", "UTC"),
    camera: [newCamera("c", 1280, 720)],
  };
  return beginEditor(draftOf(site, "c"));
}

const site = (editor: Editor) => editor.history.present.site;

describe("drawing", () => {
  test("a line is done with its second point, a lane when it is finished", () => {
    let e = run(
      empty(),
      { do: "tool", tool: "exit_line" },
      { do: "draw", at: [0, 0] },
      { do: "draw", at: [6, 0] },
    );
    expect(thingsOf(site(e), "exit_line")).toEqual([
      {
        id: "exit_1",
        line_m: [
          [0, 0],
          [6, 0],
        ],
      },
    ]);
    e = run(e, { do: "tool", tool: "lane" }, { do: "draw", at: [1, 9] });
    expect(run(e, { do: "finish" }).drawing).toHaveLength(1);
    e = run(e, { do: "draw", at: [1, 4] }, { do: "draw", at: [1, 4] }, { do: "finish" });
    expect(thingsOf(site(e), "lane")[0]?.centreline_m).toEqual([
      [1, 9],
      [1, 4],
    ]);
    expect(e.selection).toEqual({ what: "thing", kind: "lane", index: 0, point: null });
  });

  test("undo takes back a drawn point before it takes back a thing", () => {
    let e = run(
      empty(),
      { do: "tool", tool: "lane" },
      { do: "draw", at: [1, 9] },
      { do: "draw", at: [1, 4] },
    );
    e = run(e, { do: "undo" });
    expect(e.drawing).toEqual([[1, 9]]);
    e = run(e, { do: "draw", at: [1, 4] }, { do: "finish" }, { do: "undo" });
    expect(thingsOf(site(e), "lane")).toEqual([]);
    expect(e.selection).toBeNull();
    expect(thingsOf(site(run(e, { do: "redo" })), "lane")).toHaveLength(1);
  });

  test("Escape takes the drawing, then the tool, then the selection", () => {
    let e = run(
      empty(),
      { do: "tool", tool: "lane" },
      { do: "draw", at: [1, 9] },
      { do: "cancel" },
    );
    expect([e.drawing.length, e.tool]).toEqual([0, "lane"]);
    e = run(e, { do: "cancel" });
    expect(e.tool).toBe("select");
  });

  test("a stop line finds the lanes that end there, its area and its signal", () => {
    const e = beginEditor(draftOf({ ...exampleSite(), stop_line: [] }, "north"));
    const drawn = run(
      e,
      { do: "tool", tool: "stop_line" },
      { do: "draw", at: [213.6, 230.4] },
      { do: "draw", at: [220, 230.4] },
    );
    expect(thingsOf(site(drawn), "stop_line")[0]).toMatchObject({
      id: "Nin",
      lanes: ["Nin_1", "Nin_2"],
      conflict_area: "middle",
    });
    expect(
      lanesAt(exampleSite(), [
        [230.4, 226.4],
        [230.4, 220],
      ]),
    ).toEqual(["Ein_1", "Ein_2"]);
  });

  test("a head is red, yellow, green; one for people has no yellow", () => {
    const groups = [{ id: "K1" }, { id: "F1", kind: "pedestrian" as const }];
    let e = run(empty(), { do: "site", change: (s) => ({ ...s, signal_group: groups }) });
    const box = (x: number): Action[] => [
      { do: "draw", at: [x, 10] },
      { do: "draw", at: [x + 5, 4] },
    ];
    e = run(e, { do: "tool", tool: "lamp", group: "K1" }, ...box(10), ...box(20), ...box(30));
    e = run(e, { do: "tool", tool: "lamp", group: "F1" }, ...box(40), ...box(50));
    expect(site(e).camera?.[0]?.lamp).toEqual([
      {
        group: "K1",
        red_px: [10, 4, 15, 10],
        yellow_px: [20, 4, 25, 10],
        green_px: [30, 4, 35, 10],
      },
      { group: "F1", red_px: [40, 4, 45, 10], green_px: [50, 4, 55, 10] },
    ]);
    e = run(e, { do: "delete" });
    expect(site(e).camera?.[0]?.lamp).toHaveLength(1);
  });

  test("Delete takes a point, and the thing when too few are left", () => {
    let e = beginEditor(draftOf(exampleSite(), "north"));
    e = run(e, {
      do: "select",
      selection: { what: "thing", kind: "conflict_area", index: 0, point: 3 },
    });
    e = run(e, { do: "delete" });
    expect(thingsOf(site(e), "conflict_area")[0]?.polygon_m).toHaveLength(15);
    e = run(
      e,
      { do: "select", selection: { what: "thing", kind: "lane", index: 0, point: 0 } },
      { do: "delete" },
    );
    expect(thingsOf(site(e), "lane")).toHaveLength(15);
    expect(thingsOf(site(e), "stop_line")[0]?.lanes).toEqual(["Nin_2"]);
  });
});

test("arrow keys move a ground point by pixels of the picture", () => {
  const draft = draftOf(exampleSite(), "north");
  const maps = {
    toImage: (g: readonly [number, number]) => [g[0] * 10, g[1] * 10] as const,
    toGround: (i: readonly [number, number]) => [i[0] / 10, i[1] / 10] as const,
  };
  const moved = nudgePicture(
    draft,
    { what: "thing", kind: "exit_line", index: 0, point: 1 },
    [10, 0],
    maps,
  );
  expect(moved.site.exit_line?.[0]?.line_m).toEqual([
    [220, 230.4],
    [227.4, 230.4],
  ]);
});
