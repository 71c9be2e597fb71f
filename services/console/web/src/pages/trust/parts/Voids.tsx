import type { components } from "@/api/generated/console";
import type { Role } from "@/api/shapes";
import { useTexts } from "@/texts";
import { Panel, Table, Time } from "@/ui";
import styles from "../trust.module.css";
import { Part, useRole, useTold } from "./Part";

type Void = components["schemas"]["VoidCount"];
const LOOKS: readonly Role[] = ["auditor", "engineer", "senior", "operator"];

export function Voids() {
  const t = useTexts();
  const role = useRole(LOOKS);
  const told = useTold<Void[]>("/api/v1/trust/voids", role);
  return (
    <Part
      explanation={t("trust.voids.text")}
      told={told}
      role={role}
      roles={LOOKS}
      isEmpty={(voids) => voids.length === 0}
      empty={t("trust.voids.empty")}
    >
      {(voids) => {
        const most = Math.max(1, ...voids.map((one) => one.count));
        const rows = [...voids].sort((a, b) => b.count - a.count);
        return (
          <Panel flush>
            <Table
              caption={t("trust.voids.title")}
              rows={rows}
              rowKey={(one) => `${one.site} ${one.camera} ${one.rule} ${one.cause}`}
              columns={[
                {
                  key: "cause",
                  title: t("trust.voids.cause"),
                  head: true,
                  cell: (one) =>
                    t.maybe(`words.cause.${one.cause}`) ?? one.cause.replaceAll("_", " "),
                },
                {
                  key: "count",
                  title: t("trust.voids.count"),
                  cell: (one) => (
                    <div className={styles.count}>
                      <strong className="numbers">{one.count}</strong>
                      <span
                        className={styles.count_bar}
                        style={{ width: `${(one.count / most) * 8}rem` }}
                      />
                    </div>
                  ),
                },
                {
                  key: "rule",
                  title: t("trust.voids.rule"),
                  cell: (one) => t.maybe(`words.rule.${one.rule}`) ?? one.rule,
                },
                {
                  key: "where",
                  title: t("trust.column.where"),
                  cell: (one) => `${one.site} · ${one.camera}`,
                },
                {
                  key: "last",
                  title: t("trust.voids.last"),
                  cell: (one) => <Time at={one.last} show="dateTime" />,
                },
              ]}
            />
          </Panel>
        );
      }}
    </Part>
  );
}
