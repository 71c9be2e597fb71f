import type { components } from "@/api/generated/review";
import { useFormat, useTexts } from "@/texts";
import { EmptyState, KeyFigure, KeyFigures, Panel, Skeleton, Table } from "@/ui";
import styles from "../trust.module.css";
import { LOOKS } from "./ErrorLedger";
import { Part, useRole, useTold } from "./Part";
import { ShareBar } from "./ShareBar";

type AgreementJson = components["schemas"]["AgreementJson"];
type Quality = components["schemas"]["QualityJson"];

export function Agreement() {
  const t = useTexts();
  const format = useFormat();
  const role = useRole(LOOKS);
  const told = useTold<AgreementJson>("/api/review/v1/agreement", role);
  const known = useTold<Quality[]>("/api/review/v1/quality", role);
  return (
    <Part
      explanation={t("trust.agreement.text")}
      told={told}
      role={role}
      roles={LOOKS}
      isEmpty={() => false}
      empty=""
    >
      {(agreement) => (
        <>
          <Panel title={t("trust.agreement.pairs")}>
            {agreement.agree.of === 0 ? (
              <EmptyState title={t("trust.agreement.no_pairs")} />
            ) : (
              <>
                <KeyFigures>
                  <KeyFigure
                    label={t("trust.agreement.agree")}
                    value={format.percent(agreement.agree.share)}
                    note={t("trust.share.words", {
                      low: format.percent(agreement.agree.low),
                      high: format.percent(agreement.agree.high),
                      count: agreement.agree.count,
                      of: agreement.agree.of,
                    })}
                  />
                  <KeyFigure
                    label={t("trust.agreement.kappa")}
                    value={agreement.kappa == null ? "–" : format.number(agreement.kappa, 2)}
                    note={
                      agreement.kappa_interval
                        ? t("trust.agreement.kappa_interval", {
                            low: format.number(agreement.kappa_interval[0] ?? 0, 2),
                            high: format.number(agreement.kappa_interval[1] ?? 0, 2),
                          })
                        : t("trust.agreement.kappa_none")
                    }
                  />
                </KeyFigures>
                <p className="soft">{t("trust.agreement.kappa_text")}</p>
                <Table
                  caption={t("trust.agreement.pairs")}
                  rows={[
                    {
                      first: "approve",
                      approve: agreement.both_approve,
                      reject: agreement.first_only,
                    },
                    {
                      first: "reject",
                      approve: agreement.second_only,
                      reject: agreement.both_reject,
                    },
                  ]}
                  rowKey={(row) => row.first}
                  columns={[
                    {
                      key: "first",
                      title: t("trust.agreement.first"),
                      head: true,
                      cell: (row) =>
                        t(
                          row.first === "approve"
                            ? "trust.agreement.first_approves"
                            : "trust.agreement.first_rejects",
                        ),
                    },
                    {
                      key: "approve",
                      title: t("trust.agreement.second_approves"),
                      numbers: true,
                      cell: (row) => row.approve,
                    },
                    {
                      key: "reject",
                      title: t("trust.agreement.second_rejects"),
                      numbers: true,
                      cell: (row) => row.reject,
                    },
                  ]}
                />
              </>
            )}
          </Panel>
          <Panel title={t("trust.quality.title")} note={t("trust.quality.text")}>
            {known.data === undefined ? (
              <Skeleton lines={3} />
            ) : known.data.length === 0 ? (
              <EmptyState title={t("trust.quality.empty")} />
            ) : (
              <Table
                caption={t("trust.quality.title")}
                rows={known.data}
                rowKey={(row) => `${row.account} ${row.role}`}
                columns={[
                  {
                    key: "account",
                    title: t("trust.column.account"),
                    head: true,
                    cell: (row) => row.account,
                  },
                  {
                    key: "role",
                    title: t("trust.column.role"),
                    cell: (row) => t.maybe(`app.role.${row.role}`) ?? row.role,
                  },
                  {
                    key: "correct",
                    title: t("trust.quality.correct"),
                    cell: (row) => (
                      <div className={styles.wide}>
                        <ShareBar share={row.correct} end={1} />
                      </div>
                    ),
                  },
                ]}
              />
            )}
          </Panel>
        </>
      )}
    </Part>
  );
}
