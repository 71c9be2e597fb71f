import { lazy, memo, Suspense, useMemo, useState } from "react";
import type { FlowMinutes, SitePlan } from "@/api/shapes";
import { useFormat, useTexts } from "@/texts";
import { Button, Icon, Panel, Skeleton, Table } from "@/ui";
import { byApproach } from "./flowData";
import styles from "./Junction.module.css";

const Chart = lazy(() => import("@/ui/Chart"));

/** Colours and patterns in turn; more approaches than four share colours but not patterns. */
const LINES = [
  { colour: "car" },
  { colour: "truck", dash: [10, 5] },
  { colour: "motorcycle", dash: [3, 4] },
  { colour: "bicycle", dash: [14, 4, 3, 4] },
] as const;

/** Vehicles a minute and occupancy of each approach, over the last hour; as charts or as a table. */
export const Flow = memo(function Flow({
  plan,
  flow,
}: {
  plan: SitePlan;
  flow: readonly FlowMinutes[];
}) {
  const t = useTexts();
  const format = useFormat();
  const [asTable, setAsTable] = useState(false);
  const { times, approaches } = useMemo(() => byApproach(plan, flow), [plan, flow]);
  if (approaches.length === 0) {
    return (
      <Panel title={t("junction.flow.title")}>
        <p className="soft">{t("junction.flow.none")}</p>
      </Panel>
    );
  }
  const lines = (of: "vehicles" | "occupancy", factor: number) =>
    approaches.map((approach, index) => {
      const line = LINES[index % LINES.length] ?? LINES[0];
      return {
        name: approach.name,
        values: approach[of].map((value) => (value === null ? null : value * factor)),
        colour: line.colour,
        ...("dash" in line ? { dash: [...line.dash] } : {}),
      };
    });
  const actions = (
    <Button size="small" onPress={() => setAsTable(!asTable)}>
      <Icon name="table" size="1.1rem" />
      {t(asTable ? "junction.flow.as_chart" : "junction.flow.as_table")}
    </Button>
  );
  return (
    <Panel title={t("junction.flow.title")} note={t("junction.flow.note")} actions={actions}>
      {asTable ? (
        <div className={styles.table}>
          <Table
            caption={t("junction.flow.caption")}
            rows={times.map((at, index) => ({ at, index })).reverse()}
            rowKey={(row) => String(row.at)}
            columns={[
              {
                key: "time",
                title: t("junction.flow.minute"),
                head: true,
                cell: (row) => format.minute(new Date(row.at * 1000).toISOString(), plan.timezone),
              },
              ...approaches.flatMap((approach) => [
                {
                  key: `${approach.name}/v`,
                  title: t("junction.flow.column_vehicles", { approach: approach.name }),
                  numbers: true,
                  cell: (row: { index: number }) => approach.vehicles[row.index] ?? "–",
                },
                {
                  key: `${approach.name}/o`,
                  title: t("junction.flow.column_occupancy", { approach: approach.name }),
                  numbers: true,
                  cell: (row: { index: number }) => {
                    const share = approach.occupancy[row.index];
                    return share == null ? "–" : format.percent(share);
                  },
                },
              ]),
            ]}
          />
        </div>
      ) : (
        <Suspense fallback={<Skeleton height="12rem" />}>
          <div className={styles.charts}>
            <div>
              <h3>{t("junction.flow.vehicles")}</h3>
              <Chart
                label={t("junction.flow.vehicles_label", { name: plan.name })}
                times={times}
                series={lines("vehicles", 1)}
                zone={plan.timezone}
                unit=""
              />
            </div>
            <div>
              <h3>{t("junction.flow.occupancy")}</h3>
              <Chart
                label={t("junction.flow.occupancy_label", { name: plan.name })}
                times={times}
                series={lines("occupancy", 100)}
                zone={plan.timezone}
                unit={"\u00a0%"}
              />
            </div>
          </div>
        </Suspense>
      )}
    </Panel>
  );
});
