/** Step 2: the road's parts, drawn in the picture or in the plan; the other view follows. */
import { useState } from "react";
import { useKeys } from "@/app/keys";
import { type TextKey, useTexts } from "@/texts";
import { Button, Icon, Panel, Select } from "@/ui";
import shared from "../calibrate.module.css";
import { useEditing } from "../editing";
import { nextLamp } from "../model/drawing";
import { SHAPES } from "../model/site";
import type { Tool } from "../model/state";
import { PicturePane } from "../panes/PicturePane";
import { PlanPane } from "../panes/PlanPane";
import styles from "./DrawStep.module.css";
import { Inspector } from "./Inspector";
import { Panes } from "./Panes";
import { ThingList } from "./ThingList";

const TOOLS: readonly { tool: Tool; key: string; text: TextKey }[] = [
  { tool: "select", key: "v", text: "calibrate.tool.select" },
  { tool: "lane", key: "l", text: "calibrate.tool.lane" },
  { tool: "stop_line", key: "s", text: "calibrate.tool.stop_line" },
  { tool: "exit_line", key: "e", text: "calibrate.tool.exit_line" },
  { tool: "conflict_area", key: "a", text: "calibrate.tool.conflict_area" },
  { tool: "crossing", key: "c", text: "calibrate.tool.crossing" },
  { tool: "no_stopping_zone", key: "n", text: "calibrate.tool.no_stopping_zone" },
  { tool: "lamp", key: "p", text: "calibrate.tool.lamp" },
];

export function DrawStep() {
  const t = useTexts();
  const { editor, draft, solution, dispatch, goTo } = useEditing();
  const [grid, setGrid] = useState(false);
  const groups = draft.site.signal_group ?? [];
  const [group, setGroup] = useState<string | null>(groups[0]?.id ?? null);
  const wanted = groups.some((g) => g.id === group) ? group : (groups[0]?.id ?? null);
  const start = (tool: Tool) => {
    if (tool === "lamp" && wanted === null) return;
    dispatch({ do: "tool", tool, ...(tool === "lamp" && wanted ? { group: wanted } : {}) });
  };
  useKeys([
    ...TOOLS.map(({ tool, key, text }) => ({ keys: [key], text: t(text), run: () => start(tool) })),
    { keys: ["Enter"], text: t("calibrate.keys.finish"), run: () => dispatch({ do: "finish" }) },
    { keys: ["#"], text: t("calibrate.keys.grid"), run: () => setGrid(!grid) },
  ]);
  const lamp = nextLamp(editor);
  const tool = editor.tool;
  const status =
    tool === "select"
      ? t("calibrate.draw.idle")
      : tool === "lamp"
        ? lamp
          ? t(`calibrate.draw.lamp_${lamp}`, { group: editor.lamp?.group ?? "" })
          : ""
        : tool === "pair" || tool === "distance"
          ? ""
          : editor.drawing.length < SHAPES[tool].least
            ? t(`calibrate.draw.how_${tool}`)
            : t("calibrate.draw.finish");
  return (
    <>
      {solution.sound ? null : (
        <div className={styles.banner} role="alert">
          <p>{t("calibrate.draw.no_map")}</p>
          <Button size="small" onPress={() => goTo("ground")}>
            {t("calibrate.draw.to_ground")}
          </Button>
        </div>
      )}
      <Panes
        picture={<PicturePane mode="draw" grid={grid ? 5 : null} />}
        plan={<PlanPane mode="draw" backdrop={null} />}
        bar={
          <div className={styles.tools} role="toolbar" aria-label={t("calibrate.draw.tools")}>
            {TOOLS.map((one) => (
              <Button
                key={one.tool}
                size="small"
                kind={tool === one.tool ? "primary" : "plain"}
                aria-pressed={tool === one.tool}
                isDisabled={one.tool === "lamp" && wanted === null}
                onPress={() => start(one.tool)}
              >
                {t(one.text)}
                <kbd className={styles.kbd}>{one.key.toUpperCase()}</kbd>
              </Button>
            ))}
          </div>
        }
        below={
          <div className={styles.statusline}>
            <p className={shared.status} role="status">
              {status}
            </p>
            {tool === "lamp" && groups.length > 1 ? (
              <div className={shared.narrow}>
                <Select
                  hideLabel
                  label={t("calibrate.draw.lamp_group")}
                  value={wanted}
                  choices={groups.map((g) => ({ id: g.id, label: g.id }))}
                  onChange={(id) => {
                    setGroup(id);
                    dispatch({ do: "tool", tool: "lamp", group: id });
                  }}
                />
              </div>
            ) : null}
            {editor.drawing.length > 0 && tool !== "lamp" ? (
              <Button size="small" onPress={() => dispatch({ do: "finish" })}>
                {t("calibrate.draw.done")}
              </Button>
            ) : null}
          </div>
        }
        side={
          <>
            {editor.selection ? <Inspector /> : null}
            <Panel title={t("calibrate.draw.things")} className={shared.grow}>
              <ThingList />
              {wanted === null ? (
                <p className={shared.hint}>{t("calibrate.draw.lamp_needs_group")}</p>
              ) : null}
              <div className={shared.onward}>
                <Button kind="primary" onPress={() => goTo("rules")}>
                  {t("calibrate.draw.onward")}
                  <Icon name="right" />
                </Button>
              </div>
            </Panel>
          </>
        }
      />
    </>
  );
}
