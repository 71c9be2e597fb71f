/** Step 1: points known in the picture and on the ground, and how well they agree. */
import { useState } from "react";
import { useFormat, useTexts } from "@/texts";
import { Button, Icon, Panel, Select, Tabs } from "@/ui";
import shared from "../calibrate.module.css";
import { useEditing } from "../editing";
import { PicturePane } from "../panes/PicturePane";
import { PlanPane, type PlanPicture } from "../panes/PlanPane";
import { AdviceList } from "./AdviceList";
import { Distances } from "./Distances";
import styles from "./GroundStep.module.css";
import { Panes } from "./Panes";
import { PlanBackdrop } from "./PlanBackdrop";
import { PointTable } from "./PointTable";

type Grid = "off" | "1" | "2" | "5" | "10";
const GRIDS: readonly Grid[] = ["off", "1", "2", "5", "10"];

export function GroundStep() {
  const t = useTexts();
  const format = useFormat();
  const { editor, draft, solution, dispatch, goTo } = useEditing();
  const [grid, setGrid] = useState<Grid>("5");
  const [backdrop, setBackdrop] = useState<PlanPicture | null>(null);
  const [method, setMethod] = useState("points");
  const waiting = draft.points.find((p) => !p.image_px || !p.ground_m);
  const number = waiting ? draft.points.indexOf(waiting) + 1 : 0;
  const status =
    method === "distances"
      ? t("calibrate.distances.status")
      : waiting
        ? t(waiting.image_px ? "calibrate.ground.now_plan" : "calibrate.ground.now_picture", {
            n: number,
          })
        : editor.tool === "pair"
          ? t("calibrate.ground.now_next", { n: draft.points.length + 1 })
          : t("calibrate.ground.idle");
  return (
    <Panes
      picture={<PicturePane mode="ground" grid={grid === "off" ? null : Number(grid)} />}
      plan={<PlanPane mode="ground" backdrop={backdrop} />}
      bar={
        <>
          <Button
            size="small"
            kind={editor.tool === "pair" || editor.tool === "distance" ? "primary" : "plain"}
            aria-pressed={editor.tool === "pair" || editor.tool === "distance"}
            onPress={() =>
              dispatch({
                do: "tool",
                tool:
                  editor.tool === "pair" || editor.tool === "distance"
                    ? "select"
                    : method === "distances"
                      ? "distance"
                      : "pair",
              })
            }
          >
            <Icon name="plus" />
            {t(method === "distances" ? "calibrate.distances.add" : "calibrate.ground.add")}
          </Button>
          <div className={shared.narrow}>
            <Select<Grid>
              hideLabel
              label={t("calibrate.ground.grid")}
              value={grid}
              choices={GRIDS.map((id) => ({
                id,
                label:
                  id === "off"
                    ? t("calibrate.ground.grid_off")
                    : t("calibrate.ground.grid_step", { m: id }),
              }))}
              onChange={setGrid}
            />
          </div>
        </>
      }
      below={
        <div className={styles.below}>
          <p className={shared.status} role="status">
            {status}
          </p>
          <AdviceList />
        </div>
      }
      side={
        <Panel
          title={t("calibrate.ground.title")}
          note={
            solution.mean_m === null || solution.max_m === null
              ? undefined
              : t("calibrate.ground.residuals", {
                  mean: format.number(solution.mean_m * 100, 1),
                  max: format.number(solution.max_m * 100, 1),
                })
          }
          className={shared.grow}
        >
          <Tabs
            label={t("calibrate.ground.method")}
            selected={method}
            onSelect={(id) => {
              setMethod(id);
              dispatch({ do: "tool", tool: id === "distances" ? "distance" : "pair" });
            }}
            tabs={[
              { id: "points", title: t("calibrate.ground.by_points"), content: <PointTable /> },
              {
                id: "distances",
                title: t("calibrate.ground.by_distances"),
                content: <Distances onDone={() => setMethod("points")} />,
              },
              {
                id: "plan",
                title: t("calibrate.ground.plan_picture"),
                content: <PlanBackdrop backdrop={backdrop} onChange={setBackdrop} />,
              },
            ]}
          />
          <div className={shared.onward}>
            <Button kind="primary" isDisabled={!solution.sound} onPress={() => goTo("draw")}>
              {t("calibrate.ground.onward")}
              <Icon name="right" />
            </Button>
          </div>
        </Panel>
      }
    />
  );
}
