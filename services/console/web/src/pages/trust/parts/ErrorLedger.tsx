import type { components } from "@/api/generated/review";
import type { Role } from "@/api/shapes";
import { useFormat, useTexts } from "@/texts";
import { Badge, Mark, Panel, Table, Time } from "@/ui";
import { axisEnd, byCount } from "../logic/share";
import styles from "../trust.module.css";
import { Part, useRole, useTold } from "./Part";
import { ShareBar } from "./ShareBar";

type Line = components["schemas"]["LedgerJson"];
type Reason = components["schemas"]["ReasonJson"];
export const LOOKS: readonly Role[] = ["auditor", "engineer", "senior"];

export function ErrorLedger() {
  const t = useTexts();
  const format = useFormat();
  const role = useRole(LOOKS);
  const told = useTold<Line[]>("/api/review/v1/ledger", role);
  const reasons = useTold<Reason[]>("/api/review/v1/reasons", role);
  const errors = new Set(
    reasons.data?.filter((one) => one.is_error_of_the_rule).map((one) => one.reason),
  );
  return (
    <Part
      explanation={t("trust.errors.text")}
      told={told}
      role={role}
      roles={LOOKS}
      isEmpty={(lines) => lines.length === 0}
      empty={t("trust.errors.empty")}
    >
      {(lines) => {
        const end = axisEnd(lines.map((line) => line.errors));
        return (
          <Panel flush>
            <Table
              caption={t("trust.errors.title")}
              rows={lines}
              rowKey={(line) => `${line.site} ${line.camera} ${line.rule}`}
              columns={[
                {
                  key: "rule",
                  title: t("trust.column.rule"),
                  head: true,
                  cell: (line) => (
                    <>
                      {t.maybe(`words.rule.${line.rule}`) ?? line.rule}
                      <div className={styles.where}>
                        {line.site} · {line.camera}
                      </div>
                    </>
                  ),
                },
                {
                  key: "errors",
                  title: t("trust.errors.rate", { end: format.percent(end) }),
                  cell: (line) => <ShareBar share={line.errors} end={end} />,
                },
                {
                  key: "reasons",
                  title: (
                    <>
                      {t("trust.errors.reasons")} <Mark tone="warn" /> {t("review.reasons.error")}
                    </>
                  ),
                  cell: (line) => <Reasons reasons={line.reasons} errors={errors} />,
                },
                {
                  key: "state",
                  title: t("trust.column.state"),
                  cell: (line) =>
                    line.stood_down ? (
                      <Badge tone="bad">{t("trust.state.stood_down")}</Badge>
                    ) : (
                      <Badge tone="good">{t("trust.state.works")}</Badge>
                    ),
                },
                {
                  key: "since",
                  title: t("trust.errors.since"),
                  cell: (line) => <Time at={line.since} show="dateTime" />,
                },
              ]}
            />
          </Panel>
        );
      }}
    </Part>
  );
}

function Reasons({
  reasons,
  errors,
}: {
  reasons: Record<string, number>;
  errors: ReadonlySet<string>;
}) {
  const t = useTexts();
  const found = byCount(reasons);
  if (found.length === 0) return <span className="soft">{t("trust.errors.no_reasons")}</span>;
  return (
    <ul>
      {found.map(([reason, count]) => (
        <li key={reason}>
          <span className="numbers">{count}</span>{" "}
          {t.maybe(`review.reason.${reason}`) ?? reason.replaceAll("_", " ")}{" "}
          {errors.has(reason) ? (
            <span title={t("review.reasons.error")}>
              <Mark tone="warn" />
              <span className="visually-hidden">{t("review.reasons.error")}</span>
            </span>
          ) : null}
        </li>
      ))}
    </ul>
  );
}
